// Truth and comparison as Go's templates have them, with one difference: numbers compare by value, where Go
// gives up on an INT against a DOUBLE. `gt` is "not le", as in Go, which only NaN can tell. Pure.
import { integerOf } from '../go-format.ts'
import { GoDuration, GoTime } from '../go-time.ts'
import { GoInt, GoMap, GoNamed, type Printable } from '../go-values.ts'
import { compareText, isNumeric, sameNumber } from '../order.ts'
import type { FieldValue } from '../point.ts'

/** What a function can't do with the values it got, in a person's words. */
export class Unfit extends Error {}

export type Comparison = 'ne' | 'lt' | 'le' | 'gt' | 'ge'

/** Zero, what is empty, false and what is missing are false. */
export function isTrue(value: Printable): boolean {
  const basic = basicOf(value)
  if (basic instanceof GoMap) return basic.entries.size > 0
  return basic instanceof GoTime || Number.isNaN(basic) || Boolean(basic)
}

/** Throws Unfit. */
export function isEqual(a: Printable, b: Printable): boolean {
  const left = basicOf(a)
  const right = basicOf(b)
  if (left === undefined || right === undefined) return left === right
  if (isNumeric(left) && isNumeric(right)) return sameNumber(left, right)
  if (left instanceof GoTime && right instanceof GoTime) return left.nanoseconds === right.nanoseconds
  if (typeof left === typeof right && typeof left !== 'object') return left === right
  throw new Unfit(`${kindOf(left)} and ${kindOf(right)} don't compare`)
}

/** Throws Unfit. */
export function compares(name: Comparison, a: Printable, b: Printable): boolean {
  switch (name) {
    case 'ne':
      return !isEqual(a, b)
    case 'lt':
      return isLess(a, b)
    case 'le':
      return isLess(a, b) || isEqual(a, b)
    case 'gt':
      return !(isLess(a, b) || isEqual(a, b))
    case 'ge':
      return !isLess(a, b)
  }
}

function isLess(a: Printable, b: Printable): boolean {
  const left = basicOf(a)
  const right = basicOf(b)
  if (isNumeric(left) && isNumeric(right)) return left < right
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right) < 0
  throw new Unfit(`${kindOf(left)} and ${kindOf(right)} have no order`)
}

/** A duration counts as its nanoseconds, a month or a day of the week as its number. */
function basicOf(value: Printable): FieldValue | GoTime | GoMap | undefined {
  if (value instanceof GoInt || value instanceof GoNamed || value instanceof GoDuration)
    return integerOf(value)
  return value
}

export function kindOf(value: Printable): string {
  const basic = basicOf(value)
  if (basic === undefined) return 'a missing field'
  if (isNumeric(basic)) return 'a number'
  if (basic instanceof GoMap) return basic.goType === 'map[string]string' ? 'all tags' : 'all fields'
  return basic instanceof GoTime ? 'a time' : `a ${typeof basic}`
}
