// What every event must be, whatever point made it: small, the same after it was stored, and a body that
// Squadcast takes in both formats.
import { isDeepStrictEqual } from 'node:util'
import { MAX_EVENT_BYTES } from '../../../src/incident/bounded-event.ts'
import { decodeEvent, encodeEvent, type IncidentEvent } from '../../../src/incident/event.ts'
import { bareIncidentPayload, incidentPayload } from '../../../src/squadcast/incident-payload.ts'
import { bareKapacitorPayload, kapacitorPayload } from '../../../src/squadcast/kapacitor-payload.ts'
import { BODY_BYTES, bodyWithinBudget } from '../../../src/squadcast/shrink.ts'

const LATE_MS = 3_600_000
const FORMATS: Readonly<Record<string, (event: IncidentEvent) => unknown>> = {
  kapacitor: event => kapacitorPayload(event, LATE_MS),
  incident: event => incidentPayload(event, LATE_MS, { CRITICAL: 'P1' }),
  'bare kapacitor': bareKapacitorPayload,
  'bare incident': bareIncidentPayload,
}

// NOTE: V8's JSON.parse (seen in Node 24) mistakes some keys with an escape for a key `\` that it met before in an
// object of the same shape.
const ESCAPE_IN_KEY = /\\.[^"]*":/

/** A sentence, or undefined. */
export function wrongWithEvent(event: IncidentEvent): string | undefined {
  const stored = encodeEvent(event)
  const size = Buffer.byteLength(stored)
  if (size > MAX_EVENT_BYTES) return `an event of ${size} bytes`
  const read = decodeEvent(stored)
  if (!ESCAPE_IN_KEY.test(stored) && encodeEvent(read) !== stored)
    return `an event that is another after it was stored: ${stored} ||| ${encodeEvent(read)}`
  if (!ESCAPE_IN_KEY.test(stored) && !isDeepStrictEqual(read.groupTags, event.groupTags))
    return `group tags that were lost: ${stored.slice(0, 500)}`
  if (!stored.isWellFormed()) return `half characters in an event: ${stored.slice(0, 500)}`
  for (const [name, render] of Object.entries(FORMATS)) {
    const wrong = wrongWithBody(bodyWithinBudget(read, render))
    if (wrong) return `a ${name} body ${wrong}`
  }
  return
}

function wrongWithBody(body: string): string | undefined {
  if (Buffer.byteLength(body) > BODY_BYTES) return `of ${Buffer.byteLength(body)} bytes`
  try {
    JSON.parse(body)
  } catch (error) {
    return `that is no JSON: ${error}`
  }
  return
}
