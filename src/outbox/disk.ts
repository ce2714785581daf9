// The store on the disk: opens it, limits its size, takes old history out, makes room when there is none, and puts
// a new file in the place of a damaged one.
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { recover, setAside } from './damage.ts'
import { limit, openDatabase, openReadOnly, takesNothing, troubleOf } from './database.ts'
import { makeFolder } from './folder.ts'
import { type Pruned, prune, pruneForRoom, STEP } from './prune.ts'
import type { StoreNotice, StoreOptions } from './requests.ts'
import { Reserve } from './reserve.ts'
import { Tables } from './tables.ts'

export interface OpenStore {
  readonly db: DatabaseSync
  readonly tables: Tables
}

export interface DiskParts extends StoreOptions {
  /** Wall clock, ms. */
  readonly now: () => number
  readonly tell: (notice: StoreNotice) => void
}

export class Disk {
  readonly #parts: DiskParts
  readonly #reserve: Reserve
  #store: OpenStore | undefined
  /** While there is no store. */
  #readOnly: DatabaseSync | undefined
  /** A damaged file that has its new name, and of which nothing was recovered yet. */
  #aside: { readonly path: string; readonly reason: string } | undefined

  constructor(parts: DiskParts) {
    this.#parts = parts
    this.#reserve = new Reserve(parts.path, parts.maxSizeBytes)
  }

  /** Undefined while the file cannot be opened. */
  get store(): OpenStore | undefined {
    return this.#store
  }

  /** What can be read of it; undefined where nothing can. */
  get readable(): DatabaseSync | undefined {
    if (this.#store) return this.#store.db
    this.#readOnly ??= openReadOnly(this.#aside?.path ?? this.#parts.path)
    return this.#readOnly
  }

  /**
   * Opens or creates the file; a damaged one is set aside. Throws StoreError, or SQLite's error where there was no
   * store before that could be worked with; a store that is there but takes nothing leaves `store` undefined.
   */
  open(): void {
    const { path } = this.#parts
    const existed = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
    makeFolder(dirname(path))
    try {
      this.#openOrReplace()
    } catch (error) {
      if (!takesNothing(troubleOf(error))) throw error
      if (!this.#openedWithReserve() && !existed) throw error
    }
  }

  /** Sets the file aside and opens a new one, with what can be read of the old. Throws where that is not possible. */
  replace(cause: unknown): void {
    const { path, now } = this.#parts
    this.close()
    this.#aside = { path: setAside(path, new Date(now())), reason: (cause as Error).message }
    this.#open()
  }

  /** True when something was freed, so that it is worth another try. */
  makeRoom(): boolean {
    try {
      if (this.#pruned('for-room', db => pruneForRoom(db, this.#parts.now()))) return true
    } catch {
      // Even to take something out takes room.
    }
    return this.#giveUpReserve()
  }

  /** One step of taking out what is older than it is kept. True when there is more. */
  prune(): boolean {
    const now = this.#parts.now()
    return this.#pruned('old', db => prune(db, now - this.#parts.historyMs, now)) >= STEP
  }

  /** Where there is plenty of room again. */
  makeReserve(): void {
    if (this.#store && this.#reserve.make()) this.#limit()
  }

  close(): void {
    this.#store?.db.close()
    this.#readOnly?.close()
    this.#store = this.#readOnly = undefined
  }

  #openOrReplace(): void {
    try {
      this.#open()
    } catch (error) {
      if (troubleOf(error) !== 'damaged') throw error
      this.replace(error)
    }
  }

  #open(): void {
    const db = openDatabase(this.#parts.path, this.#maxBytes)
    this.#store = { db, tables: new Tables(db) }
    this.#readOnly?.close()
    this.#readOnly = undefined
    if (!this.#aside) return
    this.#parts.tell({ notice: 'set-aside', ...this.#aside, ...recover(this.#aside.path, db) })
    this.#aside = undefined
  }

  #openedWithReserve(): boolean {
    if (!this.#giveUpReserve()) return false
    try {
      this.#openOrReplace()
      return true
    } catch {
      return false
    }
  }

  #giveUpReserve(): boolean {
    if (!this.#reserve.giveUp()) return false
    this.#limit()
    this.#parts.tell({ notice: 'reserve-given-up' })
    return true
  }

  /** The reserve is part of the store's size. */
  get #maxBytes(): number {
    return this.#parts.maxSizeBytes - (this.#reserve.isThere ? this.#reserve.bytes : 0)
  }

  #limit(): void {
    if (this.#store) limit(this.#store.db, this.#maxBytes)
  }

  #pruned(why: 'old' | 'for-room', step: (db: DatabaseSync) => Pruned): number {
    if (!this.#store) return 0
    const { events, deadLetters } = step(this.#store.db)
    if (events + deadLetters > 0) this.#parts.tell({ notice: 'pruned', why, events, deadLetters })
    return events + deadLetters
  }
}
