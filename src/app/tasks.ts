// The nodes that are connected. A second connection for a node that is live is a replay: it is judged against
// an empty book of its own, and nothing of it is stored or sent.
import { Book } from '../incident/book.ts'
import { NodeJudge } from '../incident/judge.ts'
import type { Change, EndpointPolicy } from '../incident/judgement.ts'
import { isStuck } from '../incident/no-level.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import type { InstructionMark } from '../outbox/requests.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { isPlayed } from '../udf/played-node.ts'
import type { Counts, Ending, TaskLink } from '../udf/task-link.ts'
import type { Committer } from './committer.ts'
import { type EndpointRules, endpointPolicy } from './endpoint-policy.ts'
import { Seldom } from './seldom.ts'
import type { NodeStatus } from './status.ts'
import type { SystemClock } from './system-clock.ts'
import { Traffic } from './traffic.ts'

export interface TasksParts {
  readonly book: Book
  readonly clock: Pick<SystemClock, 'monotonicMs' | 'wallMs'>
  /** The node is live, and this is where it tells. */
  readonly started?: (settings: NodeSettings, endpoint: string) => void
  /** It is live no more. */
  readonly ended?: (settings: NodeSettings) => void
  /** Resolves with false when the disk takes nothing, and memory has them. */
  readonly commit: Committer['commit']
  /** Undefined for a name that is not configured. */
  readonly endpointRules: (name: string) => EndpointRules | undefined
  readonly telemetry: Telemetry
}

const TELL_AGAIN_MS = 10_000
const HOUR_MS = 3_600_000

/** What to do where the points of an open incident have no level. */
const FIX_OF_CONDITIONS =
  "give each field a .crit('...') of its own, or fill the field with |default() in front of the node"
const FIX_OF_TYPES =
  'give the field the type that the condition compares, in front of the node: |eval(lambda: float("name")).as(\'name\').keep()'
const FIX_OF_LEVELS =
  'let every point carry its level, OK too, or keep the others away with a |where() in front'

type NotReturned = Parameters<TaskLink['notReturned']>[1]

/** Kapacitor dials for a node of a starting task for up to 5 minutes; the nodes of one task end one by one. */
const LONGEST_START_MS = 6 * 60_000

const keyOf = (task: string, node: string): string => `${task}\0${node}`

const fixOf = (why: string, byConditions: boolean): string =>
  byConditions ? (why.endsWith('cannot be evaluated') ? FIX_OF_TYPES : FIX_OF_CONDITIONS) : FIX_OF_LEVELS

/** One node that is connected. */
interface LiveNode {
  readonly settings: NodeSettings
  /** By the monotonic clock, ms. */
  readonly since: number
  /** By the wall clock, ms. */
  readonly connectedAt: number
  readonly traffic: Traffic
  /** Bytes that were not handed back. */
  readonly unreturned: Seldom
  /** Open incidents whose points have no level. */
  readonly withoutLevel: Seldom
  /** Some are, or were. */
  hasWithoutLevel: boolean
}

export class Tasks {
  readonly #parts: TasksParts
  readonly #live = new Map<string, LiveNode>()
  /** Nodes that ended a short while ago, and when; monotonic clock, ms. */
  readonly #endedAt = new Map<string, number>()
  #eventsMade = 0
  #pointsTaken = 0

  constructor(parts: TasksParts) {
    this.#parts = parts
  }

  /** `isHistory`: what comes is a replay, although no other connection is live. */
  start(settings: NodeSettings, isHistory = false): TaskLink {
    const { book, telemetry, clock, endpointRules, started } = this.#parts
    const key = keyOf(settings.task, settings.node)
    // A replay has a node of its own: whichever of the task is live makes it history.
    const isTwin = this.#live.has(key) || (isPlayed(settings) && this.#hasLive(settings.task))
    const replay = isTwin || isHistory
    const node: LiveNode = {
      settings,
      since: clock.monotonicMs(),
      connectedAt: clock.wallMs(),
      traffic: new Traffic(clock.monotonicMs()),
      unreturned: new Seldom(TELL_AGAIN_MS, () => clock.monotonicMs()),
      withoutLevel: new Seldom(HOUR_MS, () => clock.monotonicMs()),
      hasWithoutLevel: false,
    }
    const { endpoint } = this.policy(settings)
    if (!endpointRules(settings.endpoint)) telemetry.unknownEndpoint(settings, settings.endpoint)
    telemetry.nodeStarted(settings, {
      replay: isTwin ? 'live' : isHistory && (isPlayed(settings) ? 'played' : 'disabled'),
      endpoint,
    })
    if (!replay) {
      this.#live.set(key, node)
      started?.(settings, endpoint)
    }
    const ofReplay = replay ? new Book() : book
    return {
      isReplay: replay,
      judge: new NodeJudge(
        settings,
        ofReplay,
        () => this.policy(settings),
        () => clock.wallMs(),
      ),
      commit: (changes, readAt) => {
        if (replay) return this.#show(changes)
        this.#noteWithoutLevel(node, changes)
        return this.commit(changes, undefined, readAt)
      },
      counted: counts => {
        if (!replay) this.#pointsTaken += counts.points
        this.#counted(node, counts)
      },
      notReturned: (bytes, reason) => this.#notReturned(node, bytes, reason),
      ended: how => this.#ended(key, node, how),
    }
  }

  /** Triggers and resolves since the start, replays apart. */
  get eventsMade(): number {
    return this.#eventsMade
  }

