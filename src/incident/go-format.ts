// Prints values as Go's fmt does, so that a template tells here what it tells in Kapacitor. Formats of a script are
// read once, at the start of a task; printing never throws of itself, and stops when its text is long enough.
import { GoDuration, GoTime } from './go-time.ts'
import { GoInt, GoMap, GoNamed, type Printable, typeName } from './go-values.ts'
import {
  type Count,
  MAX_WIDTH,
  type Part,
  readFormat,
  readLoosely,
  type Verb,
  type VerbPart,
} from './go-verb.ts'
import { printDouble, printInteger, printText } from './go-verb-print.ts'

/** Characters of a text that nothing more is added to: what lies beyond can't be shown. */
export const MOST_CHARACTERS = 64 * 1024

export interface Format {
  /** @param spend is called with the length of all that is made, and may throw. */
  print(values: readonly Printable[], spend?: (characters: number) => void): string
}

/** Throws FormatError. */
export const compileFormat = (text: string): Format => formatOf(readFormat(text))

/** For a format that is made while a text is rendered. */
export const looseFormat = (text: string): Format => formatOf(readLoosely(text))

const formatOf = (parts: readonly Part[]): Format => ({
  print: (values, spend = () => {}) => new Printing(values, spend).of(parts),
})

const PLAIN: Verb = {
  letter: 'v',
  ...{ minus: false, plus: false, sharp: false, space: false, zero: false },
  ...{ width: 0, precision: undefined },
}

/** As `%v`. */
export const printed = (value: Printable): string => printVerb(PLAIN, value)

/** One call of printf: which argument comes next. */
class Printing {
  readonly #values: readonly Printable[]
  readonly #spend: (characters: number) => void
  #text = ''
  #next = 0
  /** Arguments were named by their place, so that none is left over. */
  #isReordered = false
  #isBadIndex = false

  constructor(values: readonly Printable[], spend: (characters: number) => void) {
    this.#values = values
    this.#spend = spend
  }

  of(parts: readonly Part[]): string {
    for (const part of parts) {
      if (this.#isFull) return this.#text
      this.#add(typeof part === 'string' ? part : this.#verb(part))
    }
    if (!this.#isReordered && this.#next < this.#values.length) this.#extra()
    return this.#text
  }

  get #isFull(): boolean {
    return this.#text.length > MOST_CHARACTERS
  }

  #add(text: string): void {
    this.#spend(text.length)
    this.#text += text
  }

  #verb(part: VerbPart): string {
    this.#isBadIndex = false
    const width = this.#count(part.width)
    const precision = this.#count(part.precision)
    const prefix =
      (width.isBad ? '%!(BADWIDTH)' : '') + (precision.isBad || precision.value! < 0 ? '%!(BADPREC)' : '')
    this.#goTo(part.argument)
    const { letter } = part
    if (this.#isBadIndex) return `${prefix}%!${letter}(BADINDEX)`
    if (this.#next >= this.#values.length) return `${prefix}%!${letter}(MISSING)`
    const minus = part.minus || (width.value ?? 0) < 0
    const verb: Verb = {
      ...part,
      ...{ minus, zero: part.zero && !minus, width: Math.abs(width.value ?? 0) },
      precision: precision.value! < 0 ? undefined : precision.value,
    }
    return prefix + printVerb(verb, this.#values[this.#next++])
  }

  #goTo(argument: number | undefined): void {
    if (argument === undefined) return
    this.#isReordered = true
    if (argument < 0 || argument >= this.#values.length) this.#isBadIndex = true
    else this.#next = argument
  }

  #count(count: Count): { readonly value: number | undefined; readonly isBad: boolean } {
    if (typeof count === 'number' && count > MAX_WIDTH) return BAD
    if (typeof count !== 'object') return { value: count, isBad: false }
    this.#goTo(count.argument)
    if (this.#isBadIndex || this.#next >= this.#values.length) return BAD
    const value = integerOf(this.#values[this.#next++])
    if (value === undefined || value > MAX_WIDTH || value < -MAX_WIDTH) return BAD
    return { value: Number(value), isBad: false }
  }

  #extra(): void {
    let separator = '%!(EXTRA '
    for (const value of this.#values.slice(this.#next)) {
      if (this.#isFull) return
      this.#add(separator + (value === undefined ? '<nil>' : `${typeName(value)}=${printed(value)}`))
      separator = ', '
    }
    this.#add(')')
  }
}

const BAD = { value: undefined, isBad: true } as const

/** A whole number, whatever Go calls it. */
export function integerOf(value: Printable): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (value instanceof GoInt || value instanceof GoNamed) return value.value
  return value instanceof GoDuration ? value.nanoseconds : undefined
}

function printVerb(verb: Verb, value: Printable): string {
  if (verb.letter === 'T') return printText({ ...verb, letter: 's' }, typeName(value))!
  if (value === undefined) return verb.letter === 'v' ? word(verb, '<nil>') : `%!${verb.letter}(<nil>)`
  if (value instanceof GoMap) return printMap(verb, value)
  const text = printTyped(verb, value)
  if (text !== undefined) return text
  const shown = value instanceof GoDuration || value instanceof GoNamed ? integerOf(value) : value
  return `%!${verb.letter}(${typeName(value)}=${printVerb({ ...verb, letter: 'v' }, shown)})`
}

const word = (verb: Verb, text: string): string =>
  printText({ ...verb, letter: 's', precision: undefined }, text)!

/** Undefined where the verb is not for such a value. */
function printTyped(verb: Verb, value: Exclude<Printable, undefined | GoMap>): string | undefined {
  if (typeof value === 'string') return printText(verb, value)
  if (typeof value === 'number') return printDouble(verb, value)
  if (typeof value === 'boolean') return 'vt'.includes(verb.letter) ? word(verb, String(value)) : undefined
  if (typeof value === 'bigint' || value instanceof GoInt) return printInteger(verb, integerOf(value)!)
  // NOTE: Go would print the inside of a time for %d; nobody can want that.
  if (value instanceof GoTime) return printText(verb, String(value))
  return printText(verb, String(value)) ?? printInteger(verb, integerOf(value)!)
}

/** Each key and each value by the same verb. */
function printMap(verb: Verb, map: GoMap): string {
  let text = 'map['
  for (const [name, value] of map.sorted()) {
    if (text.length > MOST_CHARACTERS) return text
    if (text !== 'map[') text += ' '
    text += `${printVerb(verb, name)}:${printVerb(verb, value)}`
  }
  return `${text}]`
}
