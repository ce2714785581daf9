// Puts together what stands of one point on several lines: records of the same time and series, which a cursor has one
// behind the other. Of a field that comes twice the later one counts, as in InfluxDB. Pure.
import { LineFields } from '../line-fields.ts'
import { type Cursor, comparePlaces } from './cursor.ts'

const COMMA = 0x2c
/** From here on, and whenever it has doubled, fields that come again are looked for: they may be without number. */
const LARGE_BYTES = 64 * 1024

export class Joined implements Cursor {
  high = 0
  low = 0
  key = ''
  bytes = Buffer.allocUnsafe(4096)
  readonly start = 0
  end = 0
  readonly #cursor: Cursor
  readonly #fields = new LineFields()
  #hasMore: boolean
  #large = LARGE_BYTES

  /** @param cursor moved by nothing else. */
  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#hasMore = cursor.next()
  }

  next(): boolean {
    if (!this.#hasMore) return false
    const { high, low, key } = this.#cursor
    this.high = high
    this.low = low
    this.key = key
    this.end = 0
    this.#large = LARGE_BYTES
    this.#take()
    while (this.#hasMore && comparePlaces(this, this.#cursor) === 0) {
      this.bytes[this.end++] = COMMA
      this.#take()
      if (this.end > this.#large) this.#shorten()
    }
    return true
  }

  /** There is always room for one more byte. */
  #take(): void {
    const { bytes, start, end } = this.#cursor
    const length = this.end + end - start
    if (length >= this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * length + 1)
      this.bytes.copy(larger, 0, 0, this.end)
      this.bytes = larger
    }
    this.end += bytes.copy(this.bytes, this.end, start, end)
    this.#hasMore = this.#cursor.next()
  }

  #shorten(): void {
    const latest = this.#fields.latest(this.bytes, 0, this.end)
    this.end = latest.copy(this.bytes)
    this.#large = Math.max(LARGE_BYTES, 2 * this.end)
  }
}
