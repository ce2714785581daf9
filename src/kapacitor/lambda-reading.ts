// What a lambda comes to where some of what it reads is known, missing, or of a type that expressions cannot read. By
// Kapacitor's rules (tick/stateful): AND and OR stop early, and any other use of such a value is an error. Pure.
import type { Expression } from './tickscript.ts'

export type Known = number | string | boolean

export type Reading =
  | { readonly is: 'known'; readonly value: Known }
  /** Any value of the right type. */
  | { readonly is: 'any' }
  /** The point has no such field or tag. */
  | { readonly is: 'missing' }
  | { readonly is: 'error' }

export const ANY: Reading = { is: 'any' }
export const MISSING: Reading = { is: 'missing' }
export const ERROR: Reading = { is: 'error' }
export const known = (value: Known): Reading => ({ is: 'known', value })

export type Knowledge = (reference: string) => Reading

export const canBeTrue = (body: Expression, know: Knowledge): boolean => canBe(reading(body, know), true)
export const canBeFalse = (body: Expression, know: Knowledge): boolean => canBe(reading(body, know), false)
/** It has a value at all. */
export const hasValue = (body: Expression, know: Knowledge): boolean => isValue(reading(body, know))

const canBe = (one: Reading, wanted: boolean): boolean =>
  one.is === 'any' || (one.is === 'known' && one.value === wanted)
const isValue = ({ is }: Reading): boolean => is === 'known' || is === 'any'

export function referencesOf(body: Expression): string[] {
  switch (body.kind) {
    case 'reference':
      return [body.text]
    case 'unary':
      return referencesOf(body.of)
    case 'binary':
      return [...referencesOf(body.left), ...referencesOf(body.right)]
    case 'call':
      return body.args.flatMap(referencesOf)
    case 'lambda':
      return referencesOf(body.body)
    default:
      return []
  }
}

export function reading(body: Expression, know: Knowledge): Reading {
  switch (body.kind) {
    case 'reference':
      return know(body.text)
    case 'number':
      return known(Number(body.text))
    case 'text':
      return known(body.text)
    case 'bool':
      return known(body.value)
    case 'lambda':
      return reading(body.body, know)
    case 'unary':
      return negated(body.sign, reading(body.of, know))
    case 'call':
      return called(
        body.name,
        body.args.map(arg => reading(arg, know)),
      )
    case 'binary':
      return body.sign === 'AND' || body.sign === 'OR' ? joined(body, know) : combined(body, know)
    default:
      return ANY
  }
}

type Binary = Extract<Expression, { kind: 'binary' }>

function negated(sign: string, of: Reading): Reading {
  if (!isValue(of)) return ERROR
  if (of.is !== 'known') return ANY
  if (sign === '!') return typeof of.value === 'boolean' ? known(!of.value) : ERROR
  return typeof of.value === 'number' ? known(-of.value) : ERROR
}

function called(name: string, args: readonly Reading[]): Reading {
  const [first = ERROR] = args
  if (name === 'isPresent') {
    if (first.is === 'missing') return known(false)
    return first.is === 'known' ? known(true) : first
  }
  if (!args.every(isValue)) return ERROR
  if (name === 'float' || name === 'int')
    return first.is === 'known' && typeof first.value === 'number' ? first : ANY
  if (name === 'if' && first.is === 'known') return (first.value === true ? args[1] : args[2]) ?? ERROR
  return ANY
}

/** A side whose type is asked for before either is read: a name, or a call, that has none is an error at once. */
const isUntyped = (side: Expression, one: Reading): boolean =>
  (side.kind === 'reference' || side.kind === 'call') && !isValue(one)

function joined({ sign, left, right }: Binary, know: Knowledge): Reading {
  const [a, b] = [reading(left, know), reading(right, know)]
  if (isUntyped(left, a) || isUntyped(right, b) || !isValue(a)) return ERROR
  const stops = sign === 'OR'
  if (a.is === 'known') return a.value === stops ? a : b
  // Where the first stops it, the second is never read.
  if (!isValue(b)) return known(stops)
  return b.is === 'known' && b.value === stops ? b : ANY
}

function combined({ sign, left, right }: Binary, know: Knowledge): Reading {
  const a = reading(left, know)
  if (right.kind === 'regular') return matched(sign, a, right.text)
  const b = reading(right, know)
  if (!isValue(a) || !isValue(b)) return ERROR
  if (a.is !== 'known' || b.is !== 'known') return ANY
  if (typeof a.value !== typeof b.value) return ERROR
  return known(result(sign, a.value, b.value))
}

function result(sign: string, a: Known, b: Known): Known {
  switch (sign) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '+':
      return typeof a === 'string' ? a + String(b) : Number(a) + Number(b)
    case '-':
      return Number(a) - Number(b)
    case '*':
      return Number(a) * Number(b)
    case '/':
      return Number(a) / Number(b)
    default:
      return Number(a) % Number(b)
  }
}

/** What is not also an expression of JavaScript may match or not. */
function matched(sign: string, a: Reading, text: string): Reading {
  if (!isValue(a)) return ERROR
  if (a.is !== 'known') return ANY
  const insensitive = text.startsWith('/(?i)')
  try {
    const pattern = new RegExp(text.slice(insensitive ? 5 : 1, -1), insensitive ? 'iu' : 'u')
    return known(pattern.test(String(a.value)) === (sign === '=~'))
  } catch {
    return ANY
  }
}
