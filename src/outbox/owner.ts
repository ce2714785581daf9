// One daemon per store. The lock is SQLite's own on a file beside the store: the kernel drops it with the
// process, however that ends. The text beside it only says who holds it.
import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

/** SQLite's result code for a lock that another connection holds. */
const SQLITE_BUSY = 5

export interface Owner {
  release(): void
}

/** Throws StoreError `in-use` when another process owns the store; SQLite's own error when there is no telling. */
export function own(storePath: string, pid: number): Owner {
  const holderPath = `${storePath}.owner`
  const lock = new DatabaseSync(`${storePath}.lock`, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause
    throw new StoreError('in-use', `the store ${storePath} is in use by ${holder(holderPath)}`, {
      cause,
      hint: 'Stop the other sidecar, or give this one a store of its own ([store] path).',
    })
  }
  writeFileSync(holderPath, `${pid}\n`)
  return { release: () => lock.close() }
}

function holder(path: string): string {
  try {
    return `process ${readFileSync(path, 'utf8').trim()}`
  } catch {
    return 'another process'
  }
}
