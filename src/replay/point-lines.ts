// Points of a file: of line protocol, as an export of InfluxDB has it with a head, or of a recording of Kapacitor's, in
// which each point's line comes after one with its database and one with its retention policy (Kapacitor's replay.go). Pure.
import { isAscii } from 'node:buffer'
import { type Context, contextAfter, isStatement, NO_CONTEXT } from './export-head.ts'
import { FileError, LineError } from './line-error.ts'
import { LineParser, type LinePoint, type Precision } from './line-protocol.ts'
import { Lines } from './lines.ts'
import type { Moment, MomentReader } from './moment.ts'

/** Kapacitor's own reader gives up at 64 KiB, the sidecar at `max-message`. */
export const LONGEST_LINE = 16 * 1024 * 1024

const HASH = 0x23
const BYTE_ORDER_MARK = Buffer.from('\ufeff')

export class PointLines implements MomentReader {
  readonly #file: string
  readonly #isRecording: boolean
  readonly #parser: LineParser
  readonly #lines = new Lines(LONGEST_LINE)
  /** All bytes at hand are ASCII, as they mostly are: then no line need be looked at for it. */
  #isPlain = false
  #isFirst = true
  /** Where the next points are from. */
  #context: Context = NO_CONTEXT

  constructor(file: string, how: { readonly isRecording: boolean; readonly precision: Precision }) {
    this.#file = file
    this.#isRecording = how.isRecording
    // Whatever the points came with, a recording counts nanoseconds.
    this.#parser = new LineParser(how.isRecording ? 'ns' : how.precision)
  }

  *read(piece: Buffer | undefined): Generator<Moment> {
    if (piece) this.#lines.feed(this.#isFirst ? withoutMark(piece) : piece)
    else this.#lines.finish()
    this.#isFirst = false
    this.#isPlain = isAscii(this.#lines.bytes)
    while (this.#lines.next()) {
      if (this.#isRecording ? this.#isHeader() : this.#isComment()) continue
      const point = this.#point()
      if (point === 'later') return
      if (point instanceof FileError) {
        if (this.#isRecording || !isStatement(this.#line)) yield { kind: 'bad', error: point }
      } else if (point) yield { kind: 'point', ...point, ...this.#context }
      if (this.#isRecording) this.#context = NO_CONTEXT
    }
    if (piece === undefined && this.#isRecording && this.#context !== NO_CONTEXT)
      yield { kind: 'bad', error: this.#error('the recording ends in the middle of a point') }
  }

  /** The two lines in front of a point. */
  #isHeader(): boolean {
    const { database, retentionPolicy } = this.#context
    if (retentionPolicy !== undefined) return false
    this.#context =
      database === undefined
        ? { database: this.#line, retentionPolicy }
        : { database, retentionPolicy: this.#line }
    return true
  }

  /** Of an export; one says where the points behind it are from. */
  #isComment(): boolean {
    const { bytes, start } = this.#lines
    if (bytes[start] !== HASH) return false
    this.#context = contextAfter(this.#line, this.#context)
    return true
  }

  get #line(): string {
    const { bytes, start, end } = this.#lines
    return bytes.toString('utf8', start, end)
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

/** Editors of some systems put it in front of a text. */
const withoutMark = (piece: Buffer): Buffer =>
  piece.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? piece.subarray(BYTE_ORDER_MARK.length)
    : piece

/** Whether a file's first line is the name of a database: a point has a space and an equals sign. */
export const looksRecorded = (line: string): boolean =>
  line.trim() !== '' && !line.startsWith('#') && !/[\s=]/.test(line.trim())
