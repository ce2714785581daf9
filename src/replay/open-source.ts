// Opens what is to be played: line protocol, plain or gzip, or a recording of Kapacitor's. What it is is told by its
// bytes, not by its name. Of a file of any size no more is in memory than a few pieces.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BatchLines } from './batch-lines.ts'
import type { Precision } from './line-protocol.ts'
import type { MomentReader } from './moment.ts'
import { looksRecorded, PointLines } from './point-lines.ts'
import { openQuery } from './query-entry.ts'
import { SourceError } from './source-error.ts'

export interface Source {
  readonly file: string
  readonly holds: 'points' | 'batches'
  readonly reader: MomentReader
  /** To be read once. Rejects with SourceError where the file cannot be read on. */
  readonly pieces: AsyncIterable<Buffer>
  /** How much of it was read, 0 to 1; undefined where its size is not known. */
  portion(): number | undefined
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

/** Rejects with SourceError. */
export async function openSource(file: string, options: SourceOptions): Promise<Source> {
  const raw = await openRaw(file, options.stdin)
  const pieces = new Pieces(file, raw.stream)
  const start = await pieces.peek()
  if (beginsWith(start, ZIP)) return openBatches(raw, options.query)
  const plain = beginsWith(start, GZIP) ? new Pieces(file, gunzipped(pieces)) : pieces
  const isRecording = looksRecorded(firstLine(await plain.peek()))
  return {
    ...{ file, holds: 'points', pieces: plain, portion: raw.portion },
    reader: new PointLines(file, { isRecording, precision: options.precision }),
    close: () => void raw.stream.destroy(),
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
    ...{ file, holds: 'batches', reader: new BatchLines(file) },
    pieces: new Pieces(file, counted()),
    portion: () => (size === 0 ? 1 : read / size),
    close: () => void content.destroy(),
  }
}

/** Pieces of bytes, of which the first can be looked at. */
class Pieces implements AsyncIterable<Buffer> {
  readonly #file: string
  readonly #rest: AsyncIterator<Buffer>
  #first: IteratorResult<Buffer> | undefined

  constructor(file: string, pieces: AsyncIterable<Buffer>) {
    this.#file = file
    this.#rest = pieces[Symbol.asyncIterator]()
  }

  async peek(): Promise<Buffer> {
    this.#first ??= await this.#next()
    return this.#first.done ? Buffer.alloc(0) : this.#first.value
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let piece = this.#first ?? (await this.#next()); !piece.done; piece = await this.#next())
      yield piece.value
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

const beginsWith = (bytes: Buffer, magic: readonly number[]): boolean =>
  magic.every((byte, at) => bytes[at] === byte)

/** The first that is not blank. */
const firstLine = (bytes: Buffer): string =>
  bytes
    .toString('utf8', 0, 4096)
    .trimStart()
    .split(/[\r\n]/, 1)[0] ?? ''
