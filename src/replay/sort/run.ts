// A run: records that are sorted, one behind the other in a file. Numbers are big-endian.
import type { Cursor } from './cursor.ts'
import type { SpillFile } from './spill-file.ts'

/** Where it lies. */
export interface Run {
  readonly file: SpillFile
  readonly start: number
  readonly end: number
}

/** Lengths of key and fields, and the time. */
const HEAD_BYTES = 16
const WRITE_BYTES = 1024 * 1024
/** Of each run that is read at the same time. */
export const READ_BYTES = 256 * 1024

/** Pauses after each piece that was written. Throws SpillError. */
export function* writeRun(cursor: Cursor, file: SpillFile): Generator<undefined, Run> {
  const start = file.size
  let buffer = Buffer.allocUnsafe(WRITE_BYTES)
  let used = 0
  while (cursor.next()) {
    const key = Buffer.byteLength(cursor.key)
    const fields = cursor.end - cursor.start
    const length = HEAD_BYTES + key + fields
    if (used + length > buffer.length) {
      file.append(buffer.subarray(0, used))
      yield
      used = 0
      if (length > buffer.length) buffer = Buffer.allocUnsafe(length)
    }
    buffer.writeUInt32BE(key, used)
    buffer.writeUInt32BE(fields, used + 4)
    buffer.writeInt32BE(cursor.high, used + 8)
    buffer.writeUInt32BE(cursor.low, used + 12)
    buffer.write(cursor.key, used + HEAD_BYTES)
    cursor.bytes.copy(buffer, used + HEAD_BYTES + key, cursor.start, cursor.end)
    used += length
  }
  file.append(buffer.subarray(0, used))
  return { file, start, end: file.size }
}

export class RunCursor implements Cursor {
  high = 0
  low = 0
  bytes = Buffer.allocUnsafe(READ_BYTES)
  start = 0
  end = 0
  readonly #file: SpillFile
  /** Of what is not read yet, in the file. */
  #from: number
  readonly #to: number
  /** Bytes at hand. */
  #filled = 0
  #keyStart = 0
  #key: string | undefined

  constructor({ file, start, end }: Run) {
    this.#file = file
    this.#from = start
    this.#to = end
  }

  /** Made when asked for: mostly the times of two records differ. */
  get key(): string {
    this.#key ??= this.bytes.toString('utf8', this.#keyStart, this.start)
    return this.#key
  }

  /** Throws SpillError. */
  next(): boolean {
    if (!this.#has(HEAD_BYTES)) return false
    const at = this.end
    const { bytes } = this
    const key = bytes.readUInt32BE(at)
    const fields = bytes.readUInt32BE(at + 4)
    this.#has(HEAD_BYTES + key + fields)
    // What stands there may have moved to the front.
    const from = this.end
    this.high = this.bytes.readInt32BE(from + 8)
    this.low = this.bytes.readUInt32BE(from + 12)
    this.#keyStart = from + HEAD_BYTES
    this.start = this.#keyStart + key
    this.end = this.start + fields
    this.#key = undefined
    return true
  }

  /** Whether so many bytes stand behind the record at hand; they are read where they do not yet. */
  #has(length: number): boolean {
    if (this.#filled - this.end >= length) return true
    if (this.#filled === this.end && this.#from === this.#to) return false
    const rest = this.bytes.subarray(this.end, this.#filled)
    const target = length > this.bytes.length ? Buffer.allocUnsafe(2 * length) : this.bytes
    rest.copy(target)
    this.bytes = target
    this.#filled = rest.length
    this.end = 0
    while (this.#filled < length) {
      const wanted = Math.min(this.bytes.length, this.#filled + this.#to - this.#from)
      const read = this.#file.read(this.bytes, this.#filled, wanted, this.#from)
      if (read === 0) return false
      this.#from += read
      this.#filled += read
    }
    return true
  }
}
