// Files of points as one: each point once, with all its fields, in the order of time. So the same data say the same
// whatever the order of their lines and files. All is read before the first point comes out.
import { setImmediate } from 'node:timers/promises'
import { compareText } from '../incident/order.ts'
import type { Field } from '../wire/point-writer.ts'
import { LineFields } from './line-fields.ts'
import type { LentText } from './line-protocol.ts'
import type { Moment, PointMoment } from './moment.ts'
import type { Source } from './open-source.ts'
import { PointKeys } from './point-key.ts'
import type { PointOrigin } from './selection.ts'
import { timeOf } from './sort/cursor.ts'
import type { Joined } from './sort/joined.ts'
import { PointSorter, type SorterLimits } from './sort/point-sorter.ts'
import { SpillError } from './sort/spill-file.ts'

export interface SortedHow extends SorterLimits {
  /** Other points come out at once, so that they are counted and take no room. */
  readonly isWanted: (point: PointOrigin) => boolean
  /** Lines that cannot be read are passed over: they come out at once, too. Else what stands in front is all there is. */
  readonly keepGoing: boolean
}

/** Points that come out in one piece. */
const PIECE_POINTS = 1000

/** @param sources of points, not of recordings. */
export function sortedSource(sources: readonly Source[], how: SortedHow): Source {
  return new Sorting(sources, how)
}

class Sorting implements Source {
  readonly file: string
  readonly holds = 'points'
  readonly isRecording = false
  readonly isPipe: boolean
  readonly moments: AsyncIterable<Iterable<Moment>>
  readonly #sources: readonly Source[]
  readonly #how: SortedHow
  readonly #sorter: PointSorter
  readonly #keys = new PointKeys()
  #at = 0
  readonly #fields = new LineFields()
  #isReading = true
  /** Lines that were sorted in, and the times of the first and the last of their points. */
  #lines = 0
  #from = 0n
  #to = 0n
  /** The time of the point that came out last. */
  #now = 0n

  constructor(sources: readonly Source[], how: SortedHow) {
    this.file = sources.map(({ file }) => file).join(', ')
    this.isPipe = sources.some(({ isPipe }) => isPipe)
    this.#sources = sources
    this.#how = how
    this.#sorter = new PointSorter(how)
    this.moments = this.#moments()
  }

  /** Of the files that are read; then of the time that they are about. */
  portion(): number | undefined {
    if (!this.#isReading)
      return this.#to === this.#from ? 1 : Number(this.#now - this.#from) / Number(this.#to - this.#from)
    return this.#sources.length === 1 ? this.#sources[0]!.portion() : this.#at / this.#sources.length
  }

  reading(): number | undefined {
    return this.#isReading ? this.#lines : undefined
  }

  close(): void {
    for (const source of this.#sources) source.close()
    this.#sorter.close()
  }

  async *#moments(): AsyncGenerator<Iterable<Moment>> {
    // What stands in front of a line or a place that cannot be read is played, as without sorting.
    let failure: unknown
    try {
      for (const source of this.#sources) {
        for await (const moments of source.moments) yield this.#read(moments)
        this.#at++
      }
    } catch (error) {
      if (error instanceof SpillError) throw error
      failure = error
    }
    for (const _ of this.#sorter.merge()) {
      yield []
      // So that a signal is heard.
      await setImmediate()
    }
    this.#isReading = false
    yield* this.#pieces(this.#sorter.sorted())
    if (failure !== undefined) throw failure
  }

  /** What is not to be sorted. */
  #read(moments: Iterable<Moment>): Moment[] {
    const others: Moment[] = []
    for (const moment of moments) {
      if (moment.kind === 'point' && moment.lent && this.#how.isWanted(moment)) {
        this.#add(moment, moment.lent)
      } else if (moment.kind === 'bad' && !this.#how.keepGoing) throw moment.error
      else others.push(moment)
    }
    return others
  }

  #add(moment: PointMoment, fields: LentText): void {
    const { time } = moment
    this.#sorter.add(this.#keys.of(moment), time, fields)
    if (this.#lines === 0 || time < this.#from) this.#from = time
    if (this.#lines === 0 || time > this.#to) this.#to = time
    this.#lines++
  }

  *#pieces(points: Joined): Generator<Iterable<Moment>> {
    for (let isMore = points.next(); isMore; ) {
      const piece: PointMoment[] = []
      for (; isMore && piece.length < PIECE_POINTS; isMore = points.next()) piece.push(this.#point(points))
      this.#now = piece.at(-1)!.time
      yield piece
    }
  }

  #point(point: Joined): PointMoment {
    const { bytes, start, end } = point
    const fields = this.#fields.read(bytes, start, end)
    return {
      ...{ kind: 'point', ...this.#keys.read(point.key) },
      ...{ fields: fields.length > 1 ? fields.sort(byName) : fields, time: timeOf(point) },
    }
  }
}

const byName = ([a]: Field, [b]: Field): number => compareText(a, b)
