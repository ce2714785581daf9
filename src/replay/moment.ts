// What a file holds, in order: points, batches, and what could not be read. Each has a time, by which it is paced.
import type { Field } from '../wire/point-writer.ts'
import type { FileError } from './line-error.ts'
import type { LentText } from './line-protocol.ts'
import type { Series } from './series-key.ts'

export interface PointMoment {
  readonly kind: 'point'
  readonly series: Series
  readonly fields: readonly Field[]
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  /** Undefined where the file does not say. */
  readonly database: string | undefined
  readonly retentionPolicy: string | undefined
  /** Its fields as they stand in the file. Lent: it holds until the next moment is asked for. */
  readonly lent?: LentText
}

export interface BatchPoint {
  readonly time: bigint
  readonly tags: Readonly<Record<string, string>>
  readonly fields: readonly Field[]
}

export interface BatchMoment {
  readonly kind: 'batch'
  readonly name: string
  readonly byName: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly points: readonly BatchPoint[]
  /** The batch's, which is not before its last point's. */
  readonly time: bigint
}

export interface BadMoment {
  readonly kind: 'bad'
  readonly error: FileError
}

export type Moment = PointMoment | BatchMoment | BadMoment

/** Reads one file that comes in pieces. */
export interface MomentReader {
  /** What became whole with this piece. Undefined: the file is over. Throws TooLongLine. */
  read(piece: Buffer | undefined): Generator<Moment>
}
