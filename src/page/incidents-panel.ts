// Open incidents: asks for those that are searched for, one request at a time and no more than one a second, and shows
// the newest of them; how many there are in all it always says.
import type { OpenIncidentsView, OpenIncidentView } from '../app/incidents-view.ts'
import type { StatusView } from '../app/status-view.ts'
import { byId, element, setAttribute, setBadge, setHidden, setText } from './element.ts'
import { type Row, Rows } from './rows.ts'
import { contributorsOf, deliveryOf, levelTone } from './standing.ts'
import { cell, headCell, row } from './table.ts'
import { moment, number, since } from './wording.ts'

export interface IncidentsParts {
  /** Rejects where there is no answer, and when it is told to stop. */
  readonly ask: (query: string, stop: AbortSignal) => Promise<OpenIncidentsView>
  readonly after: (ms: number, fire: () => void) => () => void
  /** Somebody wants to see what happens to one. */
  readonly follow: (id: string) => void
}

const PAGE = 100
/** More than this is no list that anybody reads: then they search. */
const MOST = 1000
const EVERY_MS = 1_000
const TYPING_MS = 150

export class IncidentsPanel {
  readonly #parts: IncidentsParts
  readonly #rows: Rows<OpenIncidentView>
  readonly #search = byId<HTMLInputElement>('incident-search')
  readonly #level = byId<HTMLSelectElement>('incident-level')
  readonly #endpoint = byId<HTMLSelectElement>('incident-endpoint')
  readonly #more = byId<HTMLButtonElement>('incidents-more')
  #limit = PAGE
  #view: OpenIncidentsView | undefined
  #status: StatusView | undefined
  #asking: AbortController | undefined
  #isDirty = false
  #cancelWait: (() => void) | undefined

  constructor(parts: IncidentsParts) {
    this.#parts = parts
    this.#rows = new Rows(byId('incidents'), keyOf, () => this.#row())
    this.#search.addEventListener('input', () => this.#changed(TYPING_MS))
    for (const select of [this.#level, this.#endpoint])
      select.addEventListener('change', () => this.#changed(0))
    this.#more.addEventListener('click', () => {
      this.#limit = Math.min(this.#limit + PAGE, MOST)
      this.#askNow()
    })
  }

  /** Something may have changed: it is asked for soon. */
  touch(): void {
    this.#isDirty = true
    if (this.#asking || this.#cancelWait) return
    this.#askNow()
  }

  /** Durations and endpoints change without a change of an incident. */
  showStatus(status: StatusView): void {
    this.#status = status
    showChoices(
      this.#endpoint,
      status.endpoints.map(({ name }) => name),
    )
    if (this.#view && this.#view.open !== status.incidents.open) this.touch()
    this.#show()
  }

  #changed(inMs: number): void {
    this.#limit = PAGE
    this.#cancelWait?.()
    this.#cancelWait = this.#parts.after(inMs, () => this.#askNow())
  }

  #askNow(): void {
    this.#cancelWait?.()
    this.#isDirty = false
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.#cancelWait = this.#parts.after(EVERY_MS, () => {
      this.#cancelWait = undefined
      if (this.#isDirty && !this.#asking) this.#askNow()
    })
    this.#parts.ask(this.#query(), asking.signal).then(
      view => {
        this.#view = view
        this.#show()
        this.#done(asking)
      },
      // Nobody answers: what is shown is old, and the top of the page says so.
      () => this.#done(asking),
    )
  }

  #done(asking: AbortController): void {
    if (this.#asking !== asking) return
    this.#asking = undefined
    if (this.#isDirty && !this.#cancelWait) this.#askNow()
  }

  #query(): string {
    const query = new URLSearchParams({ limit: String(this.#limit) })
    if (this.#search.value.trim() !== '') query.set('search', this.#search.value.trim())
    if (this.#level.value !== '') query.set('level', this.#level.value)
    if (this.#endpoint.value !== '') query.set('endpoint', this.#endpoint.value)
    return query.toString()
  }

  #show(): void {
    if (!this.#view || !this.#status) return
    const { open, matching, incidents } = this.#view
    this.#rows.show(incidents)
    setText(byId('incidents-count'), countOf(this.#view))
    setHidden(this.#more, incidents.length >= matching || incidents.length >= MOST)
    setHidden(byId('incidents-table'), incidents.length === 0)
    setHidden(byId('incidents-none'), incidents.length > 0)
    setText(byId('incidents-none'), open === 0 ? 'No incident is open.' : 'No open incident matches.')
  }

  #row(): Row<OpenIncidentView> {
    const level = element('span')
    const id = element('button', { type: 'button', class: 'id' })
    const opened = element('time')
    const from = element('span', { class: 'long' })
    const delivery = element('span')
    let shown = ''
    id.addEventListener('click', () => this.#parts.follow(shown))
    return {
      root: row(
        cell('Level', level),
        headCell('Incident', id),
        cell('Open for', opened),
        cell('From', from),
        cell('Delivery', delivery),
      ),
      update: incident => {
        const status = this.#status!
        shown = incident.id
        setBadge(level, { text: incident.level, tone: levelTone(incident.level) })
        setText(id, incident.id)
        setAttribute(id, 'title', `${incident.id}\nshow what happens to it`)
        setText(opened, since(incident.openedAt, status.at))
        setAttribute(opened, 'datetime', incident.openedAt)
        setAttribute(opened, 'title', `since ${moment(incident.openedAt)}, by the points' clock`)
        setText(from, contributorsOf(incident))
        const { text, tone } = deliveryOf(incident, status)
        setText(delivery, text)
        setAttribute(delivery, 'class', `state ${tone}`)
      },
    }
  }
}

const keyOf = ({ endpoint, id, opening }: OpenIncidentView): string => `${opening} ${endpoint} ${id}`

function countOf({ open, matching, incidents }: OpenIncidentsView): string {
  const matched = matching === open ? `${number(open)} open` : `${number(matching)} of ${number(open)} match`
  return incidents.length < matching ? `${matched}, the newest ${number(incidents.length)} shown` : matched
}

/** Keeps the first one, which is for all; and what is chosen, as long as it is there. */
function showChoices(select: HTMLSelectElement, names: readonly string[]): void {
  const there = [...select.options].slice(1).map(({ value }) => value)
  setHidden(select.closest('label')!, names.length < 2)
  if (there.join('\n') === names.join('\n')) return
  const chosen = select.value
  for (const option of [...select.options].slice(1)) option.remove()
  select.append(...names.map(name => element('option', { value: name }, name)))
  select.value = names.includes(chosen) ? chosen : ''
}
