// The bytes of one batch on their way: all frames, as long as they fit, and in any case the first point, the
// one that decides the level and the newest ones, which become the rows of an event.
import type { BatchPoints } from '../incident/batch-judge.ts'
import type { Change } from '../incident/judgement.ts'
import type { FieldNames } from '../incident/node-settings.ts'
import { type Additions, annotated } from '../wire/annotate.ts'
import { RequestKind } from '../wire/messages.ts'
import { PointView } from '../wire/point-view.ts'
import type { Frame } from './data-flow.ts'
import { additionsFor } from './returns.ts'

/** Bytes of the newest points that are kept as rows: more than an event can hold. */
const MAX_ROW_BYTES = 128 * 1024

interface Kept {
  readonly kind: typeof RequestKind.begin | typeof RequestKind.point | typeof RequestKind.end
  readonly frame: Buffer
  readonly message: Buffer
  /** Of Begin and End. */
  readonly tags: ReadonlyMap<string, string>
}

export class BatchBytes {
  readonly #maxBytes: number
  #frames: Kept[] | undefined = []
  #size = 0
  #count = 0
  #first: Buffer | undefined
  #deciding: Buffer | undefined
  readonly #rows: Buffer[] = []
  #rowBytes = 0

  /** @param maxBytes of the whole batch; beyond it the batch cannot be returned. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  get count(): number {
    return this.#count
  }

  /** Bytes of all frames so far. */
  get size(): number {
    return this.#size
  }

  /** Begin or End. */
  edge(frame: Frame, tags: ReadonlyMap<string, string>): void {
    this.#keep(frame, tags)
  }

  point(frame: Frame, decides: boolean): void {
    const point = this.#keep(frame)
    this.#count++
    this.#first ??= point
    if (decides) this.#deciding = point
    this.#rows.push(point)
    this.#rowBytes += point.length
    while (this.#rowBytes > MAX_ROW_BYTES && this.#rows.length > 1)
      this.#rowBytes -= this.#rows.shift()!.length
  }

  points(): BatchPoints {
    const rows = this.#rows
    return {
      first: view(this.#first!),
      deciding: view(this.#deciding ?? rows.at(-1)!),
      *rows() {
        const point = new PointView()
        for (const row of rows) yield point.read(row, 0, row.length)
      },
    }
  }

  /** The whole batch with what its event adds; undefined when it was too long to be kept. */
  annotated(names: FieldNames, change: Change): Buffer[] | undefined {
    const point = new PointView()
    return this.#frames?.map(({ kind, frame, message, tags }) => {
      const present = kind === RequestKind.point ? point.read(message, 0, message.length) : withTags(tags)
      const additions = additionsFor(names, change, present)
      return additions && addsTo(kind, additions) ? annotated(kind, message, additions) : frame
    })
  }

  #keep({ kind, bytes, from, to, start, end }: Frame, tags = NO_TAGS): Buffer {
    const message = bytes.subarray(start, end)
    this.#size += to - from
    if (this.#size > this.#maxBytes) this.#frames = undefined
    this.#frames?.push({ kind: kind as Kept['kind'], frame: bytes.subarray(from, to), message, tags })
    return message
  }
}

const NO_TAGS: ReadonlyMap<string, string> = new Map()

const withTags = (tags: ReadonlyMap<string, string>) => ({
  field: () => undefined,
  tag: (name: string) => tags.get(name),
})

const addsTo = (kind: Kept['kind'], { tags }: Additions): boolean =>
  kind === RequestKind.point || (tags !== undefined && tags.size > 0)

const view = (message: Buffer): PointView => new PointView().read(message, 0, message.length)
