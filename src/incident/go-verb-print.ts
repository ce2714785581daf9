// How one verb of printf writes a text, an integer or a DOUBLE. Undefined: the verb is not for it. Pure.
import { type FloatVerb, formatFloat } from './go-float.ts'
import { quote } from './go-quote.ts'
import type { Verb } from './go-verb.ts'

/** Characters of a text that are looked at; nothing shows more. */
const MOST_CHARACTERS = 64 * 1024 + 2

export function printText(verb: Verb, text: string): string | undefined {
  const { letter, precision, sharp } = verb
  const seen = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text
  if (letter === 'x' || letter === 'X') return pad(verb, hexOf(verb, seen))
  if (!'vsq'.includes(letter)) return undefined
  const shown = precision === undefined ? seen : firstCharacters(seen, precision)
  if (letter !== 'q') return pad(verb, shown)
  return pad(verb, sharp && isRaw(shown) ? `\`${shown}\`` : quote(shown, '"', verb.plus))
}

const isRaw = (text: string): boolean => !/[`\p{Cc}\ufeff]/u.test(text.replaceAll('\t', ''))

/** Of the bytes; the precision says of how many. */
function hexOf({ letter, precision, space, sharp }: Verb, text: string): string {
  const bytes = Buffer.from(text).subarray(0, precision)
  const hex = bytes.toString('hex')
  const prefix = sharp && hex !== '' ? '0x' : ''
  const spaced = space ? hex.replace(/..(?=.)/g, `$& ${prefix}`) : hex
  return letter === 'X' ? (prefix + spaced).toUpperCase() : prefix + spaced
}

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' }

export function printInteger(verb: Verb, value: bigint): string | undefined {
  const { letter, precision } = verb
  if (letter === 'q') return pad(verb, quote(characterOf(value), "'", verb.plus))
  if (letter === 'c') return pad(verb, characterOf(value))
  if (letter === 'U') return pad({ ...verb, zero: false }, unicode(verb, value))
  const base = BASES[letter]
  if (base === undefined) return undefined
  if (precision === 0 && value === 0n) return pad({ ...verb, zero: false }, '')
  const plain = (value < 0n ? -value : value).toString(base)
  const digits = (letter === 'X' ? plain.toUpperCase() : plain).padStart(precision ?? 0, '0')
  const prefix = letter === 'O' ? '0o' : verb.sharp ? (PREFIXES[letter] ?? '') : ''
  // An octal number that begins with a zero needs no other.
  const lead = prefix === '0' && digits.startsWith('0') ? '' : prefix
  return padNumber(
    precision === undefined ? verb : { ...verb, zero: false },
    value < 0n ? '-' : '',
    digits,
    lead,
  )
}

const characterOf = (value: bigint): string =>
  value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn)
    ? String.fromCodePoint(Number(value))
    : '\ufffd'

function unicode({ precision, sharp }: Verb, value: bigint): string {
  const digits = BigInt.asUintN(64, value)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, precision ?? 0), '0')
  return `U+${digits}${sharp ? ` '${characterOf(value)}'` : ''}`
}

export function printDouble(verb: Verb, value: number): string | undefined {
  const letter = verb.letter === 'v' ? 'g' : verb.letter.toLowerCase()
  // NOTE: Go has %x and %b of a DOUBLE too, for its bits; nobody can want that.
  if (!'efg'.includes(letter)) return undefined
  const precision = verb.precision ?? (letter === 'g' ? undefined : 6)
  const text = formatFloat(value, letter as FloatVerb, precision)
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  const digits = text.slice(sign.length)
  const finite = Number.isFinite(value)
  const shown = finite && verb.letter !== letter && verb.letter !== 'v' ? digits.toUpperCase() : digits
  return padNumber(finite ? verb : { ...verb, zero: false }, sign, shown)
}

/** A sign of `+` is written where the verb asks for it, and for infinity. */
function padNumber(verb: Verb, sign: string, digits: string, prefix = ''): string {
  const wanted = verb.plus ? '+' : verb.space ? ' ' : sign
  const shown = sign === '-' ? '-' : wanted
  if (!verb.zero) return pad(verb, shown + prefix + digits)
  return shown + prefix + digits.padStart(verb.width - shown.length, '0')
}

function pad({ width, minus, zero }: Verb, text: string): string {
  const missing = width - countUpTo(text, width)
  if (missing <= 0) return text
  if (minus) return text + ' '.repeat(missing)
  return (zero ? '0' : ' ').repeat(missing) + text
}

/** A pair of surrogates is one character. */
const isSecondHalf = (text: string, index: number): boolean => (text.charCodeAt(index) & 0xfc00) === 0xdc00

/** How many characters there are, or the limit. */
function countUpTo(text: string, limit: number): number {
  if (text.length > limit * 2) return limit
  let count = 0
  for (let index = 0; index < text.length; index += 1) if (!isSecondHalf(text, index)) count += 1
  return count
}

function firstCharacters(text: string, count: number): string {
  let left = count
  for (let index = 0; index < text.length; index += 1) {
    if (isSecondHalf(text, index)) continue
    if (left === 0) return text.slice(0, index)
    left -= 1
  }
  return text
}
