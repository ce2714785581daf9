// The values that a template can hold beside a point's own, with Go's names of their types. Pure.
import type { GoDuration, GoTime } from './go-time.ts'
import { compareText } from './order.ts'
import type { FieldValue } from './point.ts'

/** An integer that stands in the template itself: Go's int, where a field's INT is int64. */
export class GoInt {
  readonly goType = 'int'
  readonly value: bigint

  constructor(value: bigint | number) {
    this.value = BigInt(value)
  }
}

/** A month or a day of the week: a number that prints as a word. */
export class GoNamed {
  readonly goType: 'time.Month' | 'time.Weekday'
  readonly value: bigint
  readonly #name: string

  constructor(goType: GoNamed['goType'], value: number, name: string) {
    this.goType = goType
    this.value = BigInt(value)
    this.#name = name
  }

  toString(): string {
    return this.#name
  }
}

/** All tags or all fields of a point. */
export class GoMap {
  readonly goType: 'map[string]string' | 'map[string]interface {}'
  readonly entries: ReadonlyMap<string, FieldValue>

  constructor(goType: GoMap['goType'], entries: ReadonlyMap<string, FieldValue>) {
    this.goType = goType
    this.entries = entries
  }

  /** In the order in which Go prints them. */
  sorted(): [string, FieldValue][] {
    return [...this.entries].sort(([a], [b]) => compareText(a, b))
  }
}

/** Undefined is Go's nil: a field that the point does not have. */
export type Printable = FieldValue | GoInt | GoNamed | GoTime | GoDuration | GoMap | undefined

export function typeName(value: Printable): string {
  switch (typeof value) {
    case 'undefined':
      return '<nil>'
    case 'object':
      return value.goType
    case 'number':
      return 'float64'
    case 'bigint':
      return 'int64'
    case 'boolean':
      return 'bool'
    default:
      return 'string'
  }
}
