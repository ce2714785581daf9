// Points of a file: of line protocol, or of a recording of Kapacitor's, in which each point's line comes after one with
// its database and one with its retention policy (Kapacitor's replay.go). Pure.
import { isAscii } from 'node:buffer'
import { FileError, LineError } from './line-error.ts'
import { LineParser, type LinePoint, type Precision } from './line-protocol.ts'
import { Lines } from './lines.ts'
import type { Moment, MomentReader } from './moment.ts'

/** Kapacitor's own reader gives up at 64 KiB, the sidecar at `max-message`. */
export const LONGEST_LINE = 16 * 1024 * 1024

export class PointLines implements MomentReader {
  readonly #file: string
  readonly #isRecording: boolean
  readonly #parser: LineParser
  readonly #lines = new Lines(LONGEST_LINE)
  /** All bytes at hand are ASCII, as they mostly are: then no line need be looked at for it. */
  #isPlain = false
  #database: string | undefined
  #retentionPolicy: string | undefined

  constructor(file: string, how: { readonly isRecording: boolean; readonly precision: Precision }) {
    this.#file = file
    this.#isRecording = how.isRecording
    // Whatever the points came with, a recording counts nanoseconds.
    this.#parser = new LineParser(how.isRecording ? 'ns' : how.precision)
  }

  *read(piece: Buffer | undefined): Generator<Moment> {
    if (piece) this.#lines.feed(piece)
    else this.#lines.finish()
    this.#isPlain = isAscii(this.#lines.bytes)
    while (this.#lines.next()) {
      if (this.#isRecording && this.#isHeader()) continue
      const point = this.#point()
      if (point === 'later') return
      if (point instanceof FileError) yield { kind: 'bad', error: point }
      else if (point)
        yield { kind: 'point', ...point, database: this.#database, retentionPolicy: this.#retentionPolicy }
      if (!this.#isRecording) continue
      this.#database = this.#retentionPolicy = undefined
    }
    if (piece === undefined && this.#database !== undefined)
      yield { kind: 'bad', error: this.#error('the recording ends in the middle of a point') }
  }

  /** The two lines in front of a point. */
  #isHeader(): boolean {
    const { bytes, start, end } = this.#lines
    if (this.#retentionPolicy !== undefined) return false
    const text = bytes.toString('utf8', start, end)
    if (this.#database === undefined) this.#database = text
    else this.#retentionPolicy = text
    return true
  }

  #point(): LinePoint | FileError | 'later' | undefined {
    const lines = this.#lines
    let first: LineError | undefined
    for (;;) {
      try {
        return this.#parser.read(lines.bytes, lines.start, lines.end, this.#isPlain)
      } catch (error) {
        if (!(error instanceof LineError)) throw error
        first ??= error
        const joined = error.isUnfinished ? lines.join() : 'never'
        if (joined === 'later') return 'later'
        if (joined === 'never') return this.#error((error.isUnfinished ? first : error).message)
      }
    }
  }

  #error(problem: string): FileError {
    return new FileError(this.#file, this.#lines.number, problem)
  }
}

/** Whether a file's first line is the name of a database: a point has a space and an equals sign. */
export const looksRecorded = (line: string): boolean =>
  line.trim() !== '' && !line.startsWith('#') && !/[\s=]/.test(line.trim())
