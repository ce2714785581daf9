// The resolve of an incident that closed without a point: its contributors fell silent, or can never speak again.
import type { Closing } from './book.ts'
import type { IncidentEvent } from './event.ts'
import { levelName } from './level.ts'

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
    duration: time > incident.openedTime ? time - incident.openedTime : 0n,
    recoverable: true,
    task: who.task,
    node: who.node,
    group: who.group,
    groupTags: {},
    series: [],
  }
}
