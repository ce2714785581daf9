// Opens what is to be played: line protocol, plain or gzip, or a recording of Kapacitor's. What it is is told by its
// bytes, not by its name. Of a file of any size no more is in memory than a few pieces.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BatchLines } from './batch-lines.ts'
import type { Precision } from './line-protocol.ts'
import { TooLongLine } from './lines.ts'
import type { Moment, MomentReader } from './moment.ts'
import { looksRecorded, PointLines } from './point-lines.ts'
import { openQuery } from './query-entry.ts'
import { SourceError } from './source-error.ts'

export interface Source {
  readonly file: string
  readonly holds: 'points' | 'batches'
  /** Whether the order in which they stand means something: a recording has the points as Kapacitor got them. */
  readonly isRecording: boolean
  /** It may have no end. */
  readonly isPipe: boolean
  /** Piece by piece, once, and each whole before the next. Rejects and throws SourceError where it cannot be read on. */
  readonly moments: AsyncIterable<Iterable<Moment>>
  /** How much of it was read, 0 to 1; undefined where its size is not known. */
  portion(): number | undefined
  /** Lines so far, while they are only read and not played yet. */
  reading?(): number | undefined
  close(): void
}

export interface SourceOptions {
  readonly precision: Precision
  /** Of a recording with several queries; from 0. */
  readonly query: number | undefined
  /** What the file `-` is. */
  readonly stdin: Readable | undefined
}

const GZIP = [0x1f, 0x8b]
const ZIP = [0x50, 0x4b]
const PIECE_BYTES = 256 * 1024
const PEEK_BYTES = 4096

/** Rejects with SourceError. */
export async function openSource(path: string, options: SourceOptions): Promise<Source> {
  const raw = await openRaw(path, options.stdin)
  const { file } = raw
  const pieces = new Pieces(file, raw.stream)
  const start = await pieces.peek()
  if (beginsWith(start, ZIP)) return openBatches(raw, options.query)
  const plain = beginsWith(start, GZIP) ? new Pieces(file, gunzipped(pieces)) : pieces
  const isRecording = looksRecorded(firstLine(await plain.peek()))
  const reader = new PointLines(file, { isRecording, precision: options.precision })
  return {
    ...{ file, holds: 'points', isRecording, isPipe: !raw.isFile, portion: raw.portion },
    moments: momentsOf(file, plain, reader),
    close: () => void raw.stream.destroy(),
  }
}

async function* momentsOf(
  file: string,
  pieces: AsyncIterable<Buffer>,
  reader: MomentReader,
): AsyncGenerator<Iterable<Moment>> {
  for await (const piece of pieces) yield named(file, reader.read(piece))
  yield named(file, reader.read(undefined))
}

function* named(file: string, moments: Iterable<Moment>): Generator<Moment> {
  try {
    yield* moments
  } catch (error) {
    throw error instanceof TooLongLine ? new SourceError(`${file}: ${error.message}`) : error
  }
}

interface Raw {
  readonly file: string
  readonly stream: Readable
  /** A file that can be read from anywhere, not a pipe. */
  readonly isFile: boolean
  portion(): number | undefined
}

async function openRaw(file: string, stdin: Readable | undefined): Promise<Raw> {
  if (file === '-') {
    if (!stdin) throw new SourceError('there is nothing to read on the standard input')
    return { file: 'the standard input', stream: stdin, isFile: false, portion: () => undefined }
  }
  const stats = await stat(file).catch(error => {
    throw unreadable(file, error)
  })
  if (stats.isDirectory()) throw new SourceError(`${file} is a folder; name the files in it`)
  const stream = createReadStream(file, { highWaterMark: PIECE_BYTES })
  const portion = (): number => (stats.size === 0 ? 1 : Math.min(1, stream.bytesRead / stats.size))
  return { file, stream, isFile: stats.isFile(), portion: stats.isFile() ? portion : () => undefined }
}

async function openBatches({ file, stream, isFile }: Raw, query: number | undefined): Promise<Source> {
  stream.destroy()
  if (!isFile)
    throw new SourceError(`${file} is a recording of batches, which is read from its end: give it as a file`)
  const { content, size } = await openQuery(file, query)
  let read = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      read += (piece as Buffer).length
      yield piece as Buffer
    }
  }
  return {
    ...{ file, holds: 'batches', isRecording: true, isPipe: false },
    moments: momentsOf(file, new Pieces(file, counted()), new BatchLines(file)),
    portion: () => (size === 0 ? 1 : read / size),
    close: () => void content.destroy(),
  }
}

/** Pieces of bytes, of which the beginning can be looked at. */
class Pieces implements AsyncIterable<Buffer> {
  readonly #file: string
  readonly #rest: AsyncIterator<Buffer>
  #first: Buffer = Buffer.alloc(0)
  #isOver = false

  constructor(file: string, pieces: AsyncIterable<Buffer>) {
    this.#file = file
    this.#rest = pieces[Symbol.asyncIterator]()
  }

  /** At least the first line that is not blank, where it is of a usual length: a pipe may bring it in parts. */
  async peek(): Promise<Buffer> {
    while (!this.#isOver && this.#first.length < PEEK_BYTES && !hasLine(this.#first)) {
      const piece = await this.#next()
      if (piece.done) this.#isOver = true
      else this.#first = this.#first.length === 0 ? piece.value : Buffer.concat([this.#first, piece.value])
    }
    return this.#first
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    if (this.#first.length > 0) yield this.#first
    if (this.#isOver) return
    for (let piece = await this.#next(); !piece.done; piece = await this.#next()) yield piece.value
  }

  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#rest.next()
    } catch (error) {
      throw error instanceof SourceError ? error : unreadable(this.#file, error)
    }
  }
}

function gunzipped(pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // Its error comes to whoever reads.
  return pipeline(Readable.from(pieces), createGunzip({ chunkSize: PIECE_BYTES }), () => {})
}

function unreadable(file: string, cause: unknown): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException
  const because =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'Z_BUF_ERROR'
        ? 'it is cut off: was it still being written?'
        : message
  return new SourceError(`cannot read ${file}: ${because}`, { cause })
}

/** Bytes of gzip have newlines anywhere. */
const hasLine = (bytes: Buffer): boolean =>
  beginsWith(bytes, GZIP) || /\S[^\n]*\n/.test(bytes.toString('latin1'))

const beginsWith = (bytes: Buffer, magic: readonly number[]): boolean =>
  magic.every((byte, at) => bytes[at] === byte)

/** The first that is not blank. */
const firstLine = (bytes: Buffer): string =>
  bytes
    .toString('utf8', 0, 4096)
    .trimStart()
    .split(/[\r\n]/, 1)[0] ?? ''
