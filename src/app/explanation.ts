// Why somebody was paged, or was not: the story of one opening of an incident, with what was decided at each step.
// The rules are those of the book, told backwards from what was written down.
import { ITSELF } from '../incident/itself.ts'
import { Level, levelName } from '../incident/level.ts'
import type { EventRow, StoryRow } from '../outbox/event-rows.ts'
import type { IncidentRow } from '../outbox/incident-rows.ts'
import type { StoreReader } from '../outbox/reader.ts'
import type { What } from '../outbox/story.ts'
import { type EventView, eventView, type IncidentView, incidentView, instant } from './store-view.ts'
import { whyItWaits } from './waiting.ts'

export interface Step {
  readonly at: string
  readonly what: What | 'opened' | 'closed'
  readonly task?: string
  readonly node?: string
  readonly group?: string
  readonly level?: string
  /** What was decided, in a sentence. */
  readonly text: string
  readonly event?: EventView & { readonly waits?: string }
}

export interface Explanation extends IncidentView {
  readonly steps: readonly Step[]
  /** Steps that are not told since there are too many, or since they are older than the history. */
  readonly isCut: boolean
}

export interface Moment {
  /** Wall clock, ms. */
  readonly now: number
  readonly daemonRuns: boolean
}

const MOST_STEPS = 10_000

export function explain(store: StoreReader, row: IncidentRow, moment: Moment): Explanation {
  const rows = store.story(row.opening, 0, MOST_STEPS)
  const teller = new Teller(store, row, moment)
  const steps = rows.flatMap((entry, index) => teller.step(entry, rows[index + 1]))
  const opened = { at: instant(row.openedAt), what: 'opened', text: 'opened' } as const
  return {
    ...incidentView(store, row),
    steps: [opened, ...steps, ...closing(row)],
    isCut: rows.length === MOST_STEPS || rows[0] === undefined || rows[0].at > row.openedAt,
  }
}

const closing = ({ closedAt }: IncidentRow): Step[] =>
  closedAt === null ? [] : [{ at: instant(closedAt), what: 'closed', text: 'closed' }]

function whoOf({ task, node, group }: StoryRow): string {
  if (task === ITSELF.task) return `the sidecar itself, ${group}`
  return task ? `group ${group} of task ${task}, node ${node}` : 'what was posted'
}

class Teller {
  readonly #store: StoreReader
  readonly #incident: IncidentRow
  readonly #moment: Moment
  readonly #events: ReadonlyMap<number, EventRow>
  /** The highest level told, by task. */
  readonly #told = new Map<string, Level>()
  readonly #levels = new Map<string, Level>()
  #isMuted = false

  constructor(store: StoreReader, incident: IncidentRow, moment: Moment) {
    this.#store = store
    this.#incident = incident
    this.#moment = moment
    this.#events = new Map(store.events(incident.opening).map(event => [event.seq, event]))
  }

  /** None for what changed nothing that a person sees. */
  step(row: StoryRow, next: StoryRow | undefined): Step[] {
    const { at, what, task, node, group, level } = row
    const text = this.#text(row, next)
    if (text === undefined) return []
    const event = row.seq === null ? undefined : this.#event(row.seq)
    return [
      {
        at: instant(at),
        what,
        ...(task !== null && { task }),
        ...(node !== null && { node }),
        ...(group !== null && { group }),
        ...(level !== null && { level: levelName(level) }),
        text,
        ...(event && { event }),
      },
    ]
  }

  #text(row: StoryRow, next: StoryRow | undefined): string | undefined {
    switch (row.what) {
      case 'contributor':
      case 'silent':
      case 'forgotten':
      case 'orphaned':
      case 'recurred':
        return this.#level(row, next)
      case 'without-level':
        return `no level: points of ${whoOf(row)} ${row.text ?? 'have none'}. Its level stays as it is`
      case 'event':
        return this.#telling(row)
      case 'held':
        return 'all have recovered; the resolve waits for the recovery delay'
      case 'back':
        return 'back before the resolve was sent'
      case 'muted':
        this.#isMuted = true
        return 'resolved by hand; nothing of it is news until all have recovered'
      case 'untold':
        this.#told.delete(row.task ?? '')
        return `its trigger was refused for good: the next ${row.task ? `point of task ${row.task}` : 'post'} tells again`
      case 'retried':
        return `event ${row.seq} is sent again, by hand`
      case 'discarded':
        return `event ${row.seq} was discarded, by hand`
      case 'fallback':
        return 'told by the fallback, since Squadcast had not taken it'
    }
  }

  #level(row: StoryRow, next: StoryRow | undefined): string | undefined {
    const { what, task, node, group } = row
    const level = row.level ?? Level.ok
    const key = JSON.stringify([task, node, group])
    const isOver = level === Level.ok
    if (what === 'recurred' && !isOver) this.#told.delete(task ?? '')
    else if ((this.#levels.get(key) ?? Level.ok) === level && next?.what !== 'event') return undefined
    if (isOver) this.#levels.delete(key)
    else this.#levels.set(key, level)
    const gone = {
      silent: ', since no point of it came',
      forgotten: ', since its node is gone',
      orphaned: ', since its task is gone',
      recurred: isOver
        ? ', since another occurrence was posted; the recovery of this one never was'
        : ', another occurrence; the recovery before it was never posted',
    }
    const who = `${levelName(level)}${what in gone ? gone[what as keyof typeof gone] : ''}: ${whoOf(row)}`
    const isTold =
      next?.what === 'event' ||
      next?.what === 'held' ||
      (next?.what === what && next.at === row.at && level === Level.ok && what !== 'contributor')
    return isTold ? who : `${who}. ${this.#whyNothing(task ?? '', level)}`
  }

  #whyNothing(task: string, level: Level): string {
    if (level === Level.ok && this.#levels.size > 0)
      return `Nothing told: ${this.#levels.size} more hold${this.#levels.size === 1 ? 's' : ''} it open`
    if (this.#isMuted) return 'Nothing told: it was resolved by hand'
    if (level === Level.ok) return 'Nothing told: its node tells no recoveries'
    const told = this.#told.get(task) ?? Level.ok
    if (level <= told)
      return `Nothing told: ${levelName(told)} was told for ${task ? 'this task' : 'posts'} before`
    return 'Nothing told: its endpoint tells the first trigger alone (retrigger-on-rise = false)'
  }

  #telling({ task, level: stored, seq }: StoryRow): string {
    const level = stored ?? Level.ok
    if (level === Level.ok) return `told: event ${seq}, resolve`
    const before = this.#told.get(task ?? '') ?? Level.ok
    this.#told.set(task ?? '', level > before ? level : before)
    const why =
      before === Level.ok
        ? ''
        : level > before
          ? `, since it rose above ${levelName(before)}`
          : ', again after the time that was set'
    return `told: event ${seq}, trigger ${levelName(level)}${why}`
  }

  #event(seq: number): (EventView & { readonly waits?: string }) | undefined {
    const row = this.#events.get(seq)
    if (!row) return undefined
    const waits = whyItWaits(
      this.#store,
      { event: row, endpoint: this.#incident.endpoint, before: this.#before(row) },
      this.#moment,
    )
    return { ...eventView(this.#store, row), ...(waits !== undefined && { waits }) }
  }

  /** An event of the incident that has to be delivered first. */
  #before(event: EventRow): EventRow | undefined {
    for (const other of this.#events.values())
      if (other.state === 'pending' && other.seq < event.seq) return other
    return undefined
  }
}
