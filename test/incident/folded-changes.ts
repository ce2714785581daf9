// The state that a store keeps, folded from the changes of a book: nothing but what they say, in order.
import { POSTS } from '../../src/incident/contributors.ts'
import { Level } from '../../src/incident/level.ts'
import type { OpenIncident, StateChange } from '../../src/incident/state-change.ts'

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
    case 'without-level':
      return incident
    case 'repeated':
      return repeated(incident, change)
    case 'mute':
      return { ...incident, muted: true }
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
  const { change: _, opening, gone: __, ...contributor } = change
  const others = incident.contributors.filter(one => !isSameOf(one, change))
  return { ...incident, contributors: change.level === Level.ok ? others : [...others, contributor] }
}

function repeated(incident: OpenIncident, { alertTime }: Changed & { change: 'repeated' }): OpenIncident {
  const contributors = incident.contributors.map(one => (isSameOf(one, POSTS) ? { ...one, alertTime } : one))
  return { ...incident, contributors }
}

function silent(incident: OpenIncident, change: Changed & { change: 'silent' }): OpenIncident {
  const contributors = incident.contributors.map(one =>
    one.silence && isSameOf(one, change) ? { ...one, silence: { ...one.silence, forMs: change.forMs } } : one,
  )
  return { ...incident, contributors }
}
