// Makes a body that Squadcast accepts by size out of an event of any size. It takes away the oldest rows
// first, then the ends of long texts, then fields and tags, and notes in the event what it took. It never
// touches the id, the levels or the times, and leaves an event alone that fits.
import { type Cell, type IncidentEvent, type Series, toExactJson } from '../incident/event.ts'
import { namedIn } from './condition-fields.ts'
import { cutText } from './cut-text.ts'
import { countRows, newestRows } from './rows.ts'

/** Squadcast answers 413 to more than 30 KB. */
export const BODY_BYTES = 30_000

/** How much of an event may be shown. */
interface Allowance {
  readonly rows: number
  /** Characters of any one text. */
  readonly text: number
  /** Fields of a row, and tags. */
  readonly entries: number
}

const EVERYTHING = Number.POSITIVE_INFINITY

/** Tried in turn, each with as many rows as fit, but with one at least. */
const STEPS: readonly Omit<Allowance, 'rows'>[] = [
  { text: 2_000, entries: EVERYTHING },
  { text: 500, entries: EVERYTHING },
  { text: 200, entries: 100 },
  { text: 100, entries: 20 },
]
/** Fits always, beside the longest id. */
const LEAST: Allowance = { rows: 0, text: 50, entries: 5 }

/** JSON of at most 30,000 bytes: of the event as it is, else of the largest part of it that fits. */
export function bodyWithinBudget(event: IncidentEvent, render: (event: IncidentEvent) => unknown): string {
  const encode = (part: IncidentEvent) => toExactJson(render(part))
  const whole = encode(event)
  if (fits(whole)) return whole
  for (const step of STEPS) {
    const body = largestThatFits(countRows(event), rows => encode(allowed(event, { ...step, rows })))
    if (body !== undefined) return body
  }
  return encode(allowed(event, LEAST))
}

const fits = (body: string): boolean => Buffer.byteLength(body) <= BODY_BYTES

/** The body with the most rows that fits; undefined when not even one row does. */
function largestThatFits(rows: number, encode: (rows: number) => string): string | undefined {
  let best: string | undefined
  let [low, high] = [1, Math.max(rows, 1)]
  while (low <= high) {
    // The whole number first: it is the answer whenever texts were the trouble.
    const middle = best === undefined && high === rows ? high : Math.floor((low + high) / 2)
    const body = encode(middle)
    if (fits(body)) {
      best = body
      low = middle + 1
    } else high = middle - 1
  }
  return best
}

function allowed(event: IncidentEvent, allowance: Allowance): IncidentEvent {
  const shears = new Shears(allowance)
  const text = (value: string) => shears.text(value)
  const { details, condition, labels } = event
  const named = new Set(['time', ...namedIn(condition)])
  const part = {
    ...event,
    message: text(event.message),
    task: text(event.task),
    node: text(event.node),
    group: text(event.group),
    groupTags: shears.tags(event.groupTags),
    series: newestRows(event.series, allowance.rows).map(series => shears.series(series, named)),
    ...(details !== undefined && { details: text(details) }),
    ...(condition !== undefined && { condition: text(condition) }),
    ...(labels && {
      labels: labels.slice(0, allowance.entries).map(([name, value]) => [text(name), text(value)] as const),
    }),
  }
  const before = event.cut === undefined ? [] : [text(event.cut)]
  return { ...part, cut: [...before, shears.leftOut(countRows(event) - countRows(part))].join(' ') }
}

/** Cuts the parts of one event, and remembers what it cut. */
class Shears {
  readonly #allowance: Allowance
  #texts = 0
  #fields = 0
  #tags = 0

  constructor(allowance: Allowance) {
    this.#allowance = allowance
  }

  text(value: string): string {
    if (value.length > this.#allowance.text) this.#texts += 1
    return cutText(value, this.#allowance.text)
  }

  tags(tags: Readonly<Record<string, string>>): Record<string, string> {
    const entries = Object.entries(tags)
    this.#tags = Math.max(this.#tags, entries.length - this.#allowance.entries)
    const kept = entries.slice(0, this.#allowance.entries)
    return Object.fromEntries(kept.map(([name, value]) => [this.text(name), this.text(value)]))
  }

  /** Columns that are named in the condition go last. */
  series(series: Series, named: ReadonlySet<string>): Series {
    const places = series.columns.map((_, place) => place)
    const rank = (place: number) => (named.has(series.columns[place]!) ? 0 : 1)
    const kept = places
      .toSorted((a, b) => rank(a) - rank(b))
      .slice(0, this.#allowance.entries)
      .toSorted((a, b) => a - b)
    this.#fields = Math.max(this.#fields, places.length - kept.length)
    return {
      name: this.text(series.name),
      tags: this.tags(series.tags),
      columns: kept.map(place => this.text(series.columns[place]!)),
      values: series.values.map(row => kept.map(place => this.#cell(row[place] ?? null))),
    }
  }

  #cell(cell: Cell): Cell {
    return typeof cell === 'string' ? this.text(cell) : cell
  }

  /** In a person's words. */
  leftOut(rows: number): string {
    const parts = [
      rows > 0 && `the ${rows} oldest rows`,
      this.#fields > 0 && `${this.#fields} fields`,
      this.#tags > 0 && `${this.#tags} tags`,
      this.#texts > 0 && `the ends of texts over ${this.#allowance.text} characters`,
    ]
    return `Left out to keep within 30 KB: ${parts.filter(part => part !== false).join(', ')}.`
  }
}
