// What a book is told, and what it answers. Shapes alone.
import type { NodeWishes, Who } from './contributors.ts'
import type { EventKind } from './event.ts'
import type { Again } from './incident.ts'
import type { Level } from './level.ts'
import type { StateChange } from './state-change.ts'

/** What a contributor's level is now. */
export interface Observation extends Who, NodeWishes {
  /** OK too where the level is below what opens an incident. */
  readonly level: Level
  /** Nanoseconds, by the point's clock. */
  readonly time: bigint
  /** Wall clock, ms. */
  readonly at: number
  /** False: only the first trigger of an incident is told. */
  readonly retriggerOnRise: boolean
  /** Tell again at the first point that is not OK after this long, ms. */
  readonly tellAgainAfterMs?: number
  /** Of posts: notify although the level is not above what was notified. */
  readonly again?: Again
  /** Of posts: the time of the alert, nanoseconds by Kapacitor's clock. */
  readonly alertTime?: bigint
  /** Hold the resolve this long, ms. */
  readonly recoveryDelayMs?: number
}

/** Something to tell: levels are the highest of the task's contributors, after and before. */
export interface News {
  readonly kind: EventKind
  readonly level: Level
  readonly previousLevel: Level
  readonly openedTime: bigint
}

export interface Decision {
  readonly opening: number
  readonly changes: readonly StateChange[]
  readonly news?: News
  /** The news waits until then; wall clock, ms. Give it to `hold`. */
  readonly heldUntil?: number
}
