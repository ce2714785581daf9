// A value of a point within Markdown that an author wrote: it shows as itself, and neither it nor its place beside the
// author's text makes markup. An author may put a value anywhere (in a link's address, in code, in HTML), so what is
// escaped here is more than where the whole text is the point's. Pure.
import { INVISIBLE_BREAK, markdownText } from './markdown.ts'

export interface Place {
  /** All that stands before it, as it is sent. */
  readonly before: string
  /** The author's text that follows at once: two characters are enough. */
  readonly after: string
}

// The last place in a text that is an address of a link, begun and not ended.
const IN_ADDRESS = /(?:(?<!\\)\]\(<?|(?<!\\)<(?=https?:))[^\s<>()]*$/i

export function markdownValue(value: string, { before, after }: Place): string {
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const address = IN_ADDRESS.exec(line)?.[0]
  if (address !== undefined) return addressPart(value, /^(?:\]\()?<?$/.test(address))
  const text = markdownText(value).replace(
    /\\(.)/gsu,
    (pair, character: string) => ENTITIES[character] ?? pair,
  )
  const [left, right] = [line.at(-1) ?? '', after]
  return `${lead(value, left)}${closed(separate(text, left), { line, right })}${trail(value, right)}`
}

// A whole tag or comment, the beginning of an address, or (not captured) what only begins a tag.
const TAG =
  /((?<!\\)<\/?[a-z][a-z\d-]*(?:\s+[^\s"'=<>`/]+(?:=(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<!--.{0,2000}?-->|(?<=\]\()<[^\s<>]*$|<https?:\/\/[^\s<>]*(?:>|$))|(?<!\\)<(?=[a-z/!?]|$)/gis

/** For the author's text before a value. What would take the value into itself is shown as text. */
export function ownMarkdown(own: string, hasValue: boolean): string {
  if (!hasValue) return own
  // A tag that ends behind the value: the value would be attributes, or the tag's name.
  const safe = own.replace(TAG, (whole: string, complete?: string) => complete ?? `\\${whole}`)
  // A backslash at the end would take away the one that keeps the value's first character harmless.
  const backslashes = /\\*$/.exec(safe)?.[0].length ?? 0
  return backslashes % 2 === 1 ? `${safe}\\` : safe
}

// Harmless in code and in HTML too, where a backslash is not.
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': '&#96;' }

const isWord = (character: string): boolean => /[\p{L}\p{N}]/u.test(character)

/** Blanks at the ends stay only between words: behind `#` or `-` one would make markup of it. */
const lead = (value: string, left: string): string => (/^\s/.test(value) && isWord(left) ? ' ' : '')
const trail = (value: string, right: string): string =>
  /\s$/.test(value) && isWord(right.charAt(0)) ? ' ' : ''

/** `[note]` and `(…)`, `1` and `. item`, `www` and `.example` are more together than apart. */
const separate = (text: string, left: string): string =>
  /\S/.test(left) ? text.replace(/^[.():]/, '\\$&') : text

function closed(text: string, { line, right }: { readonly line: string; readonly right: string }): string {
  // The author's link behind it would be an image, or the author's `)` make an item of a list.
  if (text.endsWith('!')) return `${text.slice(0, -1)}\\!`
  if (/www$/i.test(text) && right.startsWith('.')) return `${text}${INVISIBLE_BREAK}`
  const isItem = /^\d+$/.test(text) && /^[.)]/.test(right) && /^[\s>*+\-\d.)]*$/.test(line)
  return isItem ? `&#${text.charCodeAt(0)};${text.slice(1)}` : text
}

const ADDRESS_TEXT = /[^A-Za-z0-9\-./:?=&#%,;+]+/g

/** Part of a URL: what could end the address, or be markup if this is none, is written in percent. */
function addressPart(value: string, isBeginning: boolean): string {
  const text = value
    .toWellFormed()
    .replace(ADDRESS_TEXT, part => encodeURIComponent(part).replace(/[!'()*_~]/g, percent))
  const harmless = isBeginning && !/^(?:https?:\/\/|[^:]*$)/i.test(text) ? text.replaceAll(':', '%3A') : text
  return harmless.replaceAll('&', '&amp;')
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
