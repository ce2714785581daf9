// Asks Kapacitor what the topics of alerts know, for nodes that have been connected for a while, and commits what
// turns out to have been lost on the way here.
import type { Book } from '../incident/book.ts'
import { capId } from '../incident/id.ts'
import type { Change, EndpointPolicy } from '../incident/judgement.ts'
import { Level } from '../incident/level.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import type { StateChange } from '../incident/state-change.ts'
import { judgeTopic } from '../incident/topic-says.ts'
import type { Topic } from '../kapacitor/answers.ts'
import type { KapacitorClient } from '../kapacitor/client.ts'
import { upstreamAlert } from '../kapacitor/dot.ts'
import { type Finding, type NodeView, type Reconciler, TOPIC_GROUP } from '../kapacitor/reconcile.ts'
import type { ScriptAlert, ScriptReading } from '../kapacitor/script.ts'
import { type Backup, isAskable, topicIn } from '../kapacitor/topic-database.ts'
import type { KapacitorTelemetry } from '../telemetry/kapacitor-telemetry.ts'
import { Seldom } from './seldom.ts'
import { type SystemClock, wallNs } from './system-clock.ts'

/** A node that is connected. */
export interface LiveNode {
  readonly settings: NodeSettings
  /** Monotonic clock, ms. */
  readonly since: number
}

export interface TopicWatchParts {
  readonly client: Pick<KapacitorClient, 'dot' | 'topic' | 'backup'>
  readonly book: Book
  readonly clock: SystemClock
  readonly reconciler: Reconciler
  readonly liveNodes: () => readonly LiveNode[]
  readonly isRunning: (task: string) => boolean
  readonly policy: (settings: NodeSettings) => EndpointPolicy
  readonly commit: (changes: readonly Change[]) => Promise<unknown>
  readonly commitState: (changes: readonly StateChange[]) => Promise<unknown>
  readonly telemetry: KapacitorTelemetry
}

/** A task's points come in order only once it has been connected for this long. */
const SETTLED_MS = 60_000
const HOUR_MS = 3_600_000
/** What has to stand for a while is looked at before. */
const LOOK_FROM_MS = 45_000
/** Each look at a topic that only the database has takes all of it: so they are few once a connection is this old. */
const DATABASE_FREELY_MS = 3 * 60_000
const DATABASE_EVERY_MS = 10 * 60_000

interface Source {
  readonly topic: string
  readonly newestBefore?: number
  readonly hasSameIds: boolean
  readonly hearsAll: boolean
}

export class TopicWatch {
  readonly #parts: TopicWatchParts
  #scripts: ReadonlyMap<string, ScriptReading> = new Map()
  /** By node, of its connection: the newest opening when it began, and whether it was looked at. */
  readonly #connections = new Map<string, { readonly newestBefore: number; isSeen: boolean }>()
  /** Nodes whose connection, by its start, needs no more looks. */
  readonly #reconciled = new Map<string, number>()
  /** By node, when the database was read for it; monotonic clock, ms. */
  readonly #databaseReadAt = new Map<string, number>()
  readonly #unreadable: Seldom
  /** Of this round, for all who need it. */
  #backup: Promise<Backup> | undefined
  #isBusy = false

  constructor(parts: TopicWatchParts) {
    this.#parts = parts
    this.#unreadable = new Seldom(HOUR_MS, () => parts.clock.monotonicMs())
  }

  connected({ task, node }: NodeSettings): void {
    const { book } = this.#parts
    this.#connections.set(keyOf(task, node), { newestBefore: book.lastOpening, isSeen: false })
  }

