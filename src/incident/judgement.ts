// What becomes of a point or a batch, and what the endpoint's settings have to say about it.
import type { IncidentEvent } from './event.ts'
import type { Level } from './level.ts'
import type { StateChange } from './state-change.ts'

/** Where events go, and what that endpoint's settings say about them. */
export interface EndpointPolicy {
  readonly endpoint: string
  readonly minLevel: Level
  readonly retriggerOnRise: boolean
  /** Notify again of a posted incident at the first post that comes so long after the last, nanoseconds. Absent: never. */
  readonly postRepeatInterval?: bigint
}

/** Changes of state to commit, and the event that came of them. */
export interface Change {
  readonly changes: readonly StateChange[]
  readonly opening: number
  readonly endpoint: string
  readonly level: Level
  readonly event?: IncidentEvent
  /** What it comes of had no level. */
  readonly hasNoLevel?: true
}

/** No level: never an incident and never an error. Unchanged: a level that is no news. */
export type Judgement = 'unlevelled' | 'unchanged' | Change

export const hasNoLevel = (judgement: Judgement): boolean =>
  judgement === 'unlevelled' || (typeof judgement === 'object' && judgement.hasNoLevel === true)
