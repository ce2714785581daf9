// The open incidents: who contributes at what level, and what was told. It decides whether a level is news,
// and names each change of state so that a store can make it durable. It never reads points, clocks or disks.
//
// An incident is keyed by (endpoint, id). It opens with its first non-OK contributor, its level is the highest
// of its contributors', and it closes when none is left. Only non-OK contributors are kept: absent means OK.
import type { EventKind } from './event.ts'
import { Level } from './level.ts'

/** One contributor that is not OK. */
interface Contributor {
  readonly incident: Incident
  level: Level
}

/** How one task stands in an incident. */
interface Standing {
  /** The highest level told since the incident opened; OK: nothing. */
  told: Level
  /** Number of the task's contributors, by level. */
  readonly count: [ok: number, info: number, warning: number, critical: number]
}

/** One opening of an incident, from its first trigger to its resolve. */
export interface Incident {
  /** Number of this opening, unique in the store. */
  readonly opening: number
  readonly endpoint: string
  readonly id: string
  /** When it opened, nanoseconds, by the points' clock. */
  readonly openedTime: bigint
  contributors: number
  readonly tasks: Map<string, Standing>
}

/** A change of state, to be made durable in the order given and together with its event. */
export type StateChange =
  | {
      readonly change: 'open'
      readonly opening: number
      readonly endpoint: string
      readonly id: string
      readonly openedTime: bigint
    }
  /** Level OK takes the contributor away. */
  | {
      readonly change: 'contributor'
      readonly opening: number
      readonly task: string
      readonly node: string
      readonly group: string
      readonly level: Level
    }
  /** Level OK forgets what was told. */
  | { readonly change: 'told'; readonly opening: number; readonly task: string; readonly level: Level }
  | { readonly change: 'close'; readonly opening: number }

/** A contributor: one group of one node, and the incident that it contributes to. */
export interface Who {
  readonly endpoint: string
  readonly id: string
  readonly task: string
  readonly node: string
  readonly group: string
}

/** What a contributor's level is now. */
export interface Observation extends Who {
  /** OK too where the level is below what opens an incident. */
  readonly level: Level
  /** Nanoseconds, by the point's clock. */
  readonly time: bigint
  readonly noRecoveries: boolean
  /** False: only the first trigger of an incident is told. */
  readonly retriggerOnRise: boolean
}

/** Something to tell: levels are the highest of the task's contributors, after and before. */
export interface News {
  readonly kind: EventKind
  readonly level: Level
  readonly previousLevel: Level
  readonly openedTime: bigint
}

export interface Decision {
  readonly opening: number
  readonly changes: readonly StateChange[]
  readonly news?: News
}

/** What is read back at start. */
export interface OpenIncident {
  readonly opening: number
  readonly endpoint: string
  readonly id: string
  readonly openedTime: bigint
  readonly contributors: readonly { task: string; node: string; group: string; level: Level }[]
  readonly told: readonly { task: string; level: Level }[]
}

export class Book {
  readonly #incidents = new Map<string, Incident>()
  readonly #byNode = new Map<string, Map<string, Contributor>>()
  #lastOpening: number

  constructor(open: Iterable<OpenIncident> = [], lastOpening = 0) {
    this.#lastOpening = lastOpening
    for (const stored of open) this.#restore(stored)
  }

  get size(): number {
    return this.#incidents.size
  }

  incidents(): IterableIterator<Incident> {
    return this.#incidents.values()
  }

  /** Whether any contributor of this node is open: if not, an OK of it changes nothing. */
  hasOpen(task: string, node: string): boolean {
    return this.#byNode.has(nodeKey(task, node))
  }

  /** A contributor's level before its next point. */
  levelOf(who: Who): Level {
    return this.#byNode.get(nodeKey(who.task, who.node))?.get(contributorKey(who))?.level ?? Level.ok
  }

  /** Takes what a contributor says. Undefined: nothing changed. */
  observe(seen: Observation): Decision | undefined {
    const before = this.#incidents.get(incidentKey(seen.endpoint, seen.id))
    const current = this.levelOf(seen)
    if (seen.level === current && !(before && isRise(before, seen))) return undefined

    const previousLevel = before ? taskLevel(before, seen.task) : Level.ok
    const changes: StateChange[] = []
    const incident = before ?? this.#open(seen, changes)
    if (seen.level !== current) this.#setLevel(incident, seen, current, changes)
    return this.#decide(incident, seen, previousLevel, changes)
  }

