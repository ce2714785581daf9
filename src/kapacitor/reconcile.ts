// What an alert's topic in Kapacitor knows against what is open here: a point that died with its connection will not
// come again under .stateChangesOnly(), so a lost OK and a lost CRITICAL are both read from the topic. Pure.
//
// What an id that a topic does not list means depends on what became of the topic's memory, which see decisions/0008:
// it counts as recovered only where the topic was seen to say so before, or where it is proven that its memory outlives
// what happened to it. In doubt nothing is done.
import { capId } from '../incident/id.ts'
import { Level } from '../incident/level.ts'
import type { Topic, TopicEvent } from './answers.ts'

/** A contributor of the node that is open. */
export interface OpenHere {
  readonly endpoint: string
  readonly id: string
  readonly group: string
  readonly level: Level
  /** Number of the incident's opening. */
  readonly opening: number
  /** Nanoseconds, by the points' clock. */
  readonly openedTime: bigint
}

/** A node behind an alert. */
export interface NodeView {
  readonly task: string
  readonly node: string
  readonly open: readonly OpenHere[]
  /** An id of the topic is an id here, by the script's idField or idTag. */
  readonly hasSameIds: boolean
  /** Every event of the topic is this node's: what is not known here has been missed. */
  readonly hearsAll: boolean
  /**
   * The newest opening when it connected, where the topic is the alert's own: such a topic is opened anew whenever its
   * task starts.
   */
  readonly newestBefore?: number
  /** It has executed and been connected for long enough. */
  readonly isSettled: boolean
}

/** recovered: an open contributor has. level: a contributor's level; without `open` it is not known here. double: what
 * was taken from the topic is known from a point by now. */
export type Finding =
  | { readonly found: 'recovered'; readonly open: OpenHere; readonly time: bigint | undefined }
  | { readonly found: 'level'; readonly open: OpenHere | undefined; readonly event: TopicEvent }
  | { readonly found: 'double'; readonly open: OpenHere }

/** The group of a contributor that is known from the topic alone, which does not tell groups. */
export const TOPIC_GROUP = 'topic'

/** For so long a finding has to stand: what is on its way here right now is no loss. */
const STANDS_MS = 9000

interface Suspicion {
  readonly what: string
  readonly since: number
}

export class Reconciler {
  /** By node: since when what looks wrong does. */
  readonly #suspicions = new Map<string, Map<string, Suspicion>>()
  /** By node: ids that the topic said had recovered, and when (points' clock), while it said so. */
  readonly #recovered = new Map<string, Map<string, bigint>>()
  /** The newest time of an event that outlived a start of its topic. */
  #outlived: bigint | undefined
  /** Such an event is of an opening since Kapacitor started. */
  #isPersistent = false
  #startedAfter: number

  /** @param startedAfter the newest opening when Kapacitor started last. */
  constructor(startedAfter = 0) {
    this.#startedAfter = startedAfter
  }

  /** Kapacitor has started: nothing that was seen before says anything of its topics now. */
  kapacitorStarted(newestOpening: number): void {
    this.#startedAfter = newestOpening
    this.#suspicions.clear()
    this.#recovered.clear()
    this.#outlived = undefined
    this.#isPersistent = false
  }

  forget(task: string, node: string): void {
    this.#suspicions.delete(keyOf(task, node))
    this.#recovered.delete(keyOf(task, node))
  }

