// The `data` of a posted alert: the points behind it. None of it decides anything, so what is not as Kapacitor writes it
// is left out, and the sentence says which.
import { type Cell, type Series, toExactJson } from '../incident/event.ts'
import { isObject, type Json, scalarText } from './json-value.ts'

/** More than an event holds. */
const MAX_SERIES = 1000
/** Of a series, the newest. */
const MAX_ROWS = 10_000
const MAX_CELLS = 1000

/** @param report takes a sentence for each part that is left out. */
export function seriesOf(data: unknown, report: (sentence: string) => void): Series[] {
  if (data === undefined || data === null) return []
  if (!isObject(data)) {
    report('data is no object: its points are left out')
    return []
  }
  const { series } = data
  if (series === undefined || series === null) return []
  if (!Array.isArray(series)) {
    report('data.series is no list: its points are left out')
    return []
  }
  if (series.length > MAX_SERIES) report(`data has ${series.length} series: the first ${MAX_SERIES} are kept`)
  return series.slice(0, MAX_SERIES).flatMap((one: unknown, index) => {
    const read = isObject(one) ? oneSeries(one) : 'is no object'
    if (typeof read !== 'string') return [read]
    report(`data.series[${index}] ${read}: its points are left out`)
    return []
  })
}

/** A text: why it cannot be read. */
function oneSeries(series: Json): Series | string {
  const { name, tags, columns, values } = series
  if (!isObject(tags ?? {})) return 'has tags that are no object'
  if (!isListOf(columns ?? [], column => typeof column === 'string')) return 'has columns that are no texts'
  if (!isListOf(values ?? [], Array.isArray)) return 'has values that are no rows'
  return {
    name: scalarText(name) ?? '',
    tags: Object.fromEntries(
      Object.entries((tags ?? {}) as Json).map(([key, value]) => [key, String(cellOf(value) ?? '')]),
    ),
    columns: (columns ?? []) as string[],
    values: ((values ?? []) as unknown[][]).slice(-MAX_ROWS).map(row => row.slice(0, MAX_CELLS).map(cellOf)),
  }
}

const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem)

const cellOf = (value: unknown): Cell =>
  typeof value === 'object' && value !== null ? toExactJson(value) : (value as Cell)
