// Go's functions for templates, on values. `and`, `or` and a printf with a written format are the renderer's.
import { integerOf, looseFormat, MOST_CHARACTERS, printed } from '../go-format.ts'
import { GoInt, GoMap, type Printable } from '../go-values.ts'
import { compares, isEqual, isTrue, kindOf, Unfit } from './comparison.ts'
import { forHtml, forJavaScript, forUrl } from './escape.ts'
import type { FunctionName } from './tree.ts'
import type { Work } from './work.ts'

type Run = (operands: readonly Printable[], work: Work) => Printable

export type SimpleFunction = Exclude<FunctionName, 'and' | 'or'>

/** Throws Unfit and TooMuchWork. The number of arguments was looked at before. */
export const RUN: Readonly<Record<SimpleFunction, Run>> = {
  eq: ([first, ...others]) => others.some(other => isEqual(first, other)),
  ne: ([a, b]) => compares('ne', a, b),
  lt: ([a, b]) => compares('lt', a, b),
  le: ([a, b]) => compares('le', a, b),
  gt: ([a, b]) => compares('gt', a, b),
  ge: ([a, b]) => compares('ge', a, b),
  not: ([value]) => !isTrue(value),
  index: ([map, ...keys]) => (keys.length === 0 ? map : indexed(map, keys[0])),
  len: ([value]) => lengthOf(value),
  slice: ([text, from, to]) => sliced(text, from, to),
  print: (values, work) => joined(values, work, spacedUnlessText),
  println: (values, work) => `${joined(values, work, () => ' ')}\n`,
  printf: ([format, ...values], work) => formatted(format, values, work),
  html: (values, work) => escaped(values, work, forHtml),
  js: (values, work) => escaped(values, work, forJavaScript),
  urlquery: (values, work) => escaped(values, work, forUrl),
}

/** As in Go, a missing tag is the empty string, and a missing field is no value. */
function indexed(map: Printable, key: Printable): Printable {
  if (!(map instanceof GoMap)) throw new Unfit(`${kindOf(map)} is neither .Tags nor .Fields`)
  if (typeof key !== 'string') throw new Unfit('the name is not a string')
  return map.entries.get(key) ?? (map.goType === 'map[string]string' ? '' : undefined)
}

/** Of a text in bytes, as in Go. */
function lengthOf(value: Printable): GoInt {
  if (typeof value === 'string') return new GoInt(Buffer.byteLength(value))
  if (value instanceof GoMap) return new GoInt(value.entries.size)
  throw new Unfit(`${kindOf(value)} has no length`)
}

/** Counted in bytes, as in Go; where Go gives up on a text that is too short, it is taken to its end. */
function sliced(text: Printable, from: Printable, to: Printable): string {
  if (typeof text !== 'string') throw new Unfit(`${kindOf(text)} is no text`)
  const bytes = Buffer.from(text)
  const start = placeIn(bytes, from, 0)
  const end = placeIn(bytes, to, bytes.length)
  if (start > end) throw new Unfit(`a text cannot begin at ${start} and end at ${end}`)
  return bytes.toString('utf8', start, end)
}

function placeIn(bytes: Buffer, value: Printable, otherwise: number): number {
  if (value === undefined) return otherwise
  const place = integerOf(value)
  if (place === undefined) throw new Unfit(`${kindOf(value)} is no place in a text`)
  if (place < 0n) throw new Unfit(`a text has no place ${place}`)
  return place > bytes.length ? bytes.length : Number(place)
}

type Between = (before: Printable, after: Printable) => string

const spacedUnlessText: Between = (before, after) =>
  typeof before === 'string' || typeof after === 'string' ? '' : ' '

function joined(values: readonly Printable[], work: Work, between: Between): string {
  let text = ''
  for (const [index, value] of values.entries()) {
    if (text.length > MOST_CHARACTERS) break
    const shown = (index === 0 ? '' : between(values[index - 1], value)) + printed(value)
    work.spend(shown.length)
    text += shown
  }
  return text
}

function formatted(format: Printable, values: readonly Printable[], work: Work): string {
  if (typeof format !== 'string') throw new Unfit(`${kindOf(format)} is no format`)
  work.spend(format.length)
  return looseFormat(format).print(values, work.spend)
}

const MISSING = '<no value>'

function escaped(values: readonly Printable[], work: Work, write: (text: string) => string): string {
  const shown = values.map(value => value ?? MISSING)
  const text = write(joined(shown, work, spacedUnlessText))
  work.spend(text.length)
  return text
}
