// From what a file holds to the bytes that Kapacitor would send for it. A series' common part is made once.
import { compareText } from '../incident/order.ts'
import { encodeHead, PointWriter } from '../wire/point-writer.ts'
import { type BatchEdge, requests } from '../wire/requests.ts'
import { dimensionsOf, type Grouping, groupId } from './grouping.ts'
import type { BatchMoment, PointMoment } from './moment.ts'
import type { Series } from './series-key.ts'

/** The encoded part that a series' points have in common, with a database and a retention policy. */
interface Head {
  readonly database: string | undefined
  readonly retentionPolicy: string | undefined
  readonly bytes: Uint8Array
}

export class Encoder {
  readonly #grouping: Grouping
  readonly #writer = new PointWriter()
  readonly #heads = new WeakMap<Series, Head>()

  constructor(grouping: Grouping) {
    this.#grouping = grouping
  }

  /** Bytes that wait to be taken. */
  get size(): number {
    return this.#writer.size
  }

  take(): Buffer {
    return this.#writer.take()
  }

  point(point: PointMoment): void {
    this.#writer.point(this.#headOf(point), point.time, point.fields)
  }

  /** Begin, its points, End. */
  batch({ name, byName, tags, points, time }: BatchMoment): void {
    const group = groupId({ name, tags: Object.entries(tags) }, Object.keys(tags).sort(compareText), byName)
    const edge: BatchEdge = { name, group, tags }
    this.#writer.frame(requests.begin(edge, points.length, byName))
    let head: Uint8Array | undefined
    let before: unknown
    for (const point of points) {
      if (!head || point.tags !== before) head = encodeHead({ group, tags: Object.entries(point.tags) })
      before = point.tags
      this.#writer.point(head, point.time, point.fields)
    }
    this.#writer.frame(requests.end(edge, time))
  }

  #headOf({ series, database, retentionPolicy }: PointMoment): Uint8Array {
    const known = this.#heads.get(series)
    if (known && known.database === database && known.retentionPolicy === retentionPolicy) return known.bytes
    const byName = this.#grouping.byMeasurement
    const dimensions = dimensionsOf(this.#grouping, series)
    const bytes = encodeHead({
      ...series,
      ...{ group: groupId(series, dimensions, byName), dimensions, byName },
      ...(database !== undefined && { database }),
      ...(retentionPolicy !== undefined && { retentionPolicy }),
    })
    this.#heads.set(series, { database, retentionPolicy, bytes })
    return bytes
  }
}
