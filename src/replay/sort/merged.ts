// Several cursors as one, by a heap: the smallest record is on top. Of records of one time and series that of the
// earlier cursor comes first. Pure.
import { type Cursor, comparePlaces } from './cursor.ts'

interface Entry {
  readonly cursor: Cursor
  /** Its number among all. */
  readonly rank: number
}

const isBefore = (a: Entry, b: Entry): boolean => (comparePlaces(a.cursor, b.cursor) || a.rank - b.rank) < 0

export class Merged implements Cursor {
  readonly #heap: Entry[] = []
  #isStarted = false

  /** @param cursors that were not moved yet. */
  constructor(cursors: readonly Cursor[]) {
    for (const [rank, cursor] of cursors.entries()) if (cursor.next()) this.#heap.push({ cursor, rank })
    for (let at = this.#heap.length >> 1; at-- > 0; ) this.#sink(at)
  }

  get #top(): Cursor {
    return this.#heap[0]!.cursor
  }
  get high(): number {
    return this.#top.high
  }
  get low(): number {
    return this.#top.low
  }
  get key(): string {
    return this.#top.key
  }
  get bytes(): Buffer {
    return this.#top.bytes
  }
  get start(): number {
    return this.#top.start
  }
  get end(): number {
    return this.#top.end
  }

  next(): boolean {
    if (this.#isStarted && this.#heap.length > 0 && !this.#top.next()) {
      const last = this.#heap.pop()!
      if (this.#heap.length > 0) this.#heap[0] = last
    }
    this.#isStarted = true
    this.#sink(0)
    return this.#heap.length > 0
  }

  #sink(from: number): void {
    const heap = this.#heap
    for (let at = from; ; ) {
      const left = 2 * at + 1
      const right = left + 1
      if (left >= heap.length) return
      const least = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left
      if (!isBefore(heap[least]!, heap[at]!)) return
      const entry = heap[at]!
      heap[at] = heap[least]!
      heap[least] = entry
      at = least
    }
  }
}