  /** After each list of tasks. Resolves when all that had to be asked is asked; never rejects. */
  async round(scripts: ReadonlyMap<string, ScriptReading>): Promise<void> {
    this.#scripts = scripts
    if (this.#isBusy) return
    this.#isBusy = true
    const live = this.#parts.liveNodes()
    this.#forgetOthers(live)
    try {
      for (const node of live) if (this.#needsLook(node)) await this.#look(node)
    } catch {
      // Kapacitor is asked again after the next list, which tells of it where it cannot be reached.
    }
    this.#backup = undefined
    this.#isBusy = false
  }

  /** A task is about to be disabled, which some topics do not outlive: what they say now is kept in mind. */
  async beforeRevival(task: string): Promise<void> {
    const { book, clock, reconciler } = this.#parts
    const nodes = [...book.nodes()].filter(node => node.task === task).map(({ node }) => node)
    if (nodes.length === 0) return
    try {
      const dot = await this.#parts.client.dot(task)
      for (const node of nodes) {
        const source = dot === undefined ? undefined : this.#source(task, node, dot)
        if (!source) continue
        // A topic that has a name outlives it, and so need not be read from the database now.
        if (!isAskable(source.topic)) continue
        const topic = await this.#parts.client.topic(source.topic)
        reconciler.look(this.#view(task, node, source, false), topic, clock.monotonicMs())
      }
    } catch {
      // Without it an incident may stay open; the task is more important.
    }
  }

  #needsLook({ settings: { task, node, thresholds }, since }: LiveNode): boolean {
    if (thresholds.length > 0 || !this.#parts.isRunning(task)) return false
    // One look as soon as may be: what a topic has read back from disk is told best before more comes.
    if (this.#connections.get(keyOf(task, node))?.isSeen === false && this.#parts.book.hasOpen(task, node))
      return true
    if (this.#parts.clock.monotonicMs() - since < LOOK_FROM_MS) return false
    if (this.#reconciled.get(keyOf(task, node)) !== since) return true
    for (const { who } of this.#parts.book.ofNode(task, node)) if (who.group === TOPIC_GROUP) return true
    return false
  }

  async #look(live: LiveNode): Promise<void> {
    const { client, clock, reconciler } = this.#parts
    const { settings, since } = live
    const { task, node } = settings
    const dot = await client.dot(task)
    const source = dot === undefined ? undefined : this.#source(task, node, dot, settings)
    const topic = source && (await this.#topic(live, source.topic))
    const isThere = this.#parts.liveNodes().some(other => other.settings === settings)
    if (!isThere) return
    const connection = this.#connections.get(keyOf(task, node))
    if (connection) connection.isSeen = true
    const isSettled = clock.monotonicMs() - since >= SETTLED_MS
    if (source) {
      const view = this.#view(task, node, source, isSettled)
      for (const finding of reconciler.look(view, topic, clock.monotonicMs())) this.#act(settings, finding)
    }
    if (isSettled && !reconciler.isSuspicious(task, node)) this.#reconciled.set(keyOf(task, node), since)
  }

  /** What the topic knows now. Undefined: it is not to be had. */
  async #topic({ settings, since }: LiveNode, topic: string): Promise<Topic | undefined> {
    const { client, clock, telemetry } = this.#parts
    if (isAskable(topic)) return client.topic(topic)
    const key = keyOf(settings.task, settings.node)
    const now = clock.monotonicMs()
    const isLater = now - since > DATABASE_FREELY_MS
    if (isLater && now - (this.#databaseReadAt.get(key) ?? -Infinity) < DATABASE_EVERY_MS) return undefined
    this.#databaseReadAt.set(key, now)
    try {
      this.#backup ??= client.backup()
      return topicIn(await this.#backup, topic)
    } catch (error) {
      const times = this.#unreadable.count(topic)
      if (times !== undefined) telemetry.topicUnreadable({ task: settings.task, topic, error })
      return undefined
    }
  }

  /** Undefined: no single alert is behind the node, or its topic has no plain name. */
  #source(task: string, node: string, dot: string, settings?: NodeSettings): Source | undefined {
    const upstream = upstreamAlert(dot, node)
    const alert = upstream && this.#scripts.get(task)?.alerts[upstream.index]
    if (!upstream || !alert || alert.topic === null) return undefined
    const hasSameIds = settings !== undefined && isReadAs(settings, alert)
    const isOnly = alert.topic === undefined || this.#users(alert.topic) === 1
    const connection = settings && this.#connections.get(keyOf(task, node))
    return {
      ...(alert.topic === undefined && connection && { newestBefore: connection.newestBefore }),
      topic: alert.topic ?? `main:${task}:${upstream.alert}`,
      hasSameIds,
      // One that recovered by its silence must not be opened again by what the topic still says.
      hearsAll: upstream.isDirect && isOnly && settings?.silentAfterMs === undefined,
    }
  }

  /** How many alerts of all tasks have the topic. One whose topic has no plain name may have any. */
  #users(topic: string): number {
    let users = 0
    for (const { alerts } of this.#scripts.values())
      for (const alert of alerts) if (alert.topic === topic || alert.topic === null) users++
    return users
  }

  #view(task: string, node: string, source: Source, isSettled: boolean): NodeView {
    const open = [...this.#parts.book.ofNode(task, node)].map(
      ({ who: { endpoint, id, group }, level, incident: { opening, openedTime } }) => ({
        ...{ endpoint, id, group, level, opening, openedTime },
      }),
    )
    return { task, node, open, isSettled, ...source }
  }

  #act(settings: NodeSettings, finding: Finding): void {
    const { book, clock, commit, commitState, policy, telemetry } = this.#parts
    const { task, node } = settings
    if (finding.found === 'double') {
      const { id, group } = finding.open
      const { changes } = book.forget(task, node, who => who.group === group && who.id === id)
      if (changes.length > 0) commitState(changes).catch(() => {})
      return
    }
    const endpoint = policy(settings)
    const isOver = finding.found === 'recovered'
    const id = isOver ? finding.open.id : (finding.open?.id ?? capId(finding.event.id))
    const { endpoint: name, group } = finding.open ?? { endpoint: endpoint.endpoint, group: TOPIC_GROUP }
    const saying = {
      who: { endpoint: name, id, task, node, group },
      level: isOver ? Level.ok : finding.event.level,
      time: isOver ? (finding.time ?? wallNs(clock)) : finding.event.time,
      message: isOver ? '' : finding.event.message,
    }
    const change = judgeTopic(settings, saying, { book, policy: endpoint, at: clock.wallMs() })
    if (!change) return
    telemetry.reconciled({ task, incident: id, level: saying.level })
    commit([change]).catch(() => {})
  }

  #forgetOthers(live: readonly LiveNode[]): void {
    const there = new Set(live.map(({ settings: { task, node } }) => keyOf(task, node)))
    for (const key of this.#reconciled.keys()) if (!there.has(key)) this.#reconciled.delete(key)
    for (const key of this.#connections.keys()) if (!there.has(key)) this.#connections.delete(key)
    for (const key of this.#databaseReadAt.keys()) if (!there.has(key)) this.#databaseReadAt.delete(key)
  }
}

/** Whether the node takes its ids from where the alert writes them. */
function isReadAs({ names }: NodeSettings, { idField, idTag }: ScriptAlert): boolean {
  const { idField: readField, idTag: readTag } = names
  if (typeof idField === 'string' && idField === (readField ?? (readTag === undefined ? 'id' : undefined)))
    return true
  if (typeof idTag !== 'string' || readField !== undefined) return false
  return readTag === undefined ? idTag === 'id' || idTag === 'alertID' : idTag === readTag
}

const keyOf = (task: string, node: string): string => `${task}\0${node}`
