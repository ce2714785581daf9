// The body for Squadcast's Incident Webhook: a title, a description in Markdown for whoever is woken by it,
// tags to route by, a priority. Pure. How large a body may be is known to shrink.ts, not here.
import type { IncidentEvent } from '../incident/event.ts'
import type { LevelName } from '../incident/level.ts'
import { detailsMarkdown } from './author-details.ts'
import { namedIn } from './condition-fields.ts'
import { cutText, idToSend } from './cut-text.ts'
import { cellText, remarks } from './details.ts'
import { markdownCode, markdownTable, markdownText, withoutControls } from './markdown.ts'
import { currentReadings, type Reading } from './rows.ts'
import { span } from './span.ts'

/** P1 ... P5. */
export type PriorityByLevel = Readonly<Partial<Record<LevelName, string>>>

const COLORS: Readonly<Record<LevelName, string>> = {
  OK: '#2e7d32',
  INFO: '#1976d2',
  WARNING: '#ffa000',
  CRITICAL: '#d32f2f',
}
const BARE_MESSAGE = 1_000

/** @param lateByMs milliseconds since the event was made. */
export function incidentPayload(
  event: IncidentEvent,
  lateByMs: number,
  priorities: PriorityByLevel,
): unknown {
  const shown = { message: title(event), description: description(event, lateByMs) }
  const event_id = idToSend(event.incident)
  if (event.kind === 'resolve') return { status: 'resolve', event_id, ...shown }
  const priority = event.priority ?? priorities[event.level]
  return {
    ...shown,
    tags: tags(event),
    ...(priority !== undefined && { priority }),
    status: 'trigger',
    event_id,
  }
}

/** For a second try, after the whole was refused: what the webhook requires, and nothing else. */
export function bareIncidentPayload(event: IncidentEvent): unknown {
  const event_id = idToSend(event.incident)
  if (event.kind === 'resolve') return { status: 'resolve', event_id }
  const message = cutText(withoutControls(title(event)), BARE_MESSAGE)
  return { message, description: `${event.level}: ${markdownText(message)}`, status: 'trigger', event_id }
}

/** A trigger without a message is refused, so that something that can be seen must stand there. */
const title = (event: IncidentEvent): string =>
  [event.message, cutText(event.incident, BARE_MESSAGE)].find(text => withoutControls(text) !== '') ??
  event.level

/** Later ones win: what the script says by `.tag()` over everything, the level over the group's tags. */
function tags({ groupTags, level, labels = [] }: IncidentEvent): Record<string, unknown> {
  const all = new Map<string, unknown>(Object.entries(groupTags))
  all.set('level', { value: level, color: COLORS[level] })
  for (const [name, value] of labels) all.set(name, value)
  return Object.fromEntries([...all].filter(([name, value]) => name !== '' && value !== ''))
}

/** Without times: they are of no use to a responder, and Squadcast shows its own. */
function description(event: IncidentEvent, lateByMs: number): string {
  const readings = currentReadings(event)
  const rows = readings.map(({ name, value }) => [name, cellText(value)] as const)
  const blocks = [
    sentence(event),
    facts(event, readings),
    markdownTable(['Field', 'Value'], rows),
    detailsMarkdown(event),
    ...remarks(event, lateByMs).map(markdownText),
  ]
  return blocks.filter(block => block !== '').join('\n\n')
}

function sentence({ kind, level, previousLevel, duration }: IncidentEvent): string {
  if (kind === 'resolve') {
    const lasted = duration > 0n ? ` after ${span(Number(duration / 1_000_000n))}` : ''
    return previousLevel === 'OK' ? `Recovered${lasted}.` : `Recovered from ${previousLevel}${lasted}.`
  }
  return previousLevel === 'OK' ? `**${level}**` : `**${level}**, was ${previousLevel}`
}

function facts(event: IncidentEvent, readings: readonly Reading[]): string {
  const named = new Set(namedIn(event.condition))
  const values = readings
    .filter(({ name }) => named.has(name))
    .map(({ name, value }) => [name, cellText(value)])
  return [
    ['Condition', markdownCode(event.condition ?? '')],
    ['Value', assignments(values)],
    ['Group', assignments(Object.entries(event.groupTags))],
    ['Task', markdownText(event.task)],
  ]
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `- **${name}:** ${text}`)
    .join('\n')
}

const assignments = (pairs: readonly (readonly string[])[]): string =>
  pairs.map(([name = '', value = '']) => `${markdownText(name)} = ${markdownText(value)}`).join(', ')
