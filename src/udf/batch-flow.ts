// The batches of a node: Begin, points, End. The bytes of the batch at hand are kept, within max-message, so
// that it can be returned whole when its End makes an event; its newest points are kept in any case.
//
// between --Begin--> inside --point--> inside --End--> between. Anything else is refused.
import type { BatchJudge } from '../incident/batch-judge.ts'
import { type Change, hasNoLevel } from '../incident/judgement.ts'
import { decodeBegin, decodeEnd } from '../wire/batch-edges.ts'
import { RequestKind } from '../wire/messages.ts'
import { PointView } from '../wire/point-view.ts'
import { WireError } from '../wire/wire-error.ts'
import { BatchBytes } from './batch-bytes.ts'
import type { DataFlow, FlowSurroundings, Frame } from './data-flow.ts'
import { Runs } from './returns.ts'
import type { Counts } from './task-link.ts'

interface OpenBatch {
  readonly judge: BatchJudge
  readonly bytes: BatchBytes
  /** Its frames go back as they come. Decided once: an End without its Begin would kill Kapacitor. */
  readonly passes: boolean
}

export class BatchFlow implements DataFlow {
  readonly returned = new Runs()
  readonly changes: Change[] = []
  readonly counts: Counts = { points: 0, unlevelled: 0 }
  readonly #around: FlowSurroundings
  readonly #point = new PointView()
  #batch: OpenBatch | undefined

  constructor(around: FlowSurroundings) {
    this.#around = around
  }

  frame(frame: Frame): void {
    if (frame.kind === RequestKind.begin) this.#begin(frame)
    const batch = this.#batch
    if (!batch) throw new WireError('bad-message', 'a point or an end outside of a batch')
    if (frame.kind === RequestKind.point) this.#take(batch, frame)
    else if (frame.kind === RequestKind.end) this.#end(batch, frame)
    if (batch.passes) this.returned.add(frame.bytes, frame.from, frame.to)
  }

  #begin(frame: Frame): void {
    if (this.#batch) throw new WireError('bad-message', 'a batch begins inside of another')
    const head = decodeBegin(message(frame))
    const { settings, link, hasRoom, maxBatchBytes } = this.#around
    const bytes = new BatchBytes(settings.passThrough ? 0 : maxBatchBytes)
    bytes.edge(frame)
    this.#batch = { judge: link.judge.batch(head), bytes, passes: settings.passThrough && hasRoom() }
  }

  #take({ judge, bytes }: OpenBatch, frame: Frame): void {
    const point = this.#point.read(frame.bytes, frame.start, frame.end)
    bytes.point(frame, judge.point(point))
    this.counts.points++
  }

  #end({ judge, bytes, passes }: OpenBatch, frame: Frame): void {
    const { settings, link } = this.#around
    this.#batch = undefined
    const { tmax } = decodeEnd(message(frame))
    bytes.edge(frame)
    const judgement = bytes.isEmpty ? 'unchanged' : judge.end(tmax, bytes.points())
    if (hasNoLevel(judgement)) this.counts.unlevelled += bytes.count
    if (settings.passThrough && !passes) link.notReturned(bytes.size, 'store-too-slow')
    if (typeof judgement !== 'object') return
    this.changes.push(judgement)
    if (!settings.passThrough && judgement.event) this.#returnBatch(bytes, judgement)
  }

  #returnBatch(bytes: BatchBytes, change: Change): void {
    const { names, link, hasRoom } = this.#around
    const whole = bytes.annotated(names, change)
    if (!whole || !hasRoom()) link.notReturned(bytes.size, whole ? 'store-too-slow' : 'too-long')
    else for (const part of whole) this.returned.push(part)
  }
}

const message = (frame: Frame): Buffer => frame.bytes.subarray(frame.start, frame.end)
