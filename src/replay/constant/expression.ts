// What TICKscript computes outside of lambdas, before a task starts: `'"usage" > ' + string(crit)`. Types and signs are
// those of Kapacitor (tick/stateful/evaluation_funcs.go): nothing is converted unasked. Pure.
import { compareText } from '../../incident/order.ts'
import type { Expression } from '../../kapacitor/tickscript.ts'
import { durationOf } from '../duration-text.ts'
import { callFunction } from './functions.ts'
import { type Constant, ConstantError, int } from './value.ts'

/** Of a variable; throws ConstantError where it has no value that can be computed with. */
export type Lookup = (name: string) => Constant

/** Throws ConstantError. */
export function constantOf(expression: Expression, lookup: Lookup): Constant {
  if (expression.kind === 'call')
    throw new ConstantError(
      `Kapacitor knows ${expression.name}() here only within a longer expression, such as '' + string(90)`,
    )
  if (expression.kind === 'unary') return negated(expression.sign, constantOf(expression.of, lookup))
  return partOf(expression, lookup)
}

/** Within a longer expression, where functions are known. */
function partOf(expression: Expression, lookup: Lookup): Constant {
  switch (expression.kind) {
    case 'text':
      return { kind: 'text', value: expression.text }
    case 'bool':
      return { kind: 'bool', value: expression.value }
    case 'number':
      return numberOf(expression.text)
    case 'duration':
      return durationConstant(expression.text)
    case 'name':
      return lookup(expression.text)
    case 'unary':
      return negated(expression.sign, partOf(expression.of, lookup))
    case 'binary':
      return combined(expression.sign, partOf(expression.left, lookup), partOf(expression.right, lookup))
    case 'call':
      return callFunction(
        expression.name,
        expression.args.map(arg => partOf(arg, lookup)),
      )
    case 'reference':
      throw new ConstantError(`"${expression.text}" is a field, which only a lambda or a text may name`)
    default:
      throw new ConstantError('it is more than texts, numbers and durations')
  }
}

/** As TICKscript writes it; throws ConstantError. */
function numberOf(text: string): Constant {
  if (text.includes('.')) return { kind: 'float', value: Number(text) }
  const isOctal = text.length > 1 && text.startsWith('0')
  if (isOctal && !/^[0-7]+$/.test(text))
    throw new ConstantError(`${text} is no number: the 0 in front makes it octal`)
  const value = BigInt(isOctal ? `0o${text.slice(1)}` : text)
  if (value >= 2n ** 63n) throw new ConstantError(`${text} does not fit into 64 bits`)
  return { kind: 'int', value }
}

function durationConstant(text: string): Constant {
  const value = durationOf(text)
  if (value === undefined) throw new ConstantError(`${text} is no duration`)
  return { kind: 'duration', value }
}

function negated(sign: string, of: Constant): Constant {
  if (sign === '!' && of.kind === 'bool') return { kind: 'bool', value: !of.value }
  if (sign === '-' && (of.kind === 'int' || of.kind === 'duration')) return int(of.kind, -of.value)
  if (sign === '-' && of.kind === 'float') return { kind: 'float', value: -of.value }
  throw new ConstantError(`Kapacitor has no ${sign} in front of ${of.kind}`)
}

function combined(sign: string, left: Constant, right: Constant): Constant {
  const found =
    sign === '==' || sign === '!=' || sign.startsWith('<') || sign.startsWith('>')
      ? compared(sign, left, right)
      : sign === 'AND' || sign === 'OR'
        ? decided(sign, left, right)
        : computed(sign, left, right)
  if (found) return found
  throw new ConstantError(
    `Kapacitor cannot compute ${left.kind} ${sign} ${right.kind}; convert with string(), int(), float() or duration()`,
  )
}

function decided(sign: 'AND' | 'OR', a: Constant, b: Constant): Constant | undefined {
  if (a.kind !== 'bool' || b.kind !== 'bool') return undefined
  return { kind: 'bool', value: sign === 'AND' ? a.value && b.value : a.value || b.value }
}

function compared(sign: string, a: Constant, b: Constant): Constant | undefined {
  const order = orderOf(a, b)
  if (order === undefined || (a.kind === 'bool' && sign !== '==' && sign !== '!=')) return undefined
  const holds: Record<string, boolean> = {
    ...{ '==': order === 0, '!=': order !== 0, '<': order < 0 },
    ...{ '<=': order <= 0, '>': order > 0, '>=': order >= 0 },
  }
  return { kind: 'bool', value: holds[sign]! }
}

/** Negative, zero, positive, or NaN; undefined: they do not compare. */
function orderOf(a: Constant, b: Constant): number | undefined {
  if (a.kind === 'text' && b.kind === 'text') return compareText(a.value, b.value)
  const areNumbers = [a, b].every(({ kind }) => kind === 'int' || kind === 'float')
  if (a.kind !== b.kind && !areNumbers) return undefined
  return a.value < b.value ? -1 : a.value > b.value ? 1 : a.value <= b.value ? 0 : Number.NaN
}

function computed(sign: string, a: Constant, b: Constant): Constant | undefined {
  if (a.kind === 'text' && b.kind === 'text')
    return sign === '+' ? { kind: 'text', value: a.value + b.value } : undefined
  if (a.kind === 'float' && b.kind === 'float') return ofFloats(sign, a.value, b.value)
  if (a.kind === 'int' && b.kind === 'int') return ofIntegers(sign, a.value, b.value)
  if (a.kind === 'duration') return ofDuration(sign, a.value, b)
  return sign === '*' && b.kind === 'duration' ? ofDuration(sign, b.value, a) : undefined
}

function ofFloats(sign: string, a: number, b: number): Constant | undefined {
  const value =
    sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : sign === '/' ? a / b : undefined
  return value === undefined ? undefined : { kind: 'float', value }
}

function ofIntegers(sign: string, a: bigint, b: bigint): Constant | undefined {
  if (sign === '+') return int('int', a + b)
  if (sign === '-') return int('int', a - b)
  if (sign === '*') return int('int', a * b)
  if (sign === '/') return int('int', a / notZero(b))
  return sign === '%' ? int('int', a % notZero(b)) : undefined
}

function ofDuration(sign: string, a: bigint, b: Constant): Constant | undefined {
  if (b.kind === 'duration') {
    if (sign === '+') return int('duration', a + b.value)
    if (sign === '-') return int('duration', a - b.value)
    return sign === '/' ? int('int', a / notZero(b.value)) : undefined
  }
  if (b.kind === 'int') {
    if (sign === '*') return int('duration', a * b.value)
    return sign === '/' ? int('duration', a / notZero(b.value)) : undefined
  }
  if (b.kind !== 'float' || (sign !== '*' && sign !== '/')) return undefined
  const value = sign === '*' ? Number(a) * b.value : Number(a) / b.value
  if (!Number.isFinite(value)) throw new ConstantError('the duration has no end')
  return int('duration', BigInt(Math.trunc(value)))
}

function notZero(value: bigint): bigint {
  if (value === 0n) throw new ConstantError('it divides by zero')
  return value
}
