// The open incidents: who contributes at what level, and what was told. It decides whether a level is news,
// and names each change of state so that a store can make it durable. It never reads points, clocks or disks.
//
// An incident is keyed by (endpoint, id). It opens with its first non-OK contributor, and its level is the
// highest of its contributors'. When none is left it closes, or is held first where its node delays recoveries.
import { type Closing, lastOf, type Released } from './closing.ts'
import {
  bySeverity,
  type Contributor,
  Contributors,
  contributionOf,
  isAsWished,
  levelOf,
  POSTS,
  type Who,
} from './contributors.ts'
import type { IncidentEvent } from './event.ts'
import { type Incident, isNews, knownStanding, restoreTold, standingOf, taskLevel, tell } from './incident.ts'
import { higher, Level } from './level.ts'
import { noteLevel, noteNoLevel } from './no-level.ts'
import type { Decision, News, Observation } from './observation.ts'
import { OpenIncidents } from './open-incidents.ts'
import { grow, hear, toRemember } from './silence.ts'
import type { Departure, OpenIncident, StateChange } from './state-change.ts'

export class Book {
  readonly #incidents = new OpenIncidents()
  readonly #contributors = new Contributors()
  readonly #held = new Set<Incident>()
  #lastOpening: number

  constructor(open: Iterable<OpenIncident> = [], lastOpening = 0) {
    this.#lastOpening = lastOpening
    for (const stored of open) this.#restore(stored)
  }

  get size(): number {
    return this.#incidents.size
  }

  /** The newest number of an opening. */
  get lastOpening(): number {
    return this.#lastOpening
  }

  incidents(): IterableIterator<Incident> {
    return this.#incidents.all()
  }

  /** Whether an OK of this node can change anything. It can clear what posts said, too. */
  canRecover(task: string, node: string): boolean {
    return this.#contributors.hasPosts || this.hasOpen(task, node)
  }

  /** Whether an OK of a group of this slot could change anything: soon said, and mostly no. */
  canSlotRecover(task: string, node: string, slot: number): boolean {
    return this.#contributors.hasPosts || this.#contributors.mayHaveSlot(task, node, slot)
  }

  /** Whether an OK of this group of the node could change anything. */
  canGroupRecover(task: string, node: string, group: string): boolean {
    return this.#contributors.hasPosts || this.#contributors.hasGroup(task, node, group)
  }

  /** Whether any contributor of this node is open. */
  hasOpen(task: string, node: string): boolean {
    return this.#contributors.has(task, node)
  }

  /** The posts of an incident as its contributor. Undefined: none is open. */
  posts({ endpoint, id }: Pick<Who, 'endpoint' | 'id'>): Contributor | undefined {
    return this.#contributors.find({ endpoint, id, ...POSTS })
  }

