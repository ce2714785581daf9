// Points as rows of Kapacitor's alert JSON: `{name, tags, columns, values}`, in the order and with the holes
// that Kapacitor's own post has. What was read as level, id, message or duration is no data and is left out.
import type { Cell, Series } from './event.ts'
import { formatFloat } from './go-float.ts'
import { compareText } from './order.ts'
import type { FieldValue, Point } from './point.ts'
import type { Consumed } from './reading.ts'
import { rfc3339Nano } from './rfc3339.ts'

/** One stream point. Group tags of the user's own stay, also when one was read as the level or the id. */
export function seriesOfPoint(point: Point, consumed: Consumed): Series {
  const own = new Set(point.dimensions)
  const tags = [...point.tags()].filter(([name]) => own.has(name) || !consumed.tags.has(name))
  const fields = point.fields()
  const columns = [...fields.keys()].filter(name => !consumed.fields.has(name)).sort(compareText)
  return {
    name: point.name,
    tags: Object.fromEntries(tags),
    columns: ['time', ...columns],
    values: [[rfc3339Nano(point.time), ...columns.map(name => cell(fields.get(name)))]],
  }
}

/** The head of a batch, as it stands in its Begin. */
export interface BatchHead {
  readonly name: string
  readonly byName: boolean
  readonly tags: ReadonlyMap<string, string>
}

/** Columns of a batch: the fields of its first point, and those of its tags that are not the batch's. */
export function batchColumns(head: BatchHead, first: Point, consumed: Consumed): string[] {
  const fields = [...first.fields().keys()].filter(name => !consumed.fields.has(name))
  const tags = [...first.tags().keys()].filter(name => !head.tags.has(name) && !consumed.tags.has(name))
  return [...new Set([...fields, ...tags])].sort(compareText)
}

export function seriesOfBatch(
  head: BatchHead,
  columns: readonly string[],
  points: Iterable<Point>,
  consumed: Consumed,
): Series {
  const values: Cell[][] = []
  for (const point of points)
    values.push([rfc3339Nano(point.time), ...columns.map(name => cell(point.field(name) ?? point.tag(name)))])
  const tags = [...head.tags].filter(([name]) => !consumed.tags.has(name))
  return { name: head.name, tags: Object.fromEntries(tags), columns: ['time', ...columns], values }
}

/** JSON has no NaN and no infinities: a text says them. */
function cell(value: FieldValue | undefined): Cell {
  if (value === undefined) return null
  return typeof value === 'number' && !Number.isFinite(value) ? formatFloat(value, 'g', undefined) : value
}
