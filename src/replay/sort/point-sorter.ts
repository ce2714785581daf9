// Sorts points by time and series, and makes one point of all lines of one. What fits stays in memory; the rest lies in
// a temporary file as sorted runs, of which a bounded number is merged at a time.
import type { LentText } from '../line-protocol.ts'
import type { Cursor } from './cursor.ts'
import { Joined } from './joined.ts'
import { Merged } from './merged.ts'
import { RecordBuffer } from './record-buffer.ts'
import { type Run, RunCursor, writeRun } from './run.ts'
import { SpillFile } from './spill-file.ts'

export interface SorterLimits {
  /** Where runs are put. */
  readonly folder: string
  /** Records in memory take no more. */
  readonly memoryBytes?: number
  /** Runs that are read at the same time. */
  readonly fanIn?: number
}

const MEMORY_BYTES = 64 * 1024 * 1024
const FAN_IN = 128

export class PointSorter {
  readonly #folder: string
  readonly #memoryBytes: number
  readonly #fanIn: number
  readonly #buffer = new RecordBuffer()
  #runs: Run[] = []
  #file: SpillFile | undefined

  constructor({ folder, memoryBytes = MEMORY_BYTES, fanIn = FAN_IN }: SorterLimits) {
    this.#folder = folder
    this.#memoryBytes = memoryBytes
    this.#fanIn = fanIn
  }

  /**
   * Throws SpillError.
   * @param time nanoseconds since the epoch, in 64 bits.
   * @param fields as line protocol has them; they are copied.
   */
  add(key: string, time: bigint, fields: LentText): void {
    this.#buffer.add(key, time, fields)
    if (this.#buffer.size >= this.#memoryBytes) this.#spill()
  }

  /** To be run before `sorted`: as long as that takes, it pauses often. Throws SpillError. */
  *merge(): Generator<undefined, void> {
    while (this.#runs.length > this.#fanIn) yield* this.#mergeRuns()
  }

  /** All, in order; once, and until it is closed. Throws SpillError. */
  sorted(): Joined {
    // What is in memory came last, so it wins.
    return new Joined(merged([...cursorsOf(this.#runs), this.#buffer.sorted()]))
  }

  /** Gives up the memory and the file. */
  close(): void {
    this.#file?.close()
    this.#file = undefined
    this.#runs = []
    this.#buffer.clear()
  }

  #spill(): void {
    this.#file ??= new SpillFile(this.#folder)
    const writing = writeRun(new Joined(this.#buffer.sorted()), this.#file)
    let step = writing.next()
    while (!step.done) step = writing.next()
    this.#runs.push(step.value)
    this.#buffer.clear()
  }

  /** So many neighbours become one that the order in which they came stays. */
  *#mergeRuns(): Generator<undefined, void> {
    const before = this.#file!
    const after = new SpillFile(this.#folder)
    const runs: Run[] = []
    try {
      for (let at = 0; at < this.#runs.length; at += this.#fanIn) {
        const some = cursorsOf(this.#runs.slice(at, at + this.#fanIn))
        runs.push(yield* writeRun(new Joined(merged(some)), after))
      }
      this.#file = after
      this.#runs = runs
    } finally {
      // The one that is not used any more, however this ended.
      if (this.#file === after) before.close()
      else after.close()
    }
  }
}

const cursorsOf = (runs: readonly Run[]): Cursor[] => runs.map(run => new RunCursor(run))

const merged = (cursors: readonly Cursor[]): Cursor =>
  cursors.length === 1 ? cursors[0]! : new Merged(cursors)
