// The details of an incident where the script wrote none, and what is added to them whoever wrote them: what
// was left out, and how late the event comes. Plain lines; the markup of a format is not made here.
import type { Cell, IncidentEvent } from '../incident/event.ts'
import { currentReadings } from './rows.ts'
import { span } from './span.ts'

const LATE_FROM_MS = 5 * 60_000

/** A few readable lines: the task, the group's tags, the fields. */
export function plainDetails(event: IncidentEvent): string {
  const tags = Object.entries(event.groupTags).map(([name, value]) => `${name}: ${value}`)
  const fields = currentReadings(event).map(({ name, value }) => `${name}: ${cellText(value)}`)
  return [...(event.task ? [`task: ${event.task}`] : []), ...tags, ...fields].join('\n')
}

/** What must be said beside the details; each is one sentence. */
export function remarks(event: IncidentEvent, lateByMs: number): string[] {
  const late = lateByMs > LATE_FROM_MS ? [`Delivered ${span(lateByMs)} late by kapacitor-squadcast.`] : []
  return [...(event.cut === undefined ? [] : [event.cut]), ...late]
}

export const cellText = (cell: Cell): string => (cell === null ? '' : String(cell))
