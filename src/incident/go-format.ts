// Prints values as Go's fmt does, so that a template tells here what it tells in Kapacitor. Formats are read
// once, at the start of a task; printing never throws. It knows the verbs that people use and refuses others.
import { formatFloat } from './go-float.ts'
import { quote } from './go-quote.ts'
import { GoDuration, type GoTime } from './go-time.ts'
import type { FieldValue } from './point.ts'

/** An integer that stands in the template itself: Go's int, where a field's INT is int64. */
export class GoInt {
  readonly goType = 'int'
  readonly value: bigint

  constructor(value: bigint) {
    this.value = value
  }
}

/** Undefined is Go's nil: a field that the point does not have. */
export type Printable = FieldValue | GoInt | GoTime | GoDuration | undefined

export interface Format {
  print(values: readonly Printable[]): string
}

/** A format that Go may know but that is refused here. */
export class FormatError extends Error {
  /** The verb or the end of it, as written. */
  readonly found: string

  constructor(found: string, message: string) {
    super(message)
    this.name = 'FormatError'
    this.found = found
  }
}

export const VERBS = ['%v', '%s', '%d', '%f', '%.2f', '%e', '%g', '%q', '%t', '%%'] as const

const VERB = /%([-+ 0]*)(\d*)(?:\.(\d*))?(.?)/gsu
const KNOWN = 'vsdfFeEgGqt'
const MAX_WIDTH = 1000

interface Verb {
  readonly letter: string
  readonly minus: boolean
  readonly plus: boolean
  readonly space: boolean
  readonly zero: boolean
  readonly width: number
  readonly precision: number | undefined
}

/** Throws FormatError. */
export function compileFormat(text: string): Format {
  const parts: (string | Verb)[] = []
  let end = 0
  for (const found of text.matchAll(VERB)) {
    parts.push(text.slice(end, found.index), readVerb(found))
    end = found.index + found[0].length
  }
  parts.push(text.slice(end))
  return { print: values => printParts(parts, values) }
}

/** As `%v`. */
export const printed = (value: Printable): string => printVerb(PLAIN, value)

function readVerb([found, flags = '', width = '', precision, letter = '']: RegExpExecArray): Verb | string {
  if (letter === '%') return '%'
  if (letter === '')
    throw new FormatError(found, 'the format ends in the middle of a verb; write %% for a percent sign')
  if (!KNOWN.includes(letter)) throw new FormatError(found, `${found} is not known here`)
  if (Number(width) > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH) {
    throw new FormatError(found, `${found} is wider than ${MAX_WIDTH}`)
  }
  const minus = flags.includes('-')
  return {
    letter,
    minus,
    // `%+v` is another verb to Go, one that differs from `%v` only for structs.
    plus: flags.includes('+') && letter !== 'v',
    space: flags.includes(' '),
    zero: flags.includes('0') && !minus,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
  }
}

const PLAIN = readVerb(['%v', '', '', undefined, 'v'] as unknown as RegExpExecArray) as Verb

function printParts(parts: readonly (string | Verb)[], values: readonly Printable[]): string {
  let text = ''
  let used = 0
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else if (used < values.length) text += printVerb(part, values[used++])
    else text += `%!${part.letter}(MISSING)`
  }
  if (used >= values.length) return text
  const extra = values
    .slice(used)
    .map(value => (value === undefined ? '<nil>' : `${typeName(value)}=${printed(value)}`))
  return `${text}%!(EXTRA ${extra.join(', ')})`
}

function printVerb(verb: Verb, value: Printable): string {
  if (value === undefined) return verb.letter === 'v' ? pad(verb, '<nil>') : `%!${verb.letter}(<nil>)`
  const text = printTyped(verb, value)
  if (text !== undefined) return text
  const shown = value instanceof GoDuration ? value.nanoseconds : value
  return `%!${verb.letter}(${typeName(value)}=${printVerb({ ...verb, letter: 'v' }, shown)})`
}

/** Undefined where the verb is not for such a value. */
function printTyped(verb: Verb, value: Exclude<Printable, undefined>): string | undefined {
  if (typeof value === 'string') return printText(verb, value)
  if (typeof value === 'number') return printDouble(verb, value)
  if (typeof value === 'bigint') return printInteger(verb, value)
  if (typeof value === 'boolean') return 'vt'.includes(verb.letter) ? pad(verb, String(value)) : undefined
  if (value instanceof GoInt) return printInteger(verb, value.value)
  if ('vsq'.includes(verb.letter)) return printText(verb, String(value))
  // NOTE: Go would print the inside of a time for %d; nobody can want that.
  return value instanceof GoDuration && verb.letter === 'd'
    ? printInteger(verb, value.nanoseconds)
    : undefined
}

function printText(verb: Verb, text: string): string | undefined {
  if (!'vsq'.includes(verb.letter)) return undefined
  const shown = verb.precision === undefined ? text : [...text].slice(0, verb.precision).join('')
  return pad(verb, verb.letter === 'q' ? quote(shown, '"', verb.plus) : shown)
}

function printInteger(verb: Verb, value: bigint): string | undefined {
  if (verb.letter === 'q') return pad(verb, quote(characterOf(value), "'", verb.plus))
  if (!'vd'.includes(verb.letter)) return undefined
  const digits = String(value < 0n ? -value : value)
  if (verb.precision === 0 && value === 0n) return pad({ ...verb, zero: false }, '')
  const padded = digits.padStart(verb.precision ?? 0, '0')
  return padNumber(
    verb.precision === undefined ? verb : { ...verb, zero: false },
    value < 0n ? '-' : '',
    padded,
  )
}

const characterOf = (value: bigint): string =>
  value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn)
    ? String.fromCodePoint(Number(value))
    : '\ufffd'

function printDouble(verb: Verb, value: number): string | undefined {
  const letter = verb.letter === 'v' ? 'g' : verb.letter.toLowerCase()
  if (letter !== 'e' && letter !== 'f' && letter !== 'g') return undefined
  const precision = verb.precision ?? (letter === 'g' ? undefined : 6)
  const text = formatFloat(value, letter, precision)
  const signed = /^[-+]/.test(text)
  const sign = signed ? text[0]! : ''
  const digits = signed ? text.slice(1) : text
  const finite = Number.isFinite(value)
  const shown = finite && verb.letter !== letter && verb.letter !== 'v' ? digits.toUpperCase() : digits
  return padNumber(finite ? verb : { ...verb, zero: false }, sign, shown)
}

/** A sign of `+` is written where the verb asks for it, and for infinity. */
function padNumber(verb: Verb, sign: string, digits: string): string {
  const wanted = verb.plus ? '+' : verb.space ? ' ' : sign
  const shown = sign === '-' ? '-' : wanted
  if (!verb.zero) return pad(verb, shown + digits)
  return shown + digits.padStart(verb.width - shown.length, '0')
}

function pad(verb: Verb, text: string): string {
  const missing = verb.width - [...text].length
  if (missing <= 0) return text
  if (verb.minus) return text + ' '.repeat(missing)
  return (verb.zero ? '0' : ' ').repeat(missing) + text
}

function typeName(value: Exclude<Printable, undefined>): string {
  if (typeof value === 'object') return value.goType
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'bigint') return 'int64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}
