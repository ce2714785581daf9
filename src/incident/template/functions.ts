// Truth and comparison as Go's templates have them, with one difference: numbers compare by value, where Go
// gives up on an INT against a DOUBLE. `gt` is "not le", as in Go, which only NaN can tell. Pure.
import { GoInt, type Printable } from '../go-format.ts'
import { GoDuration, GoTime } from '../go-time.ts'
import { compareText, isNumeric, sameNumber } from '../order.ts'

/** What a function can't do with the values it got, in a person's words. */
export class Incomparable extends Error {}

type Comparison = 'ne' | 'lt' | 'le' | 'gt' | 'ge'

/** Zero, the empty string, false and what is missing are false. */
export function isTrue(value: Printable): boolean {
  const basic = basicOf(value)
  return basic instanceof GoTime || Number.isNaN(basic) || Boolean(basic)
}

/** Throws Incomparable. */
export function isEqual(a: Printable, b: Printable): boolean {
  const left = basicOf(a)
  const right = basicOf(b)
  if (left === undefined || right === undefined) return left === right
  if (isNumeric(left) && isNumeric(right)) return sameNumber(left, right)
  if (left instanceof GoTime && right instanceof GoTime) return left.nanoseconds === right.nanoseconds
  if (typeof left === typeof right && !(left instanceof GoTime)) return left === right
  throw new Incomparable(`${kindOf(left)} and ${kindOf(right)} don't compare`)
}

/** Throws Incomparable. */
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
  throw new Incomparable(`${kindOf(left)} and ${kindOf(right)} have no order`)
}

/** A duration counts as its nanoseconds. */
function basicOf(value: Printable): Exclude<Printable, GoInt | GoDuration> {
  if (value instanceof GoInt) return value.value
  return value instanceof GoDuration ? value.nanoseconds : value
}

function kindOf(value: Printable): string {
  if (value === undefined) return 'a missing field'
  if (isNumeric(value)) return 'a number'
  return value instanceof GoTime ? 'a time' : `a ${typeof value}`
}
