// Batches of one query of a recording of Kapacitor's: JSON, one a line (WriteBatchForRecording in its replay.go). As
// Kapacitor replays them: numbers are floats, a point without tags has its batch's, an empty batch is passed over. Pure.
import { nanosecondsOf } from '../incident/rfc3339.ts'
import type { PointValue } from '../wire/point-view.ts'
import type { Field } from '../wire/point-writer.ts'
import { FileError, LineError } from './line-error.ts'
import { Lines } from './lines.ts'
import type { BatchMoment, BatchPoint, Moment, MomentReader } from './moment.ts'

/** A batch is one line, and is read whole. */
const LONGEST_BATCH = 256 * 1024 * 1024

interface RawPoint {
  readonly fields?: Readonly<Record<string, unknown>> | null
  readonly tags?: Readonly<Record<string, string>> | null
  readonly time?: unknown
}

interface RawBatch {
  readonly name?: string
  readonly tmax?: string
  readonly byname?: boolean
  readonly tags?: Readonly<Record<string, string>> | null
  readonly points?: readonly RawPoint[] | null
}

export class BatchLines implements MomentReader {
  readonly #file: string
  readonly #lines = new Lines(LONGEST_BATCH)

  constructor(file: string) {
    this.#file = file
  }

  *read(piece: Buffer | undefined): Generator<Moment> {
    if (piece) this.#lines.feed(piece)
    else this.#lines.finish()
    while (this.#lines.next()) {
      const { bytes, start, end } = this.#lines
      if (start === end) continue
      const moment = this.#moment(bytes.toString('utf8', start, end))
      if (moment) yield moment
    }
  }

  #moment(text: string): Moment | undefined {
    try {
      return readBatch(text)
    } catch (error) {
      if (!(error instanceof LineError)) throw error
      return { kind: 'bad', error: new FileError(this.#file, this.#lines.number, error.message) }
    }
  }
}

/** Undefined: it holds no point. Throws LineError. */
export function readBatch(text: string): BatchMoment | undefined {
  const { name = '', tmax, byname = false, tags, points } = parsed(text)
  const read = (points ?? []).map(point => readPoint(point, tags ?? {}))
  const last = read.at(-1)
  if (!last) return undefined
  const end = tmax === undefined ? last.time : timeOf(tmax)
  return {
    ...{ kind: 'batch', name, byName: byname, tags: tags ?? {}, points: read },
    time: end > last.time ? end : last.time,
  }
}

function parsed(text: string): RawBatch {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawBatch
  } catch {
    // The same as any other thing that is no batch.
  }
  throw new LineError(
    `expected a batch, as JSON with name, tags and points; found ${JSON.stringify(text.slice(0, 40).toWellFormed())}`,
  )
}

function readPoint({ fields, tags, time }: RawPoint, ofBatch: Readonly<Record<string, string>>): BatchPoint {
  const read = Object.entries(fields ?? {}).filter(([, value]) => value !== null)
  return {
    time: timeOf(time),
    tags: tags && Object.keys(tags).length > 0 ? tags : ofBatch,
    fields: read.map(([name, value]): Field => [name, fieldValue(name, value)]),
  }
}

function fieldValue(name: string, value: unknown): PointValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.toWellFormed()
  throw new LineError(`the field ${JSON.stringify(name)} is no number, text or boolean`)
}

function timeOf(text: unknown): bigint {
  const time = typeof text === 'string' ? nanosecondsOf(text) : undefined
  if (time === undefined) throw new LineError(`expected a time in RFC 3339, found ${JSON.stringify(text)}`)
  return time
}
