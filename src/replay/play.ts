// Plays files, one after the other, into one conversation: no faster than the sidecar takes it, and at the data's own
// pace where that is wanted. It ends at the end of the files, at the first line that cannot be read, or when told to.
import type { Conversation } from './conversation.ts'
import type { Encoder } from './encoder.ts'
import type { FileError } from './line-error.ts'
import type { BadMoment, BatchMoment, Moment, PointMoment } from './moment.ts'
import type { Source } from './open-source.ts'
import type { Pace } from './pace.ts'
import { isFromThere, isSelected, type Selection } from './selection.ts'

/** What was played so far. */
export interface Played {
  points: number
  batches: number
  /** Points of other measurements or databases, and some of these. */
  notSelected: number
  readonly others: Set<string>
  badLines: number
  /** Times of the earliest and the latest point that was sent, nanoseconds. */
  from: bigint | undefined
  to: bigint | undefined
}

export interface PlayParts {
  readonly conversation: Pick<Conversation, 'write' | 'over'>
  readonly encoder: Encoder
  readonly selection: Selection
  readonly pace: Pace
  readonly clock: {
    monotonicMs(): number
    after(ms: number, fire: () => void): () => void
  }
  readonly keepGoing: boolean
  readonly stopped: AbortSignal
  /** A line that cannot be read, and is passed over. */
  readonly bad: (error: FileError) => void
  /** Now and then, at least after each piece of a file. */
  readonly progress: (source: Source) => void | Promise<void>
}

const MOST_OTHERS = 5

/** Where the measurement is the right one, what is not has to be said. */
const otherName = (selection: Selection, point: PointMoment): string =>
  isFromThere(selection, point)
    ? point.series.name
    : `${point.series.name} in ${point.database}.${point.retentionPolicy ?? '?'}`

/** Bytes that are gathered for one write. */
const WRITE_BYTES = 64 * 1024

export class Play {
  readonly played: Played = {
    ...{ points: 0, batches: 0, notSelected: 0, others: new Set<string>(), badLines: 0 },
    ...{ from: undefined, to: undefined },
  }
  readonly #parts: PlayParts

  constructor(parts: PlayParts) {
    this.#parts = parts
  }

  /** Rejects with SourceError, FileError or ConversationError; what was played until then counts. */
  async source(source: Source): Promise<void> {
    try {
      for await (const moments of source.moments) {
        await this.#piece(source, moments)
        if (this.#parts.stopped.aborted) return
      }
    } finally {
      source.close()
    }
  }

  async #piece(source: Source, moments: Iterable<Moment>): Promise<void> {
    try {
      await this.#moments(source, moments)
    } finally {
      // What was taken was played, also in front of a line that cannot be read.
      await this.#flush(source)
    }
    await this.#parts.progress(source)
  }

  async #moments(source: Source, moments: Iterable<Moment>): Promise<void> {
    const { encoder, stopped } = this.#parts
    for (const moment of moments) {
      if (moment.kind === 'bad') this.#bad(moment)
      if (moment.kind === 'bad' || !this.#isWanted(moment)) continue
      const wait = this.#until(moment, source)
      if (wait) await wait
      if (stopped.aborted) return
      this.#take(moment)
      if (encoder.size >= WRITE_BYTES) await this.#flush(source)
    }
  }

  /** A moment that has come is no reason to wait for anything. */
  #until(moment: PointMoment | BatchMoment, source: Source): Promise<void> | undefined {
    const { pace, clock } = this.#parts
    const waitMs = pace.waitFor(moment.time, clock.monotonicMs())
    return waitMs > 0 ? this.#wait(waitMs, source) : undefined
  }

  async #wait(ms: number, source: Source): Promise<void> {
    await this.#flush(source)
    const { clock, stopped, conversation } = this.#parts
    const ends = [stopped, conversation.over]
    if (ends.some(({ aborted }) => aborted)) return
    await new Promise<void>(resolve => {
      const cancel = clock.after(ms, done)
      function done(): void {
        cancel()
        for (const end of ends) end.removeEventListener('abort', done)
        resolve()
      }
      for (const end of ends) end.addEventListener('abort', done)
    })
  }

  #bad({ error }: BadMoment): void {
    if (!this.#parts.keepGoing) throw error
    this.played.badLines++
    this.#parts.bad(error)
  }

  #isWanted(moment: PointMoment | BatchMoment): boolean {
    if (moment.kind === 'batch' || isSelected(this.#parts.selection, moment)) return true
    const { others } = this.played
    this.played.notSelected++
    if (others.size < MOST_OTHERS) others.add(otherName(this.#parts.selection, moment))
    return false
  }

  #take(moment: PointMoment | BatchMoment): void {
    const { played } = this
    const { encoder } = this.#parts
    if (moment.kind === 'batch') {
      encoder.batch(moment)
      played.batches++
    } else encoder.point(moment)
    played.points += moment.kind === 'batch' ? moment.points.length : 1
    if (played.from === undefined || moment.time < played.from) played.from = moment.time
    if (played.to === undefined || moment.time > played.to) played.to = moment.time
  }

  async #flush(source: Source): Promise<void> {
    const { encoder, conversation, progress } = this.#parts
    if (encoder.size === 0) return
    await conversation.write(encoder.take())
    await progress(source)
  }
}
