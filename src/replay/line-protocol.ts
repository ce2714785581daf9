// One line of line protocol: `measurement,tag=value field=value timestamp`. It reads bytes and knows no file; a time is
// asked for, since a replay goes by the data's clock. Pure.
import { isUtf8 } from 'node:buffer'
import type { Field } from '../wire/point-writer.ts'
import { found, LineError } from './line-error.ts'
import { LineFields } from './line-fields.ts'
import { readSeriesKey, type Series } from './series-key.ts'

export interface LinePoint {
  readonly series: Series
  /** In the order of the line; of a name that stands twice the last counts. */
  readonly fields: readonly Field[]
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  /** The fields as they stand. Lent: it holds until the next line is read. */
  readonly lent: LentText
}

export interface LentText {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
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

const [TAB, SPACE, HASH, BACKSLASH, MINUS, ZERO, NINE] = [...'\t #\\-09'].map(sign => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]

/** Series that are known by their bytes. Beyond, all are forgotten and learned anew. */
const KNOWN_SERIES = 50_000
const LAST_TIME = 2n ** 63n - 1n

export class LineParser {
  readonly #unit: bigint
  readonly #fields = new LineFields()
  readonly #series = new Map<string, Series>()

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
    const fields = this.#fields.read(bytes, fieldsAt, end)
    const fieldsEnd = this.#fields.end
    return {
      ...{ series, fields, time: this.#time(bytes, fieldsEnd, end) },
      lent: { bytes, start: fieldsAt, end: fieldsEnd },
    }
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

  #time(bytes: Buffer, from: number, end: number): bigint {
    const start = behindBlanks(bytes, from, end)
    if (start === end)
      throw new LineError(
        'no timestamp at the end: a replay goes by the times of the points, so each needs one; write it behind the fields, as in cpu,host=a usage=1.5 1780000000000000000',
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

function behindBlanks(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] === SPACE) at++
  return at
}

const rest = (bytes: Buffer, from: number, end: number): string =>
  found(bytes.toString('utf8', from, Math.min(end, from + 200)))
