// What was told of an incident, or would have been; from wherever it is known.
import type { LevelName } from '../incident/level.ts'

export interface Told {
  readonly incident: string
  readonly level: LevelName
  readonly message: string
  /** Nanoseconds since the epoch, by the points' clock. */
  readonly time: bigint
  /** Undefined where only the sidecar knows. */
  readonly previousLevel?: LevelName
  /** Nanoseconds that the incident was open. */
  readonly duration?: bigint
}

/** opened and escalated are triggers, and so is one that is told again since `.stateChangesOnly()` asks for it. */
export const STEPS = ['opened', 'escalated', 'told again', 'resolved'] as const
export type Step = (typeof STEPS)[number]