  /** Says again which nodes send points without levels, and nothing else. */
  remindOfMissingLevels(): void {
    for (const node of this.#live.values()) if (node.traffic.isWithoutLevels) this.#warn(node)
  }

  /** Nodes that are connected, and what comes from them. */
  status(): NodeStatus[] {
    const now = this.#parts.clock.monotonicMs()
    return [...this.#live.values()].map(({ settings, connectedAt, traffic, hasWithoutLevel }) => ({
      ...{ task: settings.task, node: settings.node, endpoint: this.policy(settings).endpoint, connectedAt },
      ...{ points: traffic.points, pointsPerSecond: traffic.perSecond(now), lastPointAt: traffic.lastAt },
      withoutLevels: traffic.isWithoutLevels,
      ...(hasWithoutLevel && this.#stuck(settings)),
    }))
  }

  /** Incidents of a node that are open and whose points have no level now: how many, and the first of them. */
  #stuck({ task, node, thresholds }: NodeSettings): Pick<NodeStatus, 'stuck'> {
    let stuck: NodeStatus['stuck']
    for (const contributor of this.#parts.book.ofNode(task, node)) {
      if (!isStuck(contributor)) continue
      const { who, withoutLevel } = contributor
      const { why = '' } = withoutLevel ?? {}
      stuck ??= { incidents: 0, incident: who.id, why, fix: fixOf(why, thresholds.length > 0) }
      stuck = { ...stuck, incidents: stuck.incidents + 1 }
    }
    return stuck ? { stuck } : {}
  }

  #noteWithoutLevel(node: LiveNode, changes: readonly Change[]): void {
    for (const change of changes.flatMap(one => (one.hasNoLevel ? one.changes : []))) {
      if (change.change !== 'without-level') continue
      node.hasWithoutLevel = true
      const times = node.withoutLevel.count('')
      if (times !== undefined) this.#parts.telemetry.stuck(node.settings, change, times)
    }
  }

  /** Points of live nodes since the start, replays apart. */
  get pointsTaken(): number {
    return this.#pointsTaken
  }

  /** Every ten seconds or so: rates are reckoned from here. */
  markTraffic(): void {
    const now = this.#parts.clock.monotonicMs()
    for (const { traffic } of this.#live.values()) traffic.mark(now)
  }

  policy({ endpoint }: NodeSettings): EndpointPolicy {
    return endpointPolicy(endpoint, this.#parts.endpointRules)
  }

  /** Makes changes durable, and tells of their events. `readAt` as the committer's. */
  commit(changes: readonly Change[], instruction?: InstructionMark, readAt?: number): Promise<boolean> {
    for (const { event, endpoint } of changes) {
      if (!event) continue
      this.#parts.telemetry.eventMade(event, endpoint, false)
      this.#eventsMade++
    }
    return this.#parts.commit(changes, instruction, readAt)
  }

  /** Since when the node is connected; monotonic clock, ms. Undefined: it is not. */
  liveSince(task: string, node: string): number | undefined {
    return this.#live.get(keyOf(task, node))?.since
  }

  liveNodes(): readonly { readonly settings: NodeSettings; readonly since: number }[] {
    return [...this.#live.values()]
  }

  /** Nodes that hold incidents open and have long been away although their task has been running for long. */
  vanished(): { task: string; node: string }[] {
    const settledBefore = this.#parts.clock.monotonicMs() - LONGEST_START_MS
    for (const [key, endedAt] of this.#endedAt) if (endedAt <= settledBefore) this.#endedAt.delete(key)
    const settled = new Set<string>()
    for (const { settings, since } of this.#live.values())
      if (since <= settledBefore) settled.add(settings.task)
    if (settled.size === 0) return []
    return [...this.#parts.book.nodes()].filter(
      ({ task, node }) =>
        settled.has(task) && !this.#live.has(keyOf(task, node)) && !this.#endedAt.has(keyOf(task, node)),
    )
  }

  #hasLive(task: string): boolean {
    return [...this.#live.values()].some(({ settings }) => settings.task === task)
  }

  async #show(changes: readonly Change[]): Promise<void> {
    for (const { event, endpoint } of changes)
      if (event) this.#parts.telemetry.eventMade(event, endpoint, true)
  }

  #counted(node: LiveNode, counts: Readonly<Counts>): void {
    this.#parts.telemetry.counted(node.settings, counts)
    const { traffic } = node
    const first = traffic.points === 0
    traffic.count(counts, this.#parts.clock.wallMs())
    if (first && traffic.isWithoutLevels) this.#warn(node)
  }

  /** It can happen with each point: a line every ten seconds says it too. */
  #notReturned(node: LiveNode, bytes: number, reason: NotReturned): void {
    const untold = node.unreturned.count('', bytes)
    if (untold !== undefined) this.#parts.telemetry.notReturned(node.settings, untold, reason)
  }

  #warn({ settings, traffic }: LiveNode): void {
    this.#parts.telemetry.withoutLevels(settings, traffic.points, settings.thresholds.length > 0)
  }

  #ended(key: string, node: LiveNode, how: Ending): void {
    if (this.#live.get(key) === node) {
      this.#live.delete(key)
      this.#endedAt.set(key, this.#parts.clock.monotonicMs())
      this.#parts.ended?.(node.settings)
    }
    this.#parts.telemetry.nodeEnded(node.settings, how)
  }
}
