// The rules of incidents, once more and as plainly as can be: a list of everybody who ever spoke, from which all
// is computed anew at each point. And the state that a store keeps, folded from the changes of a book.
import type { News, Observation } from '../../src/incident/book.ts'
import type { Who } from '../../src/incident/contributors.ts'
import { Level } from '../../src/incident/level.ts'
import type { OpenIncident, StateChange } from '../../src/incident/state-change.ts'

type Contributor = Who & { level: Level }
type Told = { opening: number; task: string; level: Level; at: number }
type Opening = { opening: number; endpoint: string; id: string; openedTime: bigint }

export interface NaiveDecision {
  readonly opening: number
  readonly news: News | undefined
}

const isSame = (a: Who, b: Who): boolean =>
  (['endpoint', 'id', 'task', 'node', 'group'] as const).every(key => a[key] === b[key])

export class NaiveBook {
  readonly everybody: Contributor[] = []
  told: Told[] = []
  open: Opening[] = []
  #lastOpening = 0

  /** Undefined where the incident is as it was, and there is nothing to tell. */
  observe(seen: Observation): NaiveDecision | undefined {
    const previousLevel = this.#highestOf(seen, seen.task)
    const isChanged = this.#setLevel(seen)
    const wasOpen = this.#opening(seen)
    if (this.#highestOf(seen) === Level.ok) return wasOpen && this.#close(seen, wasOpen, previousLevel)
    const opening = wasOpen ?? this.#openFor(seen)
    const level = this.#highestOf(seen, seen.task)
    const isAllowed = seen.retriggerOnRise || this.told.every(({ opening: n }) => n !== opening.opening)
    if (isAllowed && level > this.#toldTo(opening, seen.task)) {
      this.untell(opening.opening, seen.task)
      this.told.push({ opening: opening.opening, task: seen.task, level, at: seen.at })
      return this.#tell(opening, { kind: 'trigger', level, previousLevel })
    }
    return isChanged ? { opening: opening.opening, news: undefined } : undefined
  }

  untell(opening: number, task: string): void {
    this.told = this.told.filter(told => told.opening !== opening || told.task !== task)
  }

  /** What a store should hold by now, in an order of its own. */
  stored(): OpenIncident[] {
    return this.open.map(({ opening, endpoint, id, openedTime }) => ({
      opening,
      endpoint,
      id,
      openedTime,
      contributors: this.everybody
        .filter(one => one.endpoint === endpoint && one.id === id && one.level > Level.ok)
        .map(({ task, node, group, level }) => ({ task, node, group, level })),
      told: this.told
        .filter(told => told.opening === opening)
        .map(({ task, level, at }) => ({ task, level, at })),
    }))
  }

  #setLevel(seen: Observation): boolean {
    const known = this.everybody.find(one => isSame(one, seen))
    const before = known?.level ?? Level.ok
    const { endpoint, id, task, node, group, level } = seen
    if (known) known.level = level
    else this.everybody.push({ endpoint, id, task, node, group, level })
    return before !== level
  }

  #highestOf({ endpoint, id }: Who, task?: string): Level {
    const levels = this.everybody
      .filter(one => one.endpoint === endpoint && one.id === id && (task === undefined || one.task === task))
      .map(({ level }) => level)
    return Math.max(Level.ok, ...levels) as Level
  }

  #opening({ endpoint, id }: Who): Opening | undefined {
    return this.open.find(one => one.endpoint === endpoint && one.id === id)
  }

  #openFor({ endpoint, id, time }: Observation): Opening {
    const opening = { opening: ++this.#lastOpening, endpoint, id, openedTime: time }
    this.open.push(opening)
    return opening
  }

  #close(seen: Observation, opening: Opening, previousLevel: Level): NaiveDecision {
    this.open = this.open.filter(one => one !== opening)
    this.told = this.told.filter(told => told.opening !== opening.opening)
    if (seen.noRecoveries) return { opening: opening.opening, news: undefined }
    return this.#tell(opening, { kind: 'resolve', level: Level.ok, previousLevel })
  }

  #tell({ opening, openedTime }: Opening, news: Omit<News, 'openedTime'>): NaiveDecision {
    return { opening, news: { ...news, openedTime } }
  }

  #toldTo({ opening }: Opening, task: string): Level {
    return this.told.find(told => told.opening === opening && told.task === task)?.level ?? Level.ok
  }
}

/** Open incidents as a store keeps them: nothing but the changes, in order. */
export class FoldedChanges {
  lastOpening = 0
  readonly #open = new Map<number, OpenIncident>()

  take(changes: readonly StateChange[]): void {
    for (const change of changes) this.#take(change)
  }

  stored(): OpenIncident[] {
    return [...this.#open.values()]
  }

  #take(change: StateChange): void {
    const { opening } = change
    if (change.change === 'close') {
      this.#open.delete(opening)
      return
    }
    if (change.change === 'open') {
      const { endpoint, id, openedTime } = change
      this.lastOpening = Math.max(this.lastOpening, opening)
      this.#open.set(opening, { opening, endpoint, id, openedTime, contributors: [], told: [] })
      return
    }
    const incident = this.#open.get(opening)
    if (!incident) throw new Error(`'${change.change}' of opening ${opening}, which is not open`)
    this.#open.set(opening, changed(incident, change))
  }
}

type Changed = Exclude<StateChange, { change: 'open' | 'close' }>

function changed(incident: OpenIncident, change: Changed): OpenIncident {
  const { held, ...rest } = incident
  switch (change.change) {
    case 'told':
      return told(incident, change)
    case 'contributor':
      return contributed(incident, change)
    case 'hold':
      return { ...rest, held: { dueAt: change.dueAt, event: change.event } }
    case 'unhold':
      return rest
    case 'silent':
      return silent(incident, change)
  }
}

function told(incident: OpenIncident, { task, level, at }: Changed & { change: 'told' }): OpenIncident {
  const others = incident.told.filter(one => one.task !== task)
  return { ...incident, told: level === Level.ok ? others : [...others, { task, level, at }] }
}

type OfContributor = { readonly task: string; readonly node: string; readonly group: string }

const isSameOf = (a: OfContributor, b: OfContributor): boolean =>
  a.task === b.task && a.node === b.node && a.group === b.group

function contributed(incident: OpenIncident, change: Changed & { change: 'contributor' }): OpenIncident {
  const { task, node, group, level, silence } = change
  const others = incident.contributors.filter(one => !isSameOf(one, change))
  const contributor = { task, node, group, level, ...(silence && { silence }) }
  return { ...incident, contributors: level === Level.ok ? others : [...others, contributor] }
}

function silent(incident: OpenIncident, change: Changed & { change: 'silent' }): OpenIncident {
  const contributors = incident.contributors.map(one =>
    one.silence && isSameOf(one, change) ? { ...one, silence: { ...one.silence, forMs: change.forMs } } : one,
  )
  return { ...incident, contributors }
}
