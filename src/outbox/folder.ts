// The folder of the store.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes it with all above it, readable for its group. Throws what the system says.
 * NOTE: not by `recursive` of mkdirSync, which never returns below /proc.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o750 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o750 })
  }
}