  /** Takes what the topic knows now; undefined: it is not known. Returns what has stood for long enough to act on. */
  look(view: NodeView, topic: Topic | undefined, monotonicMs: number): Finding[] {
    const key = keyOf(view.task, view.node)
    if (!topic) {
      this.#suspicions.delete(key)
      return []
    }
    const events = new Map(topic.events.map(event => [capId(event.id), event]))
    this.#learn(key, view, topic, events)
    const findings = [...this.#ofOpen(key, view, events), ...missed(view, events)]
    const standing = this.#standing(key, findings, monotonicMs)
    return view.isSettled ? standing : []
  }

  /** Whether something looks wrong and has not stood for long enough. */
  isSuspicious(task: string, node: string): boolean {
    return (this.#suspicions.get(keyOf(task, node))?.size ?? 0) > 0
  }

  #learn(
    key: string,
    { open, newestBefore = 0 }: NodeView,
    topic: Topic,
    events: ReadonlyMap<string, TopicEvent>,
  ): void {
    const recovered = new Map<string, bigint>()
    const before = this.#recovered.get(key)
    for (const { id, openedTime, opening, group } of open) {
      const event = events.get(id)
      const known = before?.get(id)
      if (event?.level === Level.ok) recovered.set(id, event.time)
      else if (!event && known !== undefined) recovered.set(id, known)
      // With nothing collected since it was opened, all that it knows was read back. So was the very event that opened
      // an incident before that.
      const isOld = opening <= newestBefore && event?.time === openedTime
      const isOnDisk = topic.isStored || topic.collected === 0 || isOld
      const isOutliving = isOnDisk && group !== TOPIC_GROUP
      if (!event || event.level === Level.ok || event.time < openedTime || !isOutliving) continue
      if (this.#outlived === undefined || event.time > this.#outlived) this.#outlived = event.time
      if (opening > this.#startedAfter) this.#isPersistent = true
    }
    if (recovered.size > 0) this.#recovered.set(key, recovered)
    else this.#recovered.delete(key)
  }

  *#ofOpen(key: string, view: NodeView, events: ReadonlyMap<string, TopicEvent>): IterableIterator<Finding> {
    for (const open of view.open) {
      const event = events.get(open.id)
      if (isDouble(open, view.open)) yield { found: 'double', open }
      else if (event === undefined) {
        const time = this.#recovered.get(key)?.get(open.id)
        const wasSaid = time !== undefined && time > open.openedTime
        if (wasSaid || (view.hasSameIds && this.#isAbsenceTold(open)))
          yield { found: 'recovered', open, time }
      } else if (event.level === Level.ok) {
        if (event.time > open.openedTime) yield { found: 'recovered', open, time: event.time }
      } else if (event.level !== open.level && event.time >= open.openedTime)
        yield { found: 'level', open, event }
    }
  }

  /** Whether the topic would list the id, were it not OK. */
  #isAbsenceTold({ opening, openedTime }: OpenHere): boolean {
    if (this.#isPersistent && opening > this.#startedAfter) return true
    return this.#outlived !== undefined && openedTime <= this.#outlived
  }

  #standing(key: string, findings: readonly Finding[], now: number): Finding[] {
    const before = this.#suspicions.get(key)
    const after = new Map<string, Suspicion>()
    const standing: Finding[] = []
    for (const finding of findings) {
      const [about, what] = named(finding)
      const known = before?.get(about)
      const suspicion = known?.what === what ? known : { what, since: now }
      after.set(about, suspicion)
      if (now - suspicion.since >= STANDS_MS) standing.push(finding)
    }
    if (after.size > 0) this.#suspicions.set(key, after)
    else this.#suspicions.delete(key)
    return standing
  }
}

/** Ids that the topic lists and nobody knows here. */
function missed(
  { open, hearsAll, hasSameIds }: NodeView,
  events: ReadonlyMap<string, TopicEvent>,
): Finding[] {
  if (!hearsAll || !hasSameIds) return []
  const known = new Set(open.map(({ id }) => id))
  return [...events]
    .filter(([id, { level }]) => level > Level.ok && !known.has(id))
    .map(([, event]) => ({ found: 'level', open: undefined, event }))
}

const isDouble = (one: OpenHere, all: readonly OpenHere[]): boolean =>
  one.group === TOPIC_GROUP &&
  all.some(other => other.group !== TOPIC_GROUP && other.id === one.id && other.endpoint === one.endpoint)

/** What a finding is about, and what it says. */
function named(finding: Finding): [about: string, what: string] {
  const { found, open } = finding
  const id = finding.found === 'level' ? finding.event.id : finding.open.id
  const time =
    finding.found === 'level' ? finding.event.time : finding.found === 'recovered' ? finding.time : ''
  const level = finding.found === 'level' ? finding.event.level : ''
  return [JSON.stringify([open?.endpoint, id, open?.group]), `${found} ${level} ${time}`]
}

const keyOf = (task: string, node: string): string => `${task}\0${node}`
