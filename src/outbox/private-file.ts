// Files of the store are for its own user alone: they hold what was alerted, and whoever may read the lock's file may
// hold the lock.
import { chmodSync, closeSync, openSync } from 'node:fs'

const PRIVATE = 0o600

/** Makes an empty file that no one else may read, where there is none. SQLite gives its mode to the files beside it. */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'ax', PRIVATE))
  } catch {
    // It is there, or cannot be made: whoever opens it next says so.
  }
}

/** Takes it away from everyone else. */
export function keepPrivate(path: string): void {
  makePrivate(path)
  try {
    chmodSync(path, PRIVATE)
  } catch {
    // It is somebody else's, or the disk takes nothing.
  }
}
