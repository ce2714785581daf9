// The value of a field in line protocol: float, integer (i), unsigned (u), text, boolean. As InfluxDB 1.x reads it, with
// one more: it takes unsigned integers, which Kapacitor has no type for, as integers where they fit. Pure.
import type { PointValue } from '../wire/point-view.ts'
import { found, LineError } from './line-error.ts'

const [QUOTE, BACKSLASH, COMMA, SPACE, MINUS, DOT, ZERO, NINE, LETTER_I] = [...'"\\, -.09i'].map(sign =>
  sign.charCodeAt(0),
) as [number, number, number, number, number, number, number, number, number]

/** So many digits are exact as a double, and so is a power of ten with so many zeros. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power)

const INTEGER = /^-?\d+i$/
const UNSIGNED = /^\d+u$/
const FLOAT = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const LARGEST = 2n ** 63n - 1n
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map(text => [text, true] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map(text => [text, false] as const),
])

export class FieldValues {
  /** Where the value that was read last ends. */
  end = 0

  /** @param at where the value begins, in `bytes[at, to)`. Throws LineError. */
  read(bytes: Buffer, at: number, to: number): PointValue {
    if (bytes[at] === QUOTE) return this.#text(bytes, at, to)
    return this.#plainNumber(bytes, at, to) ?? this.#word(bytes, at, to)
  }

  /** A number of few digits and no exponent, as nearly all are. */
  #plainNumber(bytes: Buffer, from: number, to: number): number | bigint | undefined {
    const isNegative = bytes[from] === MINUS
    let at = isNegative ? from + 1 : from
    const start = at
    let digits = 0
    let dot = -1
    for (; at < to; at++) {
      const byte = bytes[at]!
      if (byte >= ZERO && byte <= NINE) digits = digits * 10 + (byte - ZERO)
      else if (byte === DOT && dot < 0) dot = at
      else break
    }
    const count = at - start - (dot < 0 ? 0 : 1)
    const isInteger = dot < 0 && at < to && bytes[at] === LETTER_I
    const end = isInteger ? at + 1 : at
    if (count === 0 || count > EXACT_DIGITS || !isEnd(bytes, end, to)) return undefined
    this.end = end
    if (isInteger) return BigInt(isNegative ? -digits : digits)
    const value = dot < 0 ? digits : digits / POWERS[at - dot - 1]!
    return isNegative ? -value : value
  }

  #word(bytes: Buffer, from: number, to: number): PointValue {
    let at = from
    while (!isEnd(bytes, at, to)) at++
    this.end = at
    const text = bytes.toString('utf8', from, at)
    if (INTEGER.test(text)) return integer(text)
    if (UNSIGNED.test(text)) return integer(text)
    const boolean = BOOLEANS.get(text)
    if (boolean !== undefined) return boolean
    const number = FLOAT.test(text) ? Number(text) : Number.NaN
    if (Number.isFinite(number)) return number
    throw new LineError(
      `expected a value such as 1.5, 3i, true or "text", found ${at === from && at < to ? 'nothing' : found(text)}${reasonFor(text)}`,
    )
  }

  /** Between quotes a backslash keeps a quote or another backslash; before anything else it is itself. */
  #text(bytes: Buffer, from: number, to: number): string {
    let at = from + 1
    let isEscaped = false
    for (; at < to && bytes[at] !== QUOTE; at++) {
      const next = bytes[at + 1]
      if (bytes[at] !== BACKSLASH || at + 1 >= to || (next !== QUOTE && next !== BACKSLASH)) continue
      isEscaped = true
      at++
    }
    if (at >= to) {
      const text = bytes.toString('utf8', from, Math.min(to, from + 200))
      throw new LineError(`the text ${found(text)} has no closing quote`, true)
    }
    this.end = at + 1
    const text = bytes.toString('utf8', from + 1, at)
    return isEscaped ? text.replace(/\\(["\\])/g, '$1') : text
  }
}

/** What InfluxDB refuses, too, though it looks like a number. */
function reasonFor(text: string): string {
  if (/^\+[\d.]/.test(text)) return '; InfluxDB takes no plus sign in front of a number either'
  return /^[+-]?(nan|inf(inity)?)$/i.test(text) ? '; InfluxDB does not take it either' : ''
}

const isEnd = (bytes: Buffer, at: number, to: number): boolean =>
  at >= to || bytes[at] === COMMA || bytes[at] === SPACE

function integer(text: string): bigint {
  const value = BigInt(text.slice(0, -1))
  if (value > LARGEST || value < -LARGEST - 1n)
    throw new LineError(`${found(text)} does not fit into 64 bits, which Kapacitor has for integers`)
  return value
}
