// The body that Kapacitor's own `.post()` would have sent for an event, equal key by key apart from the
// details. Pure. How large a body may be is known to shrink.ts, not here.
import type { IncidentEvent, Series } from '../incident/event.ts'
import { rfc3339Nano } from '../incident/rfc3339.ts'
import { cutText, idToSend } from './cut-text.ts'
import { plainDetails, remarks } from './details.ts'
import { withoutControls } from './markdown.ts'

const BARE_MESSAGE = 1_000

/** @param lateByMs milliseconds since the event was made. */
export function kapacitorPayload(event: IncidentEvent, lateByMs: number): unknown {
  return {
    id: idToSend(event.incident),
    message: event.message,
    details: [event.details ?? plainDetails(event), ...remarks(event, lateByMs)].join('\n'),
    time: rfc3339Nano(event.time),
    duration: event.duration,
    level: event.level,
    data: { series: event.series.map(seriesJson) },
    previousLevel: event.previousLevel,
    recoverable: event.recoverable,
  }
}

/** Kapacitor leaves an empty name and empty tags out. */
const seriesJson = ({ name, tags, columns, values }: Series): unknown => ({
  ...(name !== '' && { name }),
  ...(Object.keys(tags).length > 0 && { tags }),
  columns,
  values,
})

/** For a second try, after the whole was refused: nothing that anybody could object to. */
export function bareKapacitorPayload(event: IncidentEvent): unknown {
  return {
    id: idToSend(event.incident),
    message: cutText(withoutControls(event.message), BARE_MESSAGE),
    details: '',
    time: rfc3339Nano(event.time),
    duration: event.duration,
    level: event.level,
    data: { series: [] },
    previousLevel: event.previousLevel,
    recoverable: event.recoverable,
  }
}
