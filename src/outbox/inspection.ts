// A look at the store for a person who asks whether it is well: what is in the file, whether it is whole, how full it
// is. It only reads, makes no file, and lets go of the file between one table and the next.
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { requireSchema } from './schema.ts'
import type { StoreError } from './store-error.ts'

export interface Inspection {
  /** Older, newer, or never begun; undefined: of this version. */
  readonly version?: StoreError
  /** What SQLite finds wrong, at most a few; empty: nothing. */
  readonly damage: readonly string[]
  /** Tables that there was no time for. */
  readonly unseen: readonly string[]
  /** In use, without the pages that are free within the file. */
  readonly usedBytes: number
}

const MOST_FINDINGS = 3
const BUSY_TIMEOUT_MS = 2000

/**
 * Throws SQLite's own error where the file cannot be opened or is no database.
 * @param isOwned whether a daemon has it open.
 * @param hasTime asked before each table.
 */
export function inspectStore(path: string, isOwned: boolean, hasTime: () => boolean): Inspection {
  const db = open(path, isOwned)
  try {
    const version = versionTrouble(db)
    const tables = tablesOf(db)
    const damage: string[] = []
    let seen = 0
    for (; seen < tables.length && damage.length < MOST_FINDINGS && hasTime(); seen++)
      damage.push(...damageIn(db, tables[seen]!))
    return { ...(version && { version }), damage, unseen: tables.slice(seen), usedBytes: usedBytes(db) }
  } finally {
    db.close()
  }
}

/**
 * NOTE: beside a file in WAL mode that nobody has open SQLite would make two more, even to read it. With `immutable` it
 * makes none and looks into no log: right where there is none, and nobody who writes.
 */
function open(path: string, isOwned: boolean): DatabaseSync {
  const url = pathToFileURL(path)
  const hasLog = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  if (!isOwned && !hasLog) url.search = '?immutable=1'
  const db = new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function versionTrouble(db: DatabaseSync): StoreError | undefined {
  try {
    requireSchema(db)
    return undefined
  } catch (error) {
    return error as StoreError
  }
}

const tablesOf = (db: DatabaseSync): string[] =>
  (db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all() as { name: string }[]).map(
    ({ name }) => name,
  )

function damageIn(db: DatabaseSync, table: string): string[] {
  try {
    const rows = db.prepare(`PRAGMA quick_check("${table.replaceAll('"', '""')}")`).all()
    return rows.map(row => `${Object.values(row)[0]}`).filter(text => text !== 'ok')
  } catch (error) {
    return [`${table}: ${(error as Error).message}`]
  }
}

function usedBytes(db: DatabaseSync): number {
  const value = (pragma: string): number => Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0] as number
  return (value('page_count') - value('freelist_count')) * value('page_size')
}
