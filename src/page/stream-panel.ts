// The live stream: the newest on top, paused and gone on with, filtered, copied. However much comes, it is drawn four
// times a second at most, and no more than so many lines of it stand in the page.
import type { Happening } from '../telemetry/feed.ts'
import { copy } from './clipboard.ts'
import { byId, element, setAttribute, setHidden, setText } from './element.ts'
import { type Row, Rows } from './rows.ts'
import { levelTone } from './standing.ts'
import { type Entry, type Filter, type Kind, lineOf, Stream } from './stream.ts'
import { counted, moment, number, timeOfDay } from './wording.ts'

const SHOWN = 200
const DRAW_EVERY_MS = 250
const SAY_COPIED_MS = 2_000

type After = (ms: number, fire: () => void) => () => void

export class StreamPanel {
  readonly #after: After
  readonly #stream = new Stream()
  readonly #rows = new Rows<Entry>(byId('stream'), ({ key }) => key, entryRow)
  readonly #kind = byId<HTMLSelectElement>('stream-kind')
  readonly #text = byId<HTMLInputElement>('stream-filter')
  readonly #pause = byId<HTMLButtonElement>('stream-pause')
  readonly #copy = byId<HTMLButtonElement>('stream-copy')
  #isDue = false

  constructor(after: After) {
    this.#after = after
    this.#kind.addEventListener('change', () => this.#draw())
    this.#text.addEventListener('input', () => this.#draw())
    this.#pause.addEventListener('click', () => this.#toggle())
    this.#copy.addEventListener('click', () => void this.#copyShown())
    this.#draw()
  }

  add(happening: Happening): void {
    this.#stream.add(happening)
    this.#soon()
  }

  note(at: string, text: string): void {
    this.#stream.note(at, text)
    this.#soon()
  }

  newProcess(): void {
    this.#stream.newProcess()
  }

  /** Shows what happens to one incident, and goes there. */
  follow(id: string): void {
    this.#kind.value = 'all'
    this.#text.value = id
    this.#draw()
    this.#text.focus()
    byId('stream-panel').scrollIntoView({ block: 'nearest' })
  }

  get #filter(): Filter {
    return { kind: this.#kind.value as Kind, text: this.#text.value }
  }

  #toggle(): void {
    if (this.#stream.isPaused) this.#stream.goOn()
    else this.#stream.pause()
    this.#draw()
  }

  async #copyShown(): Promise<void> {
    const { entries } = this.#stream.shown(this.#filter, SHOWN)
    const isDone = await copy(entries.map(lineOf).reverse().join('\n'))
    setText(
      byId('stream-copied'),
      isDone ? `${counted(entries.length, 'line')} copied` : 'the browser does not let it copy',
    )
    this.#after(SAY_COPIED_MS, () => setText(byId('stream-copied'), ''))
  }

  #soon(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#after(DRAW_EVERY_MS, () => {
      this.#isDue = false
      this.#draw()
    })
  }

  #draw(): void {
    const { isPaused, unseen } = this.#stream
    const { entries, matching } = this.#stream.shown(this.#filter, SHOWN)
    this.#rows.show(entries)
    setText(this.#pause, isPaused ? 'Go on' : 'Pause')
    setAttribute(this.#pause, 'data-paused', String(isPaused))
    setText(
      byId('stream-count'),
      isPaused ? `paused, ${number(unseen)} new` : countOf(entries.length, matching),
    )
    setHidden(byId('stream-none'), entries.length > 0)
    const isFiltered = this.#text.value !== '' || this.#kind.value !== 'all'
    setText(byId('stream-none'), isFiltered ? 'Nothing of late matches.' : 'Nothing has happened yet.')
  }
}

const countOf = (shown: number, matching: number): string =>
  shown < matching ? `the newest ${number(shown)} of ${number(matching)}` : ''

/** Its text never changes: it is made once. */
function entryRow(entry: Entry): Row<Entry> {
  const { at, severity, event } = entry
  const root = element(
    'li',
    { class: `entry ${severity}` },
    element('time', { datetime: at, title: moment(at) }, timeOfDay(at)),
    element('span', { class: `badge ${toneOf(entry)}` }, event),
    element('span', { class: 'entry-text' }, ...wordsOf(entry)),
  )
  root.title = lineOf(entry)
  return { root, update: () => {} }
}

function toneOf({ severity, event, level }: Entry): string {
  if (severity === 'error' || severity === 'fatal') return 'critical'
  if (severity === 'warn') return 'warning'
  if (event === 'trigger') return levelTone(level)
  return event === 'resolve' || event === 'delivered' ? 'ok' : 'quiet'
}

/** Of what is told of an incident, its name and its message; else the line as the log has it. */
function wordsOf({ event, text, incident, level, message }: Entry): (Node | string)[] {
  const id = element('strong', {}, incident)
  const quiet = (words: string): Node => element('span', { class: 'quiet-text' }, words)
  if (event === 'delivered') return [id, quiet(` ${level}`)]
  if (event !== 'trigger' && event !== 'resolve')
    return incident === '' || text.includes(incident) ? [text] : [id, ` ${text}`]
  const isPlain = message === '' || message === `${incident} is ${level}`
  return [id, ` ${level}`, ...(isPlain ? [] : [quiet(` ${message}`)])]
}
