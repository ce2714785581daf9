// Events for the tests of delivery: what is kept in memory, and the body that belongs to it.
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { Level, levelName } from '../../src/incident/level.ts'

/** A CRITICAL trigger of incident `a` that was never tried, unless said otherwise. */
export function pending(given: Partial<PendingEvent> & { readonly seq: number }): PendingEvent {
  const kind = given.kind ?? 'trigger'
  return {
    endpoint: 'default',
    incident: 'a',
    task: 'cpu_alert',
    opening: 1,
    kind,
    level: kind === 'resolve' ? Level.ok : Level.critical,
    createdAt: Date.UTC(2026, 0, 1),
    attempts: 0,
    certain: true,
    bare: false,
    openingReceived: false,
    ...given,
  }
}

/** The body of an event: its message is the event's seq. */
export const bodyOf = (event: PendingEvent): IncidentEvent => ({
  kind: event.kind,
  incident: event.incident,
  level: levelName(event.level),
  previousLevel: 'OK',
  message: String(event.seq),
  time: 0n,
  duration: 0n,
  recoverable: true,
  task: event.task,
  node: 'squadcast2',
  group: 'nil',
  groupTags: {},
  series: [],
})
