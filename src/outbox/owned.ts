// Whether a daemon owns a store, as another process sees it. It looks at the lock and takes nothing: a daemon that
// starts at this very moment waits until it has looked.
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { troubleOf } from './database.ts'

/** Throws SQLite's own error when the lock cannot be looked at. */
export function isOwned(storePath: string): boolean {
  const path = `${storePath}.lock`
  if (!existsSync(path)) return false
  const lock = new DatabaseSync(path, { readOnly: true, timeout: 0 })
  try {
    lock.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    if (troubleOf(error) === 'busy') return true
    throw error
  } finally {
    lock.close()
  }
}
