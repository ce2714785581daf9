// The points of a stream node: each is judged where it lies; a chunk's changes are one commit, and a chunk's
// output waits for it.
import { type Change, hasNoLevel } from '../incident/judgement.ts'
import { annotated } from '../wire/annotate.ts'
import { RequestKind } from '../wire/messages.ts'
import { PointView } from '../wire/point-view.ts'
import { WireError } from '../wire/wire-error.ts'
import type { DataFlow, FlowSurroundings, Frame } from './data-flow.ts'
import { additionsFor, Runs } from './returns.ts'
import type { Counts } from './task-link.ts'

export class StreamFlow implements DataFlow {
  readonly returned = new Runs()
  readonly changes: Change[] = []
  readonly counts: Counts = { points: 0, unlevelled: 0 }
  readonly #around: FlowSurroundings
  readonly #point = new PointView()

  constructor(around: FlowSurroundings) {
    this.#around = around
  }

  frame(frame: Frame): void {
    if (frame.kind !== RequestKind.point)
      throw new WireError('bad-message', 'a batch on the socket for streams')
    const point = this.#point.read(frame.bytes, frame.start, frame.end)
    const judgement = this.#around.link.judge.point(point)
    this.counts.points++
    if (hasNoLevel(judgement)) this.counts.unlevelled++
    if (typeof judgement === 'object') this.changes.push(judgement)
    const change = typeof judgement === 'object' && judgement.event ? judgement : undefined
    if (!change && !this.#around.settings.passThrough) return
    if (this.#around.hasRoom()) this.#return(frame, change, point)
    else this.#around.link.notReturned(frame.to - frame.from, 'store-too-slow')
  }

  #return({ bytes, from, to, start, end }: Frame, change: Change | undefined, point: PointView): void {
    const { settings, names } = this.#around
    const additions = settings.passThrough ? undefined : change && additionsFor(names, change, point)
    if (additions) this.returned.push(annotated(RequestKind.point, bytes.subarray(start, end), additions))
    else this.returned.add(bytes, from, to)
  }
}
