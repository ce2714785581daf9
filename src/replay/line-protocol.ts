// One line of line protocol: `measurement,tag=value field=value timestamp`. It reads bytes and knows no file; a time is
// asked for, since a replay goes by the data's clock. Pure.
import { isUtf8 } from 'node:buffer'
import type { Field } from '../wire/point-writer.ts'
import { ShortTexts } from '../wire/short-texts.ts'
import { FieldValues } from './field-value.ts'
import { found, LineError } from './line-error.ts'
import { readSeriesKey, type Series, unescaped } from './series-key.ts'

export interface LinePoint {
  readonly series: Series
  /** In the order of the line; of a name that stands twice the last counts. */
  readonly fields: readonly Field[]
  /** Nanoseconds since the epoch. */
  readonly time: bigint
}

/** What a timestamp counts, in nanoseconds; names as Kapacitor's and InfluxDB's APIs have them. */
export const PRECISIONS = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
} as const
export type Precision = keyof typeof PRECISIONS

const [TAB, SPACE, HASH, COMMA, EQUALS, BACKSLASH, MINUS, ZERO, NINE] = [...'\t #,=\\-09'].map(sign =>
  sign.charCodeAt(0),
) as [number, number, number, number, number, number, number, number, number]

/** Series that are known by their bytes. Beyond, all are forgotten and learned anew. */
const KNOWN_SERIES = 50_000
const LAST_TIME = 2n ** 63n - 1n

export class LineParser {
  readonly #unit: bigint
  readonly #values = new FieldValues()
  readonly #series = new Map<string, Series>()
  readonly #names = new ShortTexts()

  constructor(precision: Precision = 'ns') {
    this.#unit = PRECISIONS[precision]
  }

  /**
   * Reads `bytes[start, end)`, without its newline. Undefined: nothing but blanks, or a comment. Throws LineError.
   * @param plain the bytes are known to be ASCII.
   */
  read(bytes: Buffer, start: number, end: number, plain = false): LinePoint | undefined {
    let at = start
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
    if (at === end || bytes[at] === HASH) return undefined
    // Kapacitor would end the task over it.
    if (!plain && !isUtf8(bytes.subarray(at, end))) throw new LineError('the line is not UTF-8')
    const keyEnd = blankFrom(bytes, at, end)
    const series = this.#seriesOf(bytes, at, keyEnd)
    const fieldsAt = behindBlanks(bytes, keyEnd, end)
    if (fieldsAt === end)
      throw new LineError(
        `expected a space and fields such as usage=1.5 behind ${found(bytes.toString('utf8', at, keyEnd))}, found the end of the line`,
      )
    const fields = this.#fields(bytes, fieldsAt, end)
    return { series, fields, time: this.#time(bytes, this.#values.end, end) }
  }

  #seriesOf(bytes: Buffer, start: number, end: number): Series {
    const key = bytes.toString('latin1', start, end)
    const known = this.#series.get(key)
    if (known) return known
    const series = readSeriesKey(bytes.toString('utf8', start, end))
    if (this.#series.size >= KNOWN_SERIES) this.#series.clear()
    this.#series.set(key, series)
    return series
  }

  #fields(bytes: Buffer, start: number, end: number): Field[] {
    const fields: Field[] = []
    for (let at = start; ; at++) {
      const equals = nameEnd(bytes, at, end)
      const name = this.#name(bytes, at, equals, end)
      const value = this.#values.read(bytes, equals + 1, end)
      const twice = fields.findIndex(([other]) => other === name)
      if (twice >= 0) fields.splice(twice, 1)
      fields.push([name, value])
      at = this.#values.end
      if (at < end && bytes[at] !== COMMA && bytes[at] !== SPACE)
        throw new LineError(`expected a comma or a space behind a value, found ${rest(bytes, at, end)}`)
      if (at === end || bytes[at] === SPACE) return fields
    }
  }

  #name(bytes: Buffer, start: number, end: number, lineEnd: number): string {
    if (end === start || bytes[end] !== EQUALS)
      throw new LineError(`expected a field such as usage=1.5, found ${rest(bytes, start, lineEnd)}`)
    return unescaped(this.#names.read(bytes, start, end))
  }

  #time(bytes: Buffer, from: number, end: number): bigint {
    const start = behindBlanks(bytes, from, end)
    if (start === end)
      throw new LineError(
        'no timestamp at the end: a replay goes by the times of the points, so each needs one',
      )
    let at = bytes[start] === MINUS ? start + 1 : start
    const digits = at
    while (at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++
    if (at === digits || behindBlanks(bytes, at, end) !== end)
      throw new LineError(
        `expected a timestamp of digits and then the end of the line, found ${rest(bytes, start, end)}`,
      )
    const text = bytes.toString('latin1', start, at)
    const time = BigInt(text) * this.#unit
    if (time > LAST_TIME || time < -LAST_TIME)
      throw new LineError(
        `the timestamp ${found(text)} is beyond what 64 bits of nanoseconds hold; mind --precision`,
      )
    return time
  }
}

/** Where the first space without a backslash in front stands, or `end`. */
function blankFrom(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && (bytes[at] !== SPACE || (at > from && bytes[at - 1] === BACKSLASH))) at++
  return at
}

/** Where the name of a field ends: at a sign that has no backslash in front. It should be an equals sign. */
function nameEnd(bytes: Buffer, from: number, end: number): number {
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at]
    const isSign = byte === EQUALS || byte === COMMA || byte === SPACE
    if (isSign && (at === from || bytes[at - 1] !== BACKSLASH)) break
  }
  return at
}

function behindBlanks(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] === SPACE) at++
  return at
}

const rest = (bytes: Buffer, from: number, end: number): string =>
  found(bytes.toString('utf8', from, Math.min(end, from + 200)))
