// The resolve of an incident that closed without a point: its contributors fell silent, can never speak again, or
// somebody resolved it by hand.
import type { Who } from './contributors.ts'
import { durationSince } from './duration.ts'
import type { IncidentEvent } from './event.ts'
import type { Incident, Opened } from './incident.ts'
import { type Level, levelFromName, levelName } from './level.ts'
import type { StateChange } from './state-change.ts'

/** An incident that closed without a point of its own. */
export interface Closing {
  readonly incident: Opened
  readonly changes: readonly StateChange[]
  /** The highest of its last contributors. */
  readonly who: Who
  readonly previousLevel: Level
  /** Nothing is told. */
  readonly quietly: boolean
}

/** A resolve whose time has come. */
export interface Released {
  readonly incident: Opened
  readonly changes: readonly StateChange[]
  readonly event: IncidentEvent
}

export interface ClosingWords {
  /** Why, as the end of a sentence: `nothing was heard of it for 10m0s`. */
  readonly reason: string
  /** Nanoseconds since the epoch. */
  readonly time: bigint
}

export function closingEvent(
  { incident, who, previousLevel }: Closing,
  { reason, time }: ClosingWords,
): IncidentEvent {
  return {
    kind: 'resolve',
    incident: incident.id,
    level: 'OK',
    previousLevel: levelName(previousLevel),
    message: `${incident.id} is OK: ${reason}`,
    time,
    duration: durationSince(incident.openedTime, time),
    recoverable: true,
    task: who.task,
    node: who.node,
    group: who.group,
    groupTags: {},
    series: [],
  }
}

/** Who spoke last for an incident whose contributors have all recovered: its held resolve tells. */
export function lastOf({ endpoint, id, held }: Incident): Pick<Closing, 'who' | 'previousLevel'> {
  const { task = '', node = '', group = '', previousLevel = 'OK' } = held?.event ?? {}
  return { who: { endpoint, id, task, node, group }, previousLevel: levelFromName(previousLevel)! }
}
