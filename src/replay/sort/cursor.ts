// What is sorted: fields of a point as text, with the time and the key of the series they belong to. A cursor stands on
// one such record after the other, in order, and makes no object of any. Pure.

export interface Cursor {
  /** The time in nanoseconds since the epoch, in two halves: a number that fits no double, without a bigint each. */
  readonly high: number
  readonly low: number
  readonly key: string
  /** The fields are `bytes[start, end)`, until the cursor goes on. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** Goes to the next record, at first to the first. False: there is none. */
  next(): boolean
}

type Place = Pick<Cursor, 'high' | 'low' | 'key'>

/** By time, then by series: which of two comes first depends on nothing else. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.high !== b.high) return a.high - b.high
  if (a.low !== b.low) return a.low - b.low
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1
}

export const timeOf = ({ high, low }: Place): bigint => (BigInt(high) << 32n) | BigInt(low)
