// A point as conditions and templates see it, from plain records.
import type { FieldValue, PointData } from '../../src/incident/point.ts'

const own = <V>(record: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

export const scopeOf = (
  fields: Readonly<Record<string, FieldValue>>,
  tags: Readonly<Record<string, string>> = {},
): PointData => ({
  field: name => own(fields, name),
  tag: name => own(tags, name),
  fields: () => new Map(Object.entries(fields)),
  tags: () => new Map(Object.entries(tags)),
})

/** A field's value as the recorded tables write it. */
export interface RecordedValue {
  readonly int?: string
  readonly double?: number | string
  readonly string?: string
  readonly bool?: boolean
}

const recordedField = ({ int, double, string, bool }: RecordedValue): FieldValue => {
  if (int !== undefined) return BigInt(int)
  return double === undefined ? (string ?? bool)! : Number(double)
}

export const recordedScope = (
  fields: Readonly<Record<string, RecordedValue>>,
  tags: Readonly<Record<string, string>>,
): PointData =>
  scopeOf(
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, recordedField(value)])),
    tags,
  )
