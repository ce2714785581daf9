// Reads the rows of an event: which is newer, which one shows the values that the event is about. Rows are
// as Kapacitor writes them, so this file never assumes an order.
import type { Cell, IncidentEvent, Series } from '../incident/event.ts'
import { rfc3339Nano } from '../incident/rfc3339.ts'

export interface Reading {
  readonly name: string
  readonly value: Cell
}

/**
 * Fields of the row that the event is about: the one at the event's own time (in a batch, the deciding
 * point's), else the newest. Holes are left out. Empty when the event has no rows.
 */
export function currentReadings(event: IncidentEvent): Reading[] {
  const moment = rfc3339Nano(event.time)
  let found: { series: Series; row: readonly Cell[]; time: string } | undefined
  for (const series of event.series) {
    const column = series.columns.indexOf('time')
    for (const row of series.values) {
      const time = String(row[column] ?? '')
      if (time === moment) return readingsOf(series, row)
      if (!found || timeKey(time) >= timeKey(found.time)) found = { series, row, time }
    }
  }
  return found ? readingsOf(found.series, found.row) : []
}

function readingsOf(series: Series, row: readonly Cell[]): Reading[] {
  return series.columns
    .map((name, index) => ({ name, value: row[index] ?? null }))
    .filter(({ name, value }) => name !== 'time' && value !== null)
}

export const countRows = (event: IncidentEvent): number =>
  event.series.reduce((sum, series) => sum + series.values.length, 0)

/** The same series with no more than the `count` newest rows in all; order stays. */
export function newestRows(series: readonly Series[], count: number): Series[] {
  const rows = series.flatMap((one, index) => {
    const column = one.columns.indexOf('time')
    return one.values.map((row, place) => ({ index, place, key: timeKey(String(row[column] ?? '')) }))
  })
  rows.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : b.place - a.place))
  const kept = new Set(rows.slice(0, count).map(({ index, place }) => `${index}/${place}`))
  return series
    .map((one, index) => ({ ...one, values: one.values.filter((_, place) => kept.has(`${index}/${place}`)) }))
    .filter(one => one.values.length > 0)
}

/** RFC 3339 in a form that sorts: the fraction, which may be absent or short, at its full length. */
function timeKey(time: string): string {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.')
  return `${whole}.${fraction.padEnd(9, '0')}`
}
