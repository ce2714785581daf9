// The queue of the store's thread: everything that waits goes into one transaction, in the order it came. When
// the disk does not take it, it stays in the queue and is tried again; nothing overtakes.
import type { DatabaseSync } from 'node:sqlite'
import type { Numbered, StoreNotice, StoreReply } from './requests.ts'
import type { Tables } from './tables.ts'

interface Surroundings {
  readonly db: DatabaseSync
  readonly tables: Tables
  readonly post: (message: StoreReply[] | StoreNotice) => void
  /** Calls once after some milliseconds. */
  readonly later: (ms: number, fire: () => void) => void
}

const RETRY_MS = 500

// Result codes of SQLite that speak of the disk or the file, not of the request.
const OF_THE_DISK = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 22, 23, 26])

export class Writer {
  readonly #around: Surroundings
  #queue: Numbered[] = []
  #failing = false
  #waiting = false
  #whenDone: (() => void) | undefined

  constructor(around: Surroundings) {
    this.#around = around
  }

  add(requests: readonly Numbered[]): void {
    this.#queue.push(...requests)
    if (!this.#waiting) this.#write()
  }

  /** Calls once nothing waits any more. */
  finish(done: () => void): void {
    if (this.#queue.length === 0) done()
    else this.#whenDone = done
  }

  #write(): void {
    const requests = this.#queue
    if (requests.length === 0) return
    try {
      this.#done(this.#transaction(() => requests.map(numbered => this.#apply(numbered))))
    } catch (error) {
      if (isOfTheDisk(error)) this.#retryLater(error)
      else this.#oneByOne()
    }
  }

  #apply({ id, request }: Numbered): StoreReply {
    return { id, result: this.#around.tables.apply(request) }
  }

  /** One request breaks the transaction: each gets its own, so that only that one fails. */
  #oneByOne(): void {
    const replies: StoreReply[] = []
    try {
      for (const numbered of this.#queue) replies.push(this.#alone(numbered))
    } catch (error) {
      this.#answer(replies)
      this.#retryLater(error)
      return
    }
    this.#done(replies)
  }

  /** Throws only what is of the disk. */
  #alone(numbered: Numbered): StoreReply {
    try {
      return this.#transaction(() => this.#apply(numbered))
    } catch (error) {
      if (isOfTheDisk(error)) throw error
      return { id: numbered.id, error: { code: 'our-fault', message: messageOf(error) } }
    }
  }

  #transaction<Result>(work: () => Result): Result {
    const { db } = this.#around
    db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      db.exec('COMMIT')
      return result
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }

  #done(replies: StoreReply[]): void {
    if (this.#failing) this.#around.post({ notice: 'recovered' })
    this.#failing = false
    this.#answer(replies)
    this.#whenDone?.()
  }

  /** The oldest of the queue are done with. */
  #answer(replies: StoreReply[]): void {
    this.#queue.splice(0, replies.length)
    this.#around.post(replies)
  }

  #retryLater(error: unknown): void {
    this.#failing = true
    this.#waiting = true
    this.#around.post({ notice: 'failing', message: messageOf(error), waiting: this.#queue.length })
    this.#around.later(RETRY_MS, () => {
      this.#waiting = false
      this.#write()
    })
  }
}

const isOfTheDisk = (error: unknown): boolean =>
  OF_THE_DISK.has(((error as { errcode?: number }).errcode ?? 0) & 0xff)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
