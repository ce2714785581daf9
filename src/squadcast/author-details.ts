// Details as Markdown: the markup that a script's author wrote works, and no text of a point or a post does. Which is
// which was noted when the template was rendered, so nothing has to be searched for. Pure.
import { POSTS } from '../incident/contributors.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { htmlDecoded } from './html-escapes.ts'
import { markdownLines } from './markdown.ts'
import { markdownValue, ownMarkdown } from './markdown-value.ts'

/** Characters before a value that may say what it is a part of: no address of a link is longer. */
const CONTEXT = 2_000

export function detailsMarkdown({ details = '', ownText, task }: IncidentEvent): string {
  // Kapacitor makes the values of a post's details safe for HTML.
  if (task === POSTS.task) return markdownLines(htmlDecoded(details))
  // An event that an earlier version stored does not say which text is the author's.
  if (!ownText) return markdownLines(details)
  const shown: string[] = []
  let before = ''
  const show = (text: string): void => {
    shown.push(text)
    before = (before + text).slice(-CONTEXT)
  }
  for (const { own, value, next } of stretches(details, ownText)) {
    show(ownMarkdown(own, value !== ''))
    if (value !== '') show(markdownValue(value, { before, after: next }))
  }
  return shown.join('')
}

interface Stretch {
  readonly own: string
  /** What comes from the point, up to the author's next text. */
  readonly value: string
  /** The beginning of that. */
  readonly next: string
}

/** Where the details were cut, places behind their end mean nothing. */
function stretches(details: string, places: readonly number[]): Stretch[] {
  const found: Stretch[] = []
  const first = places[0] ?? details.length
  if (first > 0)
    found.push({ own: '', value: details.slice(0, first), next: details.slice(first, first + 1) })
  for (let index = 0; index < places.length; index += 2) {
    const [start = 0, end = details.length, following = details.length] = places.slice(index, index + 3)
    if (start >= details.length) break
    const value = details.slice(end, following)
    found.push({ own: details.slice(start, end), value, next: details.slice(following, following + 2) })
  }
  return found
}
