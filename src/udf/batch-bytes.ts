// The bytes of one batch on their way: all frames, as long as they fit, and in any case the first point, the
// one that decides the level and the newest ones, which become the rows of an event.
import type { BatchPoints } from '../incident/batch-judge.ts'
import type { Change } from '../incident/judgement.ts'
import type { FieldNames } from '../incident/node-settings.ts'
import { type Additions, annotated, type DataKind } from '../wire/annotate.ts'
import { decodeBegin, decodeEnd } from '../wire/batch-edges.ts'
import { FrameReader } from '../wire/frame.ts'
import { openEnvelope, RequestKind } from '../wire/messages.ts'
import { PointView } from '../wire/point-view.ts'
import type { Frame } from './data-flow.ts'
import { additionsFor, type Present, Runs } from './returns.ts'

// Of the newest points that are kept as rows: each is more than an event can hold.
const MAX_ROW_BYTES = 128 * 1024
const MAX_ROWS = 2700

export class BatchBytes {
  readonly #maxBytes: number
  #whole: Runs | undefined = new Runs()
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
  edge(frame: Frame): void {
    this.#keep(frame)
  }

  point(frame: Frame, decides: boolean): void {
    const point = this.#keep(frame)
    this.#count++
    this.#first ??= point
    if (decides) this.#deciding = point
    this.#rows.push(point)
    this.#rowBytes += point.length
    while (this.#rows.length > 1 && (this.#rowBytes > MAX_ROW_BYTES || this.#rows.length > MAX_ROWS))
      this.#rowBytes -= this.#rows.shift()!.length
  }

  points(): BatchPoints {
    const rows = this.#rows
    return {
      count: this.#count,
      first: view(this.#first!),
      deciding: view(this.#deciding ?? rows.at(-1)!),
      *rows(atMost) {
        const point = new PointView()
        for (const row of rows.slice(-atMost)) yield point.read(row, 0, row.length)
      },
    }
  }

  /** The whole batch in parts, with what its event adds, once; undefined when it was too long to be kept. */
  annotated(names: FieldNames, change: Change): Buffer[] | undefined {
    const whole = this.#whole?.take()
    if (!whole) return undefined
    const reader = new FrameReader(this.#maxBytes)
    const point = new PointView()
    const returned = new Runs()
    for (const run of whole)
      reader.read(run, (bytes, start, end, from) => {
        const { kind, ...message } = openEnvelope(bytes, start, end)
        const body = bytes.subarray(message.start, message.end)
        const additions = additionsFor(names, change, present(kind, body, point))
        const adds = additions && (kind === RequestKind.point || hasTags(additions))
        if (adds) returned.push(annotated(kind as DataKind, body, additions))
        else returned.add(bytes, from, end)
      })
    return returned.take()
  }

  #keep({ bytes, from, to, start, end }: Frame): Buffer {
    this.#size += to - from
    if (this.#size > this.#maxBytes) this.#whole = undefined
    this.#whole?.add(bytes, from, to)
    return bytes.subarray(start, end)
  }
}

/** What the message has already. */
function present(kind: RequestKind, body: Buffer, point: PointView): Present {
  if (kind === RequestKind.point) return point.read(body, 0, body.length)
  const { tags } = kind === RequestKind.begin ? decodeBegin(body) : decodeEnd(body)
  return { field: () => undefined, tag: name => tags.get(name) }
}

const hasTags = ({ tags }: Additions): boolean => tags !== undefined && tags.size > 0

const view = (message: Buffer): PointView => new PointView().read(message, 0, message.length)
