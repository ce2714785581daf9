// The queue of the store's thread: everything that waits goes into one transaction, in the order it came, and
// nothing overtakes.
//
// durable   requests go to the disk.
//             leaves: to waiting when another program holds the file; to volatile when the disk takes nothing, not
//             even after room was made.
// waiting   requests wait, and are tried again twice a second.
//             leaves: to durable, or to volatile.
// volatile  requests go to memory, and answers say so. The disk is tried again every other second.
//             leaves: to durable, once all of it is written.
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction, type Trouble, troubleOf } from './database.ts'
import type { Disk, OpenStore } from './disk.ts'
import type { Reach } from './fault-point.ts'
import type { Numbered, StoreNotice, StoreReply } from './requests.ts'
import { StoreError } from './store-error.ts'
import { VolatileState } from './volatile.ts'

export interface WriterParts {
  readonly disk: Pick<Disk, 'store' | 'readable' | 'open' | 'makeRoom' | 'replace'>
  readonly post: (message: StoreReply[] | StoreNotice) => void
  /** Calls once after some milliseconds. */
  readonly later: (ms: number, fire: () => void) => void
  readonly reach?: Reach
  /** After each transaction, with the state in memory if it went there; and once that is on the disk. */
  readonly written?: (requests: readonly Numbered[], memory: DatabaseSync | undefined) => void
}

const RETRY_MS = 500
const RETRY_DISK_MS = 2000

export class Writer {
  readonly #parts: WriterParts
  #queue: Numbered[] = []
  #waiting = false
  #failing = false
  #volatile: VolatileState | undefined
  /** The last try to write what is in memory found no room. */
  #isFull = false
  /** Why the disk takes nothing. */
  #reason: string | undefined
  #whenDone: (() => void) | undefined

  constructor(parts: WriterParts) {
    this.#parts = parts
  }

  add(requests: readonly Numbered[]): void {
    this.#queue.push(...requests)
    if (!this.#waiting) this.#write()
  }

  /** Calls once nothing waits any more, and what is in memory was tried to be written once more. */
  finish(done: () => void): void {
    this.#whenDone = done
    if (this.#queue.length === 0) this.#finished()
  }

  #write(): void {
    if (this.#queue.length === 0) return
    const target = this.#target()
    try {
      this.#done(inTransaction(target.db, () => this.#applyAll(target)))
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble === 'request') this.#oneByOne(target)
      else this.#trouble(trouble, error)
    }
  }

  #target(): OpenStore {
    const { disk } = this.#parts
    if (!this.#volatile && !disk.store) this.#turnVolatile('the file cannot be opened')
    return this.#volatile ?? disk.store!
  }

  #applyAll(target: OpenStore): StoreReply[] {
    const replies = this.#queue.map(numbered => this.#apply(numbered, target))
    this.#parts.reach?.('before-commit')
    return replies
  }

  #apply({ id, request }: Numbered, target: OpenStore): StoreReply {
    const isVolatile = target === this.#volatile ? { isVolatile: true as const } : {}
    if (request.op === 'unsaved') return { id, result: this.#volatile?.unsaved() ?? [] }
    return { id, result: target.tables.apply(request), ...isVolatile }
  }

  /** One request breaks the transaction: each gets its own, so that only that one fails. */
  #oneByOne(target: OpenStore): void {
    const replies: StoreReply[] = []
    try {
      for (const numbered of this.#queue) replies.push(this.#alone(numbered, target))
    } catch (error) {
      this.#answer(replies)
      this.#trouble(troubleOf(error), error)
      return
    }
    this.#done(replies)
  }

  /** Throws only what is of the disk. */
  #alone(numbered: Numbered, target: OpenStore): StoreReply {
    try {
      return inTransaction(target.db, () => this.#apply(numbered, target))
    } catch (error) {
      if (troubleOf(error) !== 'request') throw error
      return { id: numbered.id, error: { code: 'our-fault', message: messageOf(error) } }
    }
  }

  #done(replies: StoreReply[]): void {
    this.#parts.reach?.('after-commit')
    if (this.#failing) this.#parts.post({ notice: 'recovered' })
    this.#failing = false
    this.#answer(replies)
    if (this.#whenDone && this.#queue.length === 0) this.#finished()
  }

  /** The oldest of the queue are done with. */
  #answer(replies: StoreReply[]): void {
    const answered = this.#queue.splice(0, replies.length)
    this.#parts.post(replies)
    this.#parts.written?.(answered, this.#volatile?.db)
  }

  #trouble(trouble: Trouble, error: unknown): void {
    if (trouble === 'busy') this.#retryLater(error)
    else {
      if (trouble === 'damaged' || !this.#parts.disk.makeRoom()) this.#turnVolatile(messageOf(error))
      if (trouble === 'damaged') this.#replaceDamaged(error)
      this.#write()
    }
  }

  #retryLater(error: unknown): void {
    this.#failing = true
    this.#waiting = true
    this.#parts.post({ notice: 'failing', message: messageOf(error), waiting: this.#queue.length })
    this.#parts.later(RETRY_MS, () => {
      this.#waiting = false
      this.#write()
    })
  }

  #turnVolatile(message: string): void {
    // Memory that is full is not made better by more of it.
    if (this.#volatile) throw new StoreError('failing', `neither the disk nor memory takes it: ${message}`)
    // What is said next says more than that it is tried again.
    this.#failing = false
    this.#volatile = new VolatileState(() => this.#parts.disk.readable)
    this.#sayVolatile(message)
    this.#tryDiskLater()
  }

  /** Each reason once. */
  #sayVolatile(reason: string): void {
    if (reason === this.#reason) return
    this.#reason = reason
    this.#parts.post({ notice: 'volatile', message: reason })
  }

  #tryDiskLater(): void {
    this.#parts.later(RETRY_DISK_MS, () => {
      if (!this.#volatile || this.#writtenBack()) return
      this.#volatile.forgetSettled()
      this.#tryDiskLater()
    })
  }

  /** True when the disk has all of it: from now on it is the store again. */
  #writtenBack(): boolean {
    const { disk, post } = this.#parts
    const state = this.#volatile
    if (!state) return true
    try {
      if (!disk.store) disk.open()
      if (!disk.store) return false
      const { db } = disk.store
      inTransaction(db, () => {
        if (this.#isFull) state.dropSettled(db)
        state.writeBack(db)
      })
    } catch (error) {
      const wasFull = this.#isFull
      this.#isFull = troubleOf(error) === 'full'
      if (this.#isFull && (disk.makeRoom() || !wasFull)) return this.#writtenBack()
      this.#sayVolatile(messageOf(error))
      return false
    }
    this.#volatile = undefined
    this.#reason = undefined
    this.#isFull = false
    state.close()
    post({ notice: 'recovered' })
    this.#parts.written?.([], undefined)
    return true
  }

  #replaceDamaged(error: unknown): void {
    try {
      this.#parts.disk.replace(error)
    } catch {
      // Without a new file the state stays in memory until there is one.
      return
    }
    this.#writtenBack()
  }

  #finished(): void {
    if (!this.#writtenBack()) this.#volatile?.close()
    this.#volatile = undefined
    this.#whenDone?.()
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
