// The trigger and the resolve of a test: an incident of its own that says in every field that it is one.
import type { EventKind, IncidentEvent } from '../incident/event.ts'
import { rfc3339Nano } from '../incident/rfc3339.ts'

export const TEST_TASK = 'kapacitor-squadcast-test'

const DETAILS = 'Somebody ran `kapacitor-squadcast test`. The resolve follows at once.'

/** Its id names the host and the moment, so that no two tests are one incident. */
export const testIncident = (host: string, at: Date): string => `${TEST_TASK}/${host}/${at.toISOString()}`

export function testEvent(kind: EventKind, incident: string, time: bigint): IncidentEvent {
  const isTrigger = kind === 'trigger'
  return {
    kind,
    incident,
    level: isTrigger ? 'INFO' : 'OK',
    previousLevel: isTrigger ? 'OK' : 'INFO',
    message: isTrigger
      ? `TEST of kapacitor-squadcast, nothing is wrong: ${incident}`
      : `TEST of kapacitor-squadcast is over: ${incident}`,
    details: DETAILS,
    ownText: [0, DETAILS.length],
    time,
    duration: 0n,
    recoverable: true,
    task: TEST_TASK,
    node: 'test',
    group: 'nil',
    groupTags: {},
    series: [{ name: TEST_TASK, tags: {}, columns: ['time', 'test'], values: [[rfc3339Nano(time), true]] }],
  }
}
