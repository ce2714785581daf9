// Reads a format of Go's printf: plain text and verbs such as `%-8.2f`. It never sees a value.

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

/** For a sentence. */
export const VERBS = [
  '%v',
  '%s',
  '%d',
  '%f',
  '%.2f',
  '%e',
  '%g',
  '%x',
  '%o',
  '%b',
  '%c',
  '%U',
  '%q',
  '%t',
  '%T',
  '%%',
] as const

/** `*`: the count is an argument; `argument`: which one, from 0, where the format says so. */
export type Count = number | undefined | { readonly argument: number | undefined }

export interface Verb {
  readonly letter: string
  readonly minus: boolean
  readonly plus: boolean
  readonly sharp: boolean
  readonly space: boolean
  readonly zero: boolean
  readonly width: number
  readonly precision: number | undefined
}

/** A verb as it stands in the format. */
export interface VerbPart extends Omit<Verb, 'width' | 'precision'> {
  readonly width: Count
  readonly precision: Count
  readonly argument: number | undefined
}

export type Part = string | VerbPart

export const MAX_WIDTH = 1000
const KNOWN = 'vsdfFeEgGqtxXbocOUT'
/** Where `#` changes what is printed, and is known here. */
const SHARP = 'xXbocqU'
const INDEX = /(?:\[(\d+)\])?/
const COUNT = `(?:${INDEX.source}(\\*)|(\\d+))?`
const VERB = new RegExp(`%([-+# 0]*)${COUNT}(?:(\\.)${COUNT})?${INDEX.source}(.?)`, 'gsu')

/** Throws FormatError. */
export function readFormat(text: string): Part[] {
  return partsOf(text, found => {
    throw mistakeIn(found)
  })
}

/** For a format that is made while a text is rendered: what is wrong prints as Go prints it. */
export const readLoosely = (text: string): Part[] => partsOf(text, () => undefined)

interface Found {
  readonly text: string
  readonly letter: string
}

function partsOf(text: string, wrong: (found: Found) => void): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(VERB)) {
    const part = readVerb(match)
    if (part === undefined || (typeof part === 'object' && !isKnown(part)))
      wrong({ text: match[0], letter: match.at(-1)! })
    if (match.index > end) parts.push(text.slice(end, match.index))
    parts.push(part ?? '%!(NOVERB)')
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push(text.slice(end))
  return parts
}

const isKnown = ({ letter, sharp, width, precision }: VerbPart): boolean =>
  KNOWN.includes(letter) &&
  (!sharp || SHARP.includes(letter)) &&
  [width, precision].every(count => typeof count !== 'number' || count <= MAX_WIDTH)

function mistakeIn({ text, letter }: Found): FormatError {
  if (letter === '')
    return new FormatError(text, 'the format ends in the middle of a verb; write %% for a percent sign')
  const isWide = [...text.matchAll(/\d+/g)].some(([digits]) => Number(digits) > MAX_WIDTH)
  return new FormatError(text, isWide ? `${text} is wider than ${MAX_WIDTH}` : `${text} is not known here`)
}

/** Undefined: the format ends in the middle of it. */
function readVerb(match: RegExpExecArray): Part | undefined {
  const [, flags = '', widthOf, widthStar, width, dot, precisionOf, precisionStar, precision, of, letter] =
    match
  if (letter === '%') return '%'
  if (!letter) return undefined
  const minus = flags.includes('-')
  return {
    ...{ letter, minus, argument: indexOf(of) },
    // `%+v` is another verb to Go, one that differs from `%v` only for structs.
    plus: flags.includes('+') && letter !== 'v',
    sharp: flags.includes('#'),
    space: flags.includes(' '),
    zero: flags.includes('0') && !minus,
    width: countOf(widthStar, widthOf, width),
    precision: dot === undefined ? undefined : (countOf(precisionStar, precisionOf, precision) ?? 0),
  }
}

function countOf(star: string | undefined, of: string | undefined, digits: string | undefined): Count {
  if (star !== undefined) return { argument: indexOf(of) }
  return digits === undefined ? undefined : Number(digits)
}

const indexOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits) - 1
