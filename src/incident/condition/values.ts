// What the operators of a condition do with two values of a point. Undefined, in and out, means that it could
// not be evaluated: a missing field, a wrong type, a division by zero. Nothing here throws.
import { compareText, isNumeric, type Numeric, sameNumber } from '../order.ts'
import type { FieldValue } from '../point.ts'
import type { ArithmeticOperator, ComparisonOperator } from './expression.ts'

export type Value = FieldValue | undefined

type NumberTest = (a: Numeric, b: Numeric) => boolean

/** By value, an INT against a DOUBLE too; NaN holds only for `!=`. */
export const NUMBER_TESTS: Readonly<Record<ComparisonOperator, NumberTest>> = {
  '==': sameNumber,
  '!=': (a, b) => !sameNumber(a, b),
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

const ORDER_TESTS: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '==': order => order === 0,
  '!=': order => order !== 0,
  '<': order => order < 0,
  '<=': order => order <= 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
}

export function compare(operator: ComparisonOperator, a: Value, b: Value): boolean | undefined {
  if (isNumeric(a) && isNumeric(b)) return NUMBER_TESTS[operator](a, b)
  if (typeof a === 'string' && typeof b === 'string') return ORDER_TESTS[operator](compareText(a, b))
  if (typeof a !== 'boolean' || typeof b !== 'boolean') return undefined
  if (operator === '==') return a === b
  return operator === '!=' ? a !== b : undefined
}

/** INT with INT is Kapacitor's 64-bit arithmetic, which wraps; with a DOUBLE on either side it is a DOUBLE's. */
export function calculate(operator: ArithmeticOperator, a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return integers(operator, a, b)
  if (isNumeric(a) && isNumeric(b)) return doubles(operator, Number(a), Number(b))
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b
  return undefined
}

export function negate(value: Value): Value {
  if (typeof value === 'number') return -value
  return typeof value === 'bigint' ? BigInt.asIntN(64, -value) : undefined
}

function integers(operator: ArithmeticOperator, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, a + b)
    case '-':
      return BigInt.asIntN(64, a - b)
    case '*':
      return BigInt.asIntN(64, a * b)
    case '/':
      return b === 0n ? undefined : BigInt.asIntN(64, a / b)
    case '%':
      return b === 0n ? undefined : a % b
  }
}

function doubles(operator: ArithmeticOperator, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return undefined // Kapacitor has it for INT only.
  }
}
