// What streams and batches have in common: frames go in, and after each chunk of input there are changes to
// commit and bytes to return.
import type { Change } from '../incident/judgement.ts'
import type { FieldNames, NodeSettings } from '../incident/node-settings.ts'
import type { RequestKind } from '../wire/messages.ts'
import type { Runs } from './returns.ts'
import type { Counts, TaskLink } from './task-link.ts'

/** One data message: the frame is `bytes[from, to)`, the message inside it `bytes[start, end)`. */
export interface Frame {
  readonly kind: RequestKind
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
}

export interface FlowSurroundings {
  readonly settings: NodeSettings
  /** Under which names level, id and the like are added to what goes back. */
  readonly names: FieldNames
  readonly link: TaskLink
  /** False while too much waits for the store already: then nothing more is handed back. */
  readonly hasRoom: () => boolean
  /** The longest batch that is kept in order to be returned. */
  readonly maxBatchBytes: number
}

export interface DataFlow {
  /** Since the last chunk; whoever takes them empties them. */
  readonly returned: Runs
  readonly changes: Change[]
  readonly counts: Counts
  /** Throws WireError on what Kapacitor would not send here. */
  frame(frame: Frame): void
}