  /** A trigger was refused for good: the task's next point tells again. Undefined when that is of the past. */
  untell(opening: number, endpoint: string, id: string, task: string): StateChange | undefined {
    const incident = this.#incidents.get(incidentKey(endpoint, id))
    const standing = incident?.opening === opening ? incident.tasks.get(task) : undefined
    if (!standing) return undefined
    standing.told = Level.ok
    return { change: 'told', opening, task, level: Level.ok }
  }

  #decide(incident: Incident, seen: Observation, previousLevel: Level, changes: StateChange[]): Decision {
    const { opening, openedTime } = incident
    if (incident.contributors === 0) {
      this.#incidents.delete(incidentKey(incident.endpoint, incident.id))
      changes.push({ change: 'close', opening })
      if (seen.noRecoveries) return { opening, changes }
      return { opening, changes, news: { kind: 'resolve', level: Level.ok, previousLevel, openedTime } }
    }
    if (!isRise(incident, seen)) return { opening, changes }
    const level = taskLevel(incident, seen.task)
    standingOf(incident, seen.task).told = level
    changes.push({ change: 'told', opening, task: seen.task, level })
    return { opening, changes, news: { kind: 'trigger', level, previousLevel, openedTime } }
  }

  #open(seen: Observation, changes: StateChange[]): Incident {
    const { endpoint, id, time: openedTime } = seen
    const opening = ++this.#lastOpening
    changes.push({ change: 'open', opening, endpoint, id, openedTime })
    return this.#add({ opening, endpoint, id, openedTime })
  }

  #add(opened: Pick<Incident, 'opening' | 'endpoint' | 'id' | 'openedTime'>): Incident {
    const incident: Incident = { ...opened, contributors: 0, tasks: new Map() }
    this.#incidents.set(incidentKey(opened.endpoint, opened.id), incident)
    return incident
  }

  #setLevel(incident: Incident, seen: Observation, current: Level, changes: StateChange[]): void {
    const { task, node, group, level } = seen
    const { count } = standingOf(incident, task)
    if (current > Level.ok) count[current]--
    if (level > Level.ok) count[level]++
    if (current === Level.ok) this.#keep(incident, seen)
    else if (level === Level.ok) this.#drop(incident, seen)
    else this.#byNode.get(nodeKey(task, node))!.get(contributorKey(seen))!.level = level
    changes.push({ change: 'contributor', opening: incident.opening, task, node, group, level })
  }

  #keep(incident: Incident, who: Who & { readonly level: Level }): void {
    const node = nodeKey(who.task, who.node)
    const ofNode = this.#byNode.get(node) ?? new Map<string, Contributor>()
    ofNode.set(contributorKey(who), { incident, level: who.level })
    this.#byNode.set(node, ofNode)
    incident.contributors++
  }

  #drop(incident: Incident, who: Who): void {
    const node = nodeKey(who.task, who.node)
    const ofNode = this.#byNode.get(node)!
    ofNode.delete(contributorKey(who))
    if (ofNode.size === 0) this.#byNode.delete(node)
    incident.contributors--
  }

  #restore(stored: OpenIncident): void {
    const { opening, endpoint, id, openedTime } = stored
    this.#lastOpening = Math.max(this.#lastOpening, opening)
    const incident = this.#add({ opening, endpoint, id, openedTime })
    for (const { task, level } of stored.told) standingOf(incident, task).told = level
    for (const contributor of stored.contributors) {
      standingOf(incident, contributor.task).count[contributor.level]++
      this.#keep(incident, { ...contributor, endpoint, id })
    }
  }
}

/** Whether the task's level is above what was told for it, so that it is news. */
function isRise(incident: Incident, seen: Observation): boolean {
  if (!seen.retriggerOnRise && [...incident.tasks.values()].some(({ told }) => told > Level.ok)) return false
  return taskLevel(incident, seen.task) > (incident.tasks.get(seen.task)?.told ?? Level.ok)
}

/** The highest level of a task's contributors to an incident. */
function taskLevel(incident: Incident, task: string): Level {
  const count = incident.tasks.get(task)?.count
  if (!count) return Level.ok
  return count[3] ? Level.critical : count[2] ? Level.warning : count[1] ? Level.info : Level.ok
}

function standingOf(incident: Incident, task: string): Standing {
  const known = incident.tasks.get(task)
  if (known) return known
  const standing: Standing = { told: Level.ok, count: [0, 0, 0, 0] }
  incident.tasks.set(task, standing)
  return standing
}

const incidentKey = (endpoint: string, id: string): string => `${endpoint}\0${id}`
const nodeKey = (task: string, node: string): string => `${task}\0${node}`
const contributorKey = (who: Pick<Who, 'endpoint' | 'id' | 'group'>): string =>
  `${who.endpoint}\0${who.id}\0${who.group}`
