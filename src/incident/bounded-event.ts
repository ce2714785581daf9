// Keeps an event small enough to be stored by the thousand, whatever a point or a batch holds: the newest rows
// stay, long texts are cut at a character, and what was cut says so.
import { type Cell, encodeEvent, type IncidentEvent, type Series } from './event.ts'

/** Bytes of an encoded event. */
export const MAX_EVENT_BYTES = 64 * 1024

interface Limits {
  readonly rows: number
  readonly columns: number
  readonly tags: number
  readonly characters: number
}

// Tried in turn until the event fits; the last always fits.
const STEPS: readonly Limits[] = [
  { rows: 1000, columns: 500, tags: 200, characters: 16_384 },
  { rows: 200, columns: 200, tags: 100, characters: 4096 },
  { rows: 50, columns: 100, tags: 50, characters: 1024 },
  { rows: 10, columns: 50, tags: 30, characters: 512 },
  { rows: 1, columns: 20, tags: 15, characters: 256 },
]

export function boundedEvent(event: IncidentEvent): IncidentEvent {
  if (fits(event)) return event
  let cut = event
  for (const limits of STEPS) {
    cut = within(event, limits)
    if (fits(cut)) break
  }
  return cut
}

const fits = (event: IncidentEvent): boolean => Buffer.byteLength(encodeEvent(event)) <= MAX_EVENT_BYTES

function within(event: IncidentEvent, limits: Limits): IncidentEvent {
  const { details, condition, labels } = event
  const text = (value: string): string => clip(value, limits.characters)
  return {
    ...event,
    message: text(event.message),
    ...(details !== undefined && { details: text(details) }),
    group: text(event.group),
    groupTags: clippedTags(event.groupTags, limits),
    series: event.series.map(series => clippedSeries(series, limits)),
    ...(condition !== undefined && { condition: text(condition) }),
    ...(labels && {
      labels: labels.slice(0, limits.tags).map(([name, value]) => [text(name), text(value)] as const),
    }),
    cut: whatWasCut(event, limits),
  }
}

function clippedSeries(series: Series, limits: Limits): Series {
  const values = series.values.slice(-limits.rows)
  return {
    name: clip(series.name, limits.characters),
    tags: clippedTags(series.tags, limits),
    columns: series.columns.slice(0, limits.columns).map(name => clip(name, limits.characters)),
    values: values.map(row => row.slice(0, limits.columns).map(cell => clippedCell(cell, limits))),
  }
}

const clippedCell = (cell: Cell, limits: Limits): Cell =>
  typeof cell === 'string' ? clip(cell, limits.characters) : cell

const clippedTags = (tags: Readonly<Record<string, string>>, limits: Limits): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags)
      .slice(0, limits.tags)
      .map(([name, value]) => [clip(name, limits.characters), clip(value, limits.characters)]),
  )

/** Cuts at a whole character and marks the cut. */
function clip(text: string, characters: number): string {
  if (text.length <= characters) return text
  return `${text
    .slice(0, characters)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`
}

function whatWasCut(event: IncidentEvent, limits: Limits): string {
  const rows = event.series.reduce((sum, { values }) => sum + Math.max(0, values.length - limits.rows), 0)
  const columns = event.series.reduce((sum, { columns }) => Math.max(sum, columns.length - limits.columns), 0)
  const parts = [`texts over ${limits.characters} characters`]
  if (columns > 0) parts.unshift(`${columns} columns`)
  if (rows > 0) parts.unshift(`the ${rows} oldest rows`)
  return `Left out for size: ${parts.join(', ')}.`
}
