// The first part of a line of line protocol: measurement and tags. A backslash keeps the comma, space or equals sign
// behind it from meaning anything; before anything else it is itself. As InfluxDB 1.x reads it. Pure.
import { compareText } from '../incident/order.ts'
import { found, LineError } from './line-error.ts'

/** What points have in common that differ in time and fields alone. */
export interface Series {
  readonly name: string
  /** Sorted by name, as Kapacitor sorts them. */
  readonly tags: readonly (readonly [name: string, value: string])[]
}

/** @param text without the space behind it. Throws LineError. */
export function readSeriesKey(text: string): Series {
  const [name = '', ...tags] = splitAt(text, ',')
  if (name === '') throw new LineError(`expected a measurement, found ${found(text)}`)
  const read = tags.map(readTag).sort(([a], [b]) => compareText(a, b))
  for (const [at, [tag]] of read.entries())
    if (tag === read[at + 1]?.[0]) throw new LineError(`the tag ${found(tag)} is there twice`)
  return { name: name.replace(/\\([, ])/g, '$1'), tags: read }
}

function readTag(text: string): readonly [string, string] {
  const [name = '', value, ...more] = splitAt(text, '=')
  if (name === '' || value === undefined)
    throw new LineError(`expected a tag such as host=a behind the comma, found ${found(text)}`)
  if (value === '') throw new LineError(`the tag ${found(name)} has no value`)
  if (more.length > 0)
    throw new LineError(
      `in the tag ${found(text)} a second '=' needs a backslash in front of it; and a space that ends the tags may not have one`,
    )
  return [unescaped(name), unescaped(value)]
}

/** Of names and values of tags, and of names of fields. */
export const unescaped = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text

/** At each of these that has no backslash in front. */
function splitAt(text: string, sign: ',' | '='): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    if (text[at - 1] === '\\') continue
    parts.push(text.slice(from, at))
    from = at + 1
  }
  parts.push(text.slice(from))
  return parts
}
