// Functions that TICKscript has outside of lambdas: conversions, texts and the common ones of mathematics, with the types
// that Kapacitor asks for (tick/stateful/functions.go). Others are refused by name. Pure.

import { longDurationOf } from '../duration-text.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import {
  type Constant,
  ConstantError,
  type ConstantFunction,
  type ConstantKind,
  int,
  textOf,
} from './value.ts'

/** Throws ConstantError. */
export function callFunction(name: string, args: readonly Constant[]): Constant {
  if (name === 'if') return chosen(args)
  if (name === 'string') return asText(args)
  const known = FUNCTIONS.get(name)
  if (!known) throw new ConstantError(`${name}() is not computed here`)
  const kinds = args.map(({ kind }) => kind)
  const fits = known.takes.some(types => types.join() === kinds.join())
  if (fits) return known.gives(...(args.map(({ value }) => value) as never[]))
  throw new ConstantError(
    `Kapacitor has no ${name}(${kinds.join(', ')}); it takes ${known.takes.map(types => `(${types.join(', ')})`).join(' or ')}`,
  )
}

function chosen([condition, then, other, ...more]: readonly Constant[]): Constant {
  if (condition?.kind === 'bool' && then && other && then.kind === other.kind && more.length === 0)
    return condition.value ? then : other
  throw new ConstantError('if() takes a bool and two values of one type')
}

function asText([value, ...more]: readonly Constant[]): Constant {
  if (!value || more.length > 0) throw new ConstantError('string() takes one value')
  return { kind: 'text', value: textOf(value) }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(text => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map(text => [text, false] as const),
])

type Plain = string | bigint | number | boolean

const plainTypes: readonly (readonly ConstantKind[])[] = [['bool'], ['text'], ['int'], ['float']]

function toInteger(value: Plain): Constant {
  if (typeof value === 'boolean') return int('int', value ? 1n : 0n)
  if (typeof value === 'bigint') return int('int', value)
  if (typeof value === 'number') return int('int', truncated(value))
  const whole = /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined
  if (whole === undefined || whole !== BigInt.asIntN(64, whole)) throw unreadable(value, 'integer')
  return int('int', whole)
}

function toFloat(value: Plain): Constant {
  const isFloat = typeof value !== 'string' || /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)
  if (!isFloat) throw unreadable(value, 'float')
  return { kind: 'float', value: Number(value) }
}

function toBoolean(value: Plain): Constant {
  const found =
    typeof value === 'boolean' ? value : BOOLEANS.get(typeof value === 'string' ? value : `${value}`)
  if (found === undefined) throw unreadable(`${value}`, 'bool')
  return { kind: 'bool', value: found }
}

/** The unit of a text counts for nothing, and of a duration there is none. */
function toDuration(value: string | bigint | number, unit?: bigint): Constant {
  if (typeof value === 'number') return int('duration', truncated(value * Number(unit)))
  if (typeof value === 'bigint') return int('duration', value * (unit ?? 1n))
  const read = longDurationOf(value)
  if (read === undefined) throw unreadable(value, 'duration')
  return int('duration', read)
}

function truncated(value: number): bigint {
  if (Math.abs(value) < 2 ** 63) return BigInt(Math.trunc(value))
  throw new ConstantError(`${value} does not fit into 64 bits`)
}

const unreadable = (text: string, kind: string): ConstantError =>
  new ConstantError(`'${text}' cannot be read as ${kind}`)

const MATH1 = [
  ...['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'ceil', 'cos', 'cosh', 'exp'],
  ...['expm1', 'floor', 'log', 'log10', 'log1p', 'log2', 'sin', 'sinh', 'sqrt', 'tan', 'tanh', 'trunc'],
] as const
const MATH2 = ['atan2', 'hypot', 'max', 'min', 'pow'] as const

const float = (value: number): Constant => ({ kind: 'float', value })

const FUNCTIONS: ReadonlyMap<string, ConstantFunction> = new Map<string, ConstantFunction>([
  ['int', { takes: plainTypes, gives: toInteger }],
  ['float', { takes: plainTypes, gives: toFloat }],
  ['bool', { takes: plainTypes, gives: toBoolean }],
  [
    'duration',
    {
      takes: [['duration'], ['int', 'duration'], ['float', 'duration'], ['text', 'duration']],
      gives: toDuration,
    },
  ],
  ...MATH1.map(name => [name, { takes: [['float']], gives: (x: number) => float(Math[name](x)) }] as const),
  ...MATH2.map(
    name =>
      [
        name,
        { takes: [['float', 'float']], gives: (x: number, y: number) => float(Math[name](x, y)) },
      ] as const,
  ),
  ['mod', { takes: [['float', 'float']], gives: (x: number, y: number) => float(x % y) }],
  ...TEXT_FUNCTIONS,
])