  /** A contributor's level before its next point. */
  levelOf(who: Who): Level {
    return levelOf(this.#contributors.find(who))
  }

  /** Takes what a contributor says. Undefined: nothing changed. */
  observe(seen: Observation): Decision | undefined {
    const before = this.#incidents.find(seen)
    const contributor = this.#contributors.find(seen)
    if (contributor) hear(contributor)
    if (contributor) noteLevel(contributor)
    const current = levelOf(contributor)
    const isAsBefore = seen.level === current && (!contributor || isAsWished(contributor, seen))
    const posted = this.#postedLevel(seen)
    const clearsPosts = seen.level === Level.ok && posted > Level.ok
    if (isAsBefore && !clearsPosts && !(before && isNews(before, seen))) return undefined

    const ofTask = taskLevel(before, seen.task)
    const changes: StateChange[] = []
    const incident = before ?? this.#open(seen, changes)
    if (!isAsBefore || seen.again) this.#setLevel(incident, seen, current, changes)
    if (clearsPosts) this.#setLevel(incident, { ...seen, ...POSTS }, posted, changes)
    const previousLevel = clearsPosts ? higher(ofTask, posted) : ofTask
    return this.#decide(incident, seen, previousLevel, changes)
  }

  /** A point came that says nothing of the level: the contributor is not silent, and keeps its level. */
  withoutLevel(who: Who, why: () => string): StateChange | undefined {
    const contributor = this.#contributors.find(who)
    if (!contributor) return undefined
    hear(contributor)
    return noteNoLevel(contributor, why)
  }

  /** Keeps the resolve of an incident until it is due. */
  hold({ endpoint, id }: Pick<Who, 'endpoint' | 'id'>, event: IncidentEvent): StateChange {
    const incident = this.#incidents.find({ endpoint, id })!
    const held = incident.held!
    held.event = event
    return { change: 'hold', opening: incident.opening, dueAt: held.dueAt, event }
  }

  /** Closes what was held long enough. @param at wall clock, ms. */
  release(at: number): Released[] {
    const due = [...this.#held].filter(({ held }) => held?.event && held.dueAt <= at)
    return due.map(incident => {
      const changes: StateChange[] = []
      const event = incident.held!.event!
      this.#close(incident, changes)
      return { incident, changes, event }
    })
  }

  /** Lets silence grow where nothing was said since the last call: what closed by it, what the store should know. */
  passSilence(
    elapsedMs: number,
    isHeard: (task: string, node: string) => boolean,
  ): { readonly closed: Closing[]; readonly remember: StateChange[] } {
    const silent: Contributor[] = []
    const remember: StateChange[] = []
    for (const contributor of this.#contributors.watched()) {
      const { task, node } = contributor.who
      if (grow(contributor, elapsedMs, isHeard(task, node))) silent.push(contributor)
      const change = toRemember(contributor)
      if (change) remember.push(change)
    }
    const closed = [...Map.groupBy(silent, ({ incident }) => incident)]
      .filter(([incident, contributors]) => contributors.length === incident.contributors)
      .map(([, contributors]) => this.#drop(contributors, 'silent')!)
    return { closed, remember }
  }

  /** Nodes that have contributors. */
  nodes(): IterableIterator<Pick<Who, 'task' | 'node'>> {
    return this.#contributors.nodes()
  }

  /** What a node holds open. */
  ofNode(task: string, node: string): IterableIterator<Contributor> {
    return this.#contributors.ofNode(task, node)
  }

  /** Takes contributors of a node away that can never speak again. Returns the incidents that closed by it. */
  forget(
    task: string,
    node: string,
    isGone: (who: Who) => boolean,
    gone: Departure = 'forgotten',
  ): { readonly closed: Closing[]; readonly changes: StateChange[] } {
    const leaving = Map.groupBy(
      [...this.#contributors.ofNode(task, node)].filter(({ who }) => isGone(who)),
      ({ incident }) => incident,
    )
    const changes: StateChange[] = []
    const closed = [...leaving.values()].map(contributors => this.#drop(contributors, gone, changes))
    return { closed: closed.filter(closing => closing !== undefined), changes }
  }

  /** Resolves by hand. While contributors are open the incident stays, and nothing of it is news. */
  mute(endpoint: string, id: string): Closing | undefined {
    const incident = this.#incidents.find({ endpoint, id })
    if (!incident || incident.muted) return undefined
    const changes: StateChange[] = []
    const [highest] = [...this.#contributors.ofIncident(incident)].sort(bySeverity)
    incident.muted = true
    if (highest) changes.push({ change: 'mute', opening: incident.opening })
    else this.#close(incident, changes)
    const quietly = false
    if (!highest) return { incident, changes, ...lastOf(incident), quietly }
    const { who } = highest
    return { incident, changes, who, previousLevel: taskLevel(incident, who.task), quietly }
  }

  /** A number for an opening that is not the book's. */
  takeOpening(): number {
    return ++this.#lastOpening
  }

  /** A trigger was refused for good: the task's next point tells again. Undefined when it would do so anyway. */
  untell(opening: number, endpoint: string, id: string, task: string): StateChange | undefined {
    const incident = this.#incidents.find({ endpoint, id })
    const standing = incident?.opening === opening ? knownStanding(incident, task) : undefined
    if (!standing || standing.told === Level.ok) return undefined
    Object.assign(standing, { told: Level.ok, toldAt: 0 })
    return { change: 'told', opening, task, level: Level.ok, at: 0 }
  }

  /** What posts said of the id, for another that speaks of it: one that moved to the node never posts its OK. */
  #postedLevel({ endpoint, id, task }: Who): Level {
    if (!this.#contributors.hasPosts || task === POSTS.task) return Level.ok
    return levelOf(this.#contributors.find({ endpoint, id, ...POSTS }))
  }

  #decide(incident: Incident, seen: Observation, previousLevel: Level, changes: StateChange[]): Decision {
    const { opening, openedTime } = incident
    if (incident.contributors === 0) return this.#recover(incident, seen, previousLevel, changes)
    if (!isNews(incident, seen)) return { opening, changes }
    const level = taskLevel(incident, seen.task)
    const told = tell(incident, seen)
    changes.push({ change: 'told', opening, task: seen.task, level: told, at: seen.at })
    return { opening, changes, news: { kind: 'trigger', level, previousLevel, openedTime } }
  }

  #recover(incident: Incident, seen: Observation, previousLevel: Level, changes: StateChange[]): Decision {
    const { opening, openedTime } = incident
    const news: News = { kind: 'resolve', level: Level.ok, previousLevel, openedTime }
    const isTold = !seen.noRecoveries && !incident.muted
    if (seen.recoveryDelayMs && isTold) {
      const heldUntil = seen.at + seen.recoveryDelayMs
      incident.held = { dueAt: heldUntil }
      this.#held.add(incident)
      return { opening, changes, news, heldUntil }
    }
    this.#close(incident, changes)
    return isTold ? { opening, changes, news } : { opening, changes }
  }

  #open(seen: Observation, changes: StateChange[]): Incident {
    const { endpoint, id, time: openedTime } = seen
    const opening = this.takeOpening()
    changes.push({ change: 'open', opening, endpoint, id, openedTime })
    return this.#incidents.open({ opening, endpoint, id, openedTime })
  }

  #close(incident: Incident, changes: StateChange[]): void {
    this.#incidents.delete(incident)
    this.#held.delete(incident)
    changes.push({ change: 'close', opening: incident.opening })
  }

  #setLevel(incident: Incident, seen: Observation, current: Level, changes: StateChange[]): void {
    const { task, level } = seen
    const { opening } = incident
    const { count } = standingOf(incident, task)
    if (current > Level.ok) count[current]--
    if (level > Level.ok) count[level]++
    incident.contributors += Number(level > Level.ok) - Number(current > Level.ok)
    if (this.#held.delete(incident)) {
      incident.held = undefined
      changes.push({ change: 'unhold', opening })
    }
    const contribution = contributionOf(seen, level, seen)
    if (level === Level.ok) this.#contributors.drop(seen)
    else hear(this.#contributors.set(incident, contribution))
    const gone = seen.again === 'occurrence' ? ({ gone: 'recurred' } as const) : undefined
    changes.push({ change: 'contributor', opening, ...contribution, ...gone })
  }

  /** Takes contributors of one incident away. Undefined: others hold it up, and `changes` has got the changes. */
  #drop(leaving: readonly Contributor[], gone: Departure, changes: StateChange[] = []): Closing | undefined {
    const contributors = leaving.toSorted(bySeverity)
    const { incident, who } = contributors[0]!
    const { opening } = incident
    const previousLevel = taskLevel(incident, who.task)
    const dropped: StateChange[] = contributors.map(({ who: { task, node, group }, level }) => {
      standingOf(incident, task).count[level]--
      return { change: 'contributor', opening, task, node, group, level: Level.ok, gone }
    })
    const quietly = incident.muted || contributors.every(contributor => contributor.quietly)
    for (const contributor of contributors) this.#contributors.drop(contributor.who)
    incident.contributors -= contributors.length
    if (incident.contributors > 0) {
      changes.push(...dropped)
      return undefined
    }
    this.#close(incident, dropped)
    return { incident, changes: dropped, who, previousLevel, quietly }
  }

  #restore(stored: OpenIncident): void {
    this.#lastOpening = Math.max(this.#lastOpening, stored.opening)
    const incident = this.#incidents.open(stored)
    for (const told of stored.told) restoreTold(incident, told)
    for (const contribution of stored.contributors) {
      standingOf(incident, contribution.task).count[contribution.level]++
      incident.contributors++
      this.#contributors.set(incident, contribution)
    }
    incident.held = stored.held
    incident.muted = stored.muted ?? false
    if (stored.held) this.#held.add(incident)
  }
}
