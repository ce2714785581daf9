// The details that a script's author wrote, as Markdown: the author's own markup works, text that came from
// points does not. Both arrive as one text, so what the points said is looked for in it. Pure.
import type { IncidentEvent } from '../incident/event.ts'
import { markdownText } from './markdown.ts'
import { replaceEach } from './replace-each.ts'

/** Too short to be markup by itself; escaping it would spoil the author's. */
const HARMLESS_LENGTH = 2

export function authorDetails(event: IncidentEvent): string {
  const details = event.details ?? ''
  // What was left out of the event may still stand in the details, and can no longer be told from the author's.
  if (event.cut !== undefined) return details.split('\n').map(markdownText).join('\n')
  const active = pointTexts(event)
    .flatMap(spellings)
    .filter(text => text.length > HARMLESS_LENGTH && text !== markdownText(text) && details.includes(text))
  return replaceEach(details, active, markdownText)
}

function pointTexts(event: IncidentEvent): string[] {
  const cells = event.series.flatMap(series => series.values.flat())
  const tags = [event.groupTags, ...event.series.map(series => series.tags)]
  return [
    event.message,
    event.incident,
    event.group,
    ...tags.flatMap(Object.entries).flat(),
    ...event.series.flatMap(({ name, columns }) => [name, ...columns]),
    ...cells.filter(cell => typeof cell === 'string'),
  ]
}

/** As templates write it: as it is, quoted by %q, or made safe for HTML by Kapacitor. */
function spellings(text: string): string[] {
  const html = text.replace(/[&<>"']/g, character => HTML[character] ?? character)
  return [text, JSON.stringify(text).slice(1, -1), html]
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}
