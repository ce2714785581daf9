// A file beside the store that only takes up room: given up when the disk is full, so that there is some left to
// write with; made again when there is plenty.
import { randomFillSync } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const LARGEST_BYTES = 4 * 1024 * 1024
/** Part of the largest size of the store. */
const PART = 16
/** It is made again only where so many times its size is free. */
const PLENTY = 4

export class Reserve {
  readonly bytes: number
  readonly #path: string

  constructor(storePath: string, maxStoreBytes: number) {
    this.#path = `${storePath}.reserve`
    this.bytes = Math.min(LARGEST_BYTES, Math.floor(maxStoreBytes / PART))
  }

  get isThere(): boolean {
    return existsSync(this.#path)
  }

  /** False when there was none. */
  giveUp(): boolean {
    if (!this.isThere) return false
    try {
      rmSync(this.#path)
      return true
    } catch {
      return false
    }
  }

  /** True when it was made; where room is scarce, or nothing can be written, it is not. */
  make(): boolean {
    if (this.isThere || !this.#isPlentyFree()) return false
    try {
      this.#write()
      return true
    } catch {
      this.giveUp()
      return false
    }
  }

  #isPlentyFree(): boolean {
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#path))
      return bavail * bsize > this.bytes * PLENTY
    } catch {
      return false
    }
  }

  /** Random bytes: a file system that compresses would keep no room for others. */
  #write(): void {
    const file = openSync(this.#path, 'w', 0o600)
    try {
      const block = Buffer.allocUnsafe(Math.min(this.bytes, 256 * 1024))
      for (let left = this.bytes; left > 0; left -= block.length)
        writeSync(file, randomFillSync(block), 0, Math.min(left, block.length))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
}
