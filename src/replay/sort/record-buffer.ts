// Records in memory, in two pieces of bytes and a few columns of numbers, and sorted by those. Of records of one time
// and series the one that was added first comes first. Pure.
import type { LentText } from '../line-protocol.ts'
import type { Cursor } from './cursor.ts'

const FIRST_RECORDS = 4096
const FIRST_BYTES = 256 * 1024
/** Of one record, besides its fields: time, key, start, and its place in the order. */
const RECORD_BYTES = 24
/** Of a key that is known here, besides its characters. */
const KEY_BYTES = 100

export class RecordBuffer {
  /** Records in it. */
  count = 0
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #used = 0
  #high = new Int32Array(FIRST_RECORDS)
  #low = new Uint32Array(FIRST_RECORDS)
  #keyOf = new Uint32Array(FIRST_RECORDS)
  #starts = new Uint32Array(FIRST_RECORDS)
  readonly #keys = new Map<string, number>()
  #keyBytes = 0

  /** Bytes of memory that its records take. */
  get size(): number {
    return this.#used + this.count * RECORD_BYTES + this.#keyBytes
  }

  /** @param time nanoseconds since the epoch, in 64 bits. */
  add(key: string, time: bigint, { bytes, start, end }: LentText): void {
    const at = this.count
    if (at === this.#high.length) this.#growColumns()
    this.#makeRoom(end - start)
    this.#high[at] = Number(time >> 32n)
    this.#low[at] = Number(time & 0xffffffffn)
    this.#keyOf[at] = this.#numberOf(key)
    this.#starts[at] = this.#used
    bytes.copy(this.#bytes, this.#used, start, end)
    this.#used += end - start
    this.count++
  }

  /** Holds until something is added, or all is cleared. */
  sorted(): Cursor {
    const names = [...this.#keys.keys()]
    const order = this.#order(names)
    const [high, low, keyOf, starts, bytes] = [this.#high, this.#low, this.#keyOf, this.#starts, this.#bytes]
    const { count } = this
    const used = this.#used
    let next = 0
    return {
      ...{ high: 0, low: 0, key: '', bytes, start: 0, end: 0 },
      next() {
        if (next === count) return false
        const at = order[next++]!
        const here = this as { -readonly [Name in keyof Cursor]: Cursor[Name] }
        here.high = high[at]!
        here.low = low[at]!
        here.key = names[keyOf[at]!]!
        here.start = starts[at]!
        here.end = at + 1 === count ? used : starts[at + 1]!
        return true
      },
    }
  }

  clear(): void {
    this.count = 0
    this.#used = 0
    this.#keys.clear()
    this.#keyBytes = 0
  }

  /** Numbers of records. Sorting is stable, so that what was added first stays first. */
  #order(names: readonly string[]): Uint32Array {
    const byName = names.map((_, number) => number).sort((a, b) => (names[a]! < names[b]! ? -1 : 1))
    const ranks = new Uint32Array(names.length)
    for (const [rank, number] of byName.entries()) ranks[number] = rank
    const [high, low, keyOf] = [this.#high, this.#low, this.#keyOf]
    return new Uint32Array(this.count)
      .map((_, at) => at)
      .sort((a, b) => high[a]! - high[b]! || low[a]! - low[b]! || ranks[keyOf[a]!]! - ranks[keyOf[b]!]!)
  }

  #numberOf(key: string): number {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const number = this.#keys.size
    this.#keys.set(key, number)
    this.#keyBytes += KEY_BYTES + key.length
    return number
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#used + length))
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }

  #growColumns(): void {
    const grown = <Column extends Int32Array | Uint32Array>(column: Column, larger: Column): Column => {
      larger.set(column)
      return larger
    }
    const length = 2 * this.#high.length
    this.#high = grown(this.#high, new Int32Array(length))
    this.#low = grown(this.#low, new Uint32Array(length))
    this.#keyOf = grown(this.#keyOf, new Uint32Array(length))
    this.#starts = grown(this.#starts, new Uint32Array(length))
  }
}
