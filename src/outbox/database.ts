// The file of the store as SQLite sees it: how it is opened, what its errors mean, and one transaction.
import { statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { makePrivate } from './private-file.ts'
import { migrate } from './schema.ts'

const BUSY_TIMEOUT_MS = 5000

/** Opens or creates the file, and brings it up to date. Throws StoreError, or SQLite's own error. */
export function openDatabase(path: string, maxBytes: number): DatabaseSync {
  makePrivate(path)
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    limit(db, maxBytes)
    // Before all that changes the file: one of a newer version is left as it is, its mode too.
    migrate(db)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** From now on the file does not grow beyond this, where it is not larger already. */
export function limit(db: DatabaseSync, maxBytes: number): void {
  const { page_size: pageSize } = db.prepare('PRAGMA page_size').get() as { page_size: number }
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`)
}

/** Statements by their names, prepared once. */
export const prepared = <Name extends string>(
  db: DatabaseSync,
  statements: Readonly<Record<Name, string>>,
): Record<Name, StatementSync> =>
  Object.fromEntries(
    Object.entries<string>(statements).map(([name, sql]) => [name, db.prepare(sql)]),
  ) as Record<Name, StatementSync>

export function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
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

/**
 * What an error speaks of. busy: another program holds the file. full: no room, on the disk or within the limit.
 * damaged: the file is no store, or not whole. unwritable: the disk or the file takes nothing, whatever the
 * reason. request: what was asked, not the disk.
 */
export type Trouble = 'busy' | 'full' | 'damaged' | 'unwritable' | 'request'

// SQLite's primary result codes.
const TROUBLE: Readonly<Record<number, Trouble>> = {
  3: 'unwritable', // PERM
  5: 'busy', // BUSY
  6: 'busy', // LOCKED
  7: 'unwritable', // NOMEM
  8: 'unwritable', // READONLY
  10: 'unwritable', // IOERR
  11: 'damaged', // CORRUPT
  13: 'full', // FULL
  14: 'unwritable', // CANTOPEN
  15: 'busy', // PROTOCOL
  22: 'unwritable', // NOLFS
  23: 'unwritable', // AUTH
  26: 'damaged', // NOTADB
}

export const troubleOf = (error: unknown): Trouble =>
  TROUBLE[((error as { errcode?: number }).errcode ?? 0) & 0xff] ?? 'request'

/** The disk, not the file's content: another day it may take what it does not take now. */
export const takesNothing = (trouble: Trouble): boolean => trouble === 'full' || trouble === 'unwritable'

/**
 * Opens a file for reading where it cannot be opened for writing. Undefined where that is not possible either.
 * NOTE: SQLite wants to make a file beside one in WAL mode even to read it; with `immutable` it does not, and then
 * it does not look into the log: right only where there is none.
 */
export function openReadOnly(path: string): DatabaseSync | undefined {
  const url = pathToFileURL(path)
  url.search = hasLog(path) ? '' : '?immutable=1'
  try {
    const db = new DatabaseSync(url, { readOnly: true })
    db.prepare('SELECT count(*) FROM sqlite_master').get()
    return db
  } catch {
    return undefined
  }
}

const hasLog = (path: string): boolean => (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
