// A file for what does not fit into the memory. Its name is gone as soon as it is open, so that it leaves nothing behind
// however the process ends, and its room is free again with it.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { SourceError } from '../source-error.ts'

/** There is nowhere to sort. */
export class SpillError extends SourceError {}

export class SpillFile {
  /** Bytes in it. */
  size = 0
  readonly #folder: string
  readonly #file: number

  /** Throws SpillError. */
  constructor(folder: string) {
    this.#folder = folder
    this.#file = this.#asked(() => {
      const own = mkdtempSync(join(folder, 'kapacitor-squadcast-sort-'))
      try {
        return openSync(join(own, 'points'), 'wx+', 0o600)
      } finally {
        rmSync(own, { recursive: true, force: true })
      }
    })
  }

  /** Throws SpillError. */
  append(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) {
      const written = this.#asked(() => writeSync(this.#file, bytes, done, bytes.length - done, this.size))
      done += written
      this.size += written
    }
  }

  /** Fills `into[from, to)` with what begins at `at`; what it says is how many bytes came. Throws SpillError. */
  read(into: Buffer, from: number, to: number, at: number): number {
    return this.#asked(() => readSync(this.#file, into, from, to - from, at))
  }

  close(): void {
    closeSync(this.#file)
  }

  #asked<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      const because =
        code === 'ENOSPC' || code === 'EDQUOT'
          ? `there is no room left after ${Math.ceil(this.size / 1e6)} MB`
          : message
      throw new SpillError(
        `cannot sort the points in ${this.#folder}: ${because}. Set TMPDIR to a folder that has room for all of them, or play data that are in order with --no-sort`,
        { cause },
      )
    }
  }
}
