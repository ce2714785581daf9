// One daemon per store. The lock is SQLite's own on a file beside the store: the kernel drops it with the
// process, however that ends. The text beside it only says who holds it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { takesNothing, troubleOf } from './database.ts'
import { keepPrivate } from './private-file.ts'
import { StoreError } from './store-error.ts'

/** Who only looks whether there is an owner holds the lock for a moment. */
const LOOK_MS = 500

export interface Owner {
  release(): void
}

/**
 * Throws StoreError `in-use` when another process owns the store; SQLite's own error when there is no telling. On a
 * disk that takes nothing a store that is there already is owned by whoever asks: better two than none.
 */
export function own(storePath: string, pid: number): Owner {
  const holderPath = `${storePath}.owner`
  let lock: DatabaseSync | undefined
  try {
    keepPrivate(`${storePath}.lock`)
    lock = new DatabaseSync(`${storePath}.lock`, { timeout: LOOK_MS })
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    const trouble = troubleOf(cause)
    if (takesNothing(trouble) && existsSync(storePath)) return { release() {} }
    if (trouble !== 'busy') throw cause
    throw new StoreError('in-use', `the store ${storePath} is in use by ${holder(holderPath)}`, {
      cause,
      hint: 'Stop the other sidecar, or give this one a store of its own ([store] path).',
    })
  }
  noteHolder(holderPath, pid)
  return { release: () => lock.close() }
}

function noteHolder(path: string, pid: number): void {
  try {
    writeFileSync(path, `${pid}\n`, { mode: 0o600 })
  } catch {
    // A full disk: the lock holds all the same.
  }
}

function holder(path: string): string {
  try {
    return `process ${readFileSync(path, 'utf8').trim()}`
  } catch {
    return 'another process'
  }
}
