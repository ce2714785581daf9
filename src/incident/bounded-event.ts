// Keeps an event small enough to be stored by the thousand, whatever a point or a batch holds: the newest rows
// stay, long texts are cut at a character, and what was cut says so.
import { type Cell, encodeEvent, type IncidentEvent, type Series } from './event.ts'

/** Bytes of an encoded event. */
export const MAX_EVENT_BYTES = 64 * 1024

interface Limits {
  readonly series: number
  /** Of each series. */
  readonly rows: number
  readonly columns: number
  readonly tags: number
  readonly characters: number
}

const NO_LIMITS: Limits = {
  series: Infinity,
  rows: Infinity,
  columns: Infinity,
  tags: Infinity,
  characters: Infinity,
}

// Tried in turn until the event fits. The last always fits: a character takes six bytes of JSON at most, an
// incident's id is capped, and a task's id, a key of Kapacitor's own store, has less than 32 KB.
const STEPS: readonly Limits[] = [
  { series: 100, rows: 1000, columns: 500, tags: 200, characters: 16_384 },
  { series: 20, rows: 200, columns: 200, tags: 100, characters: 4096 },
  { series: 10, rows: 50, columns: 100, tags: 50, characters: 1024 },
  { series: 5, rows: 10, columns: 50, tags: 30, characters: 512 },
  { series: 1, rows: 1, columns: 20, tags: 15, characters: 256 },
  { series: 1, rows: 1, columns: 10, tags: 10, characters: 40 },
]

/** @param missing the oldest rows of its batch that are not in the event: nobody could keep them. */
export function boundedEvent(event: IncidentEvent, missing = 0): IncidentEvent {
  let bounded = missing > 0 ? new Cut(NO_LIMITS, missing).event(event) : event
  for (const limits of STEPS) {
    if (fits(bounded)) break
    bounded = new Cut(limits, missing).event(event)
  }
  return bounded
}

/** Mostly the texts are so short that nothing has to be encoded to see it. */
const fits = (event: IncidentEvent): boolean =>
  mostBytes(event) <= MAX_EVENT_BYTES || Buffer.byteLength(encodeEvent(event)) <= MAX_EVENT_BYTES

/** Of JSON, for one character. */
const CHARACTER_BYTES = 6
/** For any value but a text, and for all that stands around one. */
const VALUE_BYTES = 32
/** For a place in the details: they have at most 64 KB. */
const PLACE_BYTES = 6
/** Names of members, and those that are no texts. */
const FRAME_BYTES = 1024

/** An event never takes more than this. */
function mostBytes(event: IncidentEvent): number {
  const {
    incident,
    message,
    details = '',
    task,
    node,
    group,
    condition = '',
    priority = '',
    cut = '',
  } = event
  let bytes = FRAME_BYTES
  const add = (value: unknown): void => {
    bytes += VALUE_BYTES + (typeof value === 'string' ? value.length * CHARACTER_BYTES : 0)
  }
  const addTags = (tags: Readonly<Record<string, string>>): void => {
    for (const name in tags) {
      add(name)
      add(tags[name])
    }
  }
  for (const text of [incident, message, details, task, node, group, condition, priority, cut]) add(text)
  bytes += PLACE_BYTES * (event.ownText?.length ?? 0)
  addTags(event.groupTags)
  for (const [name, value] of event.labels ?? []) {
    add(name)
    add(value)
  }
  for (const { name, tags, columns, values } of event.series) {
    add(name)
    addTags(tags)
    for (const column of columns) add(column)
    for (const row of values) for (const value of row) add(value)
    bytes += VALUE_BYTES * values.length
  }
  return bytes
}

/** Cuts the parts of one event, and remembers what it left out. */
class Cut {
  readonly #limits: Limits
  #rows: number
  #columns = 0
  #tags = 0
  #series = 0
  #texts = 0

  constructor(limits: Limits, missing: number) {
    this.#limits = limits
    this.#rows = missing
  }

  event(event: IncidentEvent): IncidentEvent {
    const { details, ownText, condition, labels, series } = event
    this.#series = Math.max(0, series.length - this.#limits.series)
    const bounded = {
      ...event,
      message: this.#text(event.message),
      ...(details !== undefined && { details: this.#text(details) }),
      ...(ownText && { ownText: ownText.filter(place => place <= this.#limits.characters) }),
      group: this.#text(event.group),
      groupTags: this.#tagsOf(event.groupTags),
      series: series.slice(0, this.#limits.series).map(one => this.#seriesOf(one)),
      ...(condition !== undefined && { condition: this.#text(condition) }),
      ...(labels && { labels: this.#pairs(labels) }),
    }
    return { ...bounded, cut: this.#leftOut() }
  }

  #seriesOf(series: Series): Series {
    const { rows, columns } = this.#limits
    this.#rows += Math.max(0, series.values.length - rows)
    this.#columns = Math.max(this.#columns, series.columns.length - columns)
    return {
      name: this.#text(series.name),
      tags: this.#tagsOf(series.tags),
      columns: series.columns.slice(0, columns).map(name => this.#text(name)),
      values: series.values.slice(-rows).map(row => row.slice(0, columns).map(cell => this.#cell(cell))),
    }
  }

  #cell(cell: Cell): Cell {
    return typeof cell === 'string' ? this.#text(cell) : cell
  }

  #tagsOf(tags: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(this.#pairs(Object.entries(tags)))
  }

  #pairs(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
    const { tags } = this.#limits
    this.#tags = Math.max(this.#tags, pairs.length - tags)
    return pairs.slice(0, tags).map(([name, value]) => [this.#text(name), this.#text(value)] as const)
  }

  /** Cut at a whole character, and the cut marked. */
  #text(text: string): string {
    const { characters } = this.#limits
    if (text.length <= characters) return text
    this.#texts++
    const kept = text
      .slice(0, characters)
      .toWellFormed()
      .replace(/\ufffd$/, '')
    return `${kept}…`
  }

  /** In a person's words. */
  #leftOut(): string {
    const parts = [
      this.#series > 0 && `${this.#series} series`,
      this.#rows > 0 && `the ${this.#rows} oldest rows`,
      this.#columns > 0 && `${this.#columns} columns`,
      this.#tags > 0 && `${this.#tags} tags`,
      this.#texts > 0 && `the ends of texts over ${this.#limits.characters} characters`,
    ]
    return `Left out for size: ${parts.filter(part => part !== false).join(', ')}.`
  }
}
