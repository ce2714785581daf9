// Functions of TICKscript on texts. As in Go, places in a text count bytes, and a character is one of Unicode. Pure.
import { type Constant, ConstantError, type ConstantFunction, int } from './value.ts'

const text = (value: string): Constant => ({ kind: 'text', value })
const bool = (value: boolean): Constant => ({ kind: 'bool', value })
const count = (value: number): Constant => int('int', BigInt(value))

const of1 = (work: (a: string) => Constant): ConstantFunction => ({ takes: [['text']], gives: work })
const of2 = (work: (a: string, b: string) => Constant): ConstantFunction => ({
  takes: [['text', 'text']],
  gives: work,
})

/** Where a character of the second text stands in the first, in characters; -1: nowhere. */
const anyOf = (a: string, b: string, last: boolean): number => {
  const isThere = (sign: string): boolean => b.includes(sign)
  return last ? [...a].findLastIndex(isThere) : [...a].findIndex(isThere)
}

/** From a place in characters, or in JavaScript's units, to one in bytes. */
const byteAt = (before: string | readonly string[]): number =>
  Buffer.byteLength(typeof before === 'string' ? before : before.join(''))
const place = (a: string, at: number): Constant => count(at < 0 ? -1 : byteAt(a.slice(0, at)))
const placeOfAny = (a: string, b: string, last: boolean): Constant => {
  const at = anyOf(a, b, last)
  return count(at < 0 ? -1 : byteAt([...a].slice(0, at)))
}

function trimmed(a: string, signs: string, left: boolean, right: boolean): string {
  const characters = [...a]
  const isKept = (sign: string): boolean => !signs.includes(sign)
  const from = left ? characters.findIndex(isKept) : 0
  const to = right ? characters.findLastIndex(isKept) + 1 : characters.length
  return from < 0 ? '' : characters.slice(from, to).join('')
}

function replaced(a: string, from: string, to: string, most: bigint): string {
  const parts = from === '' ? ['', ...a, ''] : a.split(from)
  const times = most < 0n ? parts.length - 1 : Math.min(Number(most), parts.length - 1)
  return parts.reduce((before, part, at) => before + (at <= times ? to : from) + part)
}

function substring(a: string, from: bigint, to: bigint): Constant {
  const bytes = Buffer.from(a)
  // Kapacitor asks for an end in front of the last byte.
  if (from < 0n || to < from || to >= BigInt(bytes.length))
    throw new ConstantError(`strSubstring() of ${bytes.length} bytes has no part from ${from} to ${to}`)
  return text(bytes.toString('utf8', Number(from), Number(to)))
}

export const TEXT_FUNCTIONS: readonly (readonly [string, ConstantFunction])[] = [
  ['strContains', of2((a, b) => bool(a.includes(b)))],
  ['strContainsAny', of2((a, b) => bool(anyOf(a, b, false) >= 0))],
  ['strCount', of2((a, b) => count(b === '' ? [...a].length + 1 : a.split(b).length - 1))],
  ['strHasPrefix', of2((a, b) => bool(a.startsWith(b)))],
  ['strHasSuffix', of2((a, b) => bool(a.endsWith(b)))],
  ['strIndex', of2((a, b) => place(a, a.indexOf(b)))],
  ['strIndexAny', of2((a, b) => placeOfAny(a, b, false))],
  ['strLastIndex', of2((a, b) => place(a, a.lastIndexOf(b)))],
  ['strLastIndexAny', of2((a, b) => placeOfAny(a, b, true))],
  ['strLength', of1(a => count(Buffer.byteLength(a)))],
  ['strToLower', of1(a => text(a.toLowerCase()))],
  ['strToUpper', of1(a => text(a.toUpperCase()))],
  ['strTrim', of2((a, b) => text(trimmed(a, b, true, true)))],
  ['strTrimLeft', of2((a, b) => text(trimmed(a, b, true, false)))],
  ['strTrimRight', of2((a, b) => text(trimmed(a, b, false, true)))],
  ['strTrimSpace', of1(a => text(a.trim()))],
  ['strTrimPrefix', of2((a, b) => text(a.startsWith(b) ? a.slice(b.length) : a))],
  ['strTrimSuffix', of2((a, b) => text(b !== '' && a.endsWith(b) ? a.slice(0, -b.length) : a))],
  [
    'strReplace',
    {
      takes: [['text', 'text', 'text', 'int']],
      gives: (a: string, b: string, c: string, most: bigint) => text(replaced(a, b, c, most)),
    },
  ],
  ['strSubstring', { takes: [['text', 'int', 'int']], gives: substring }],
]
