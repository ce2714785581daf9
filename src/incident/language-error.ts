// The mistakes that the author of a TICKscript made in a condition or a template, and how they are shown.
// What is said here reaches the author through `kapacitor show`, so it stands alone, without a manual at
// hand. This file never decides what is a mistake.
import { distance } from 'fastest-levenshtein'

export type LanguageErrorCode =
  | 'unexpected' // something else belongs here
  | 'unfinished' // the text ends too early
  | 'unknown-name' // a word that means nothing here
  | 'not-supported' // it means something to Kapacitor, but not here
  | 'refused-here' // allowed elsewhere, but not in this option
  | 'bad-literal' // a number, string or regular expression that can't be read
  | 'wrong-type' // can't be evaluated, whatever the point
  | 'too-large' // too long or too deep

export interface MistakePlace {
  /** Index of the character in the source, from 0. */
  readonly at: number
  /** What to write instead. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

export class LanguageError extends Error {
  readonly code: LanguageErrorCode
  /** Index of the character in the source, from 0. */
  readonly position: number
  /** What to write instead. */
  readonly hint: string | undefined

  /** @param finding what was found and what is allowed, without the place. */
  constructor(code: LanguageErrorCode, finding: string, { at, hint, cause }: MistakePlace) {
    super(`${finding}, at character ${at + 1}`, { cause })
    this.name = 'LanguageError'
    this.code = code
    this.position = at
    this.hint = hint
  }

  /** The whole story for the author: the sentence, the hint, and the marked text. */
  explain(source: string): string {
    const hint = this.hint === undefined ? '' : `; ${this.hint}`
    return `${this.message}${hint}\n${marked(source, this.position)}`
  }
}

const SHOWN_BEFORE = 60
const SHOWN_AFTER = 40

/** The line of the text that holds the place, with a caret line under it; a long line is shown in part. */
export function marked(source: string, position: number): string {
  const lineStart = source.lastIndexOf('\n', position - 1) + 1
  const newline = source.indexOf('\n', position)
  const lineEnd = newline < 0 ? source.length : newline
  const start = Math.max(lineStart, position - SHOWN_BEFORE)
  const end = Math.min(lineEnd, position + SHOWN_AFTER)
  const before = visible((start > lineStart ? '…' : '') + source.slice(start, position))
  const after = visible(source.slice(position, end) + (end < lineEnd ? '…' : ''))
  return `  ${before}${after}\n  ${' '.repeat([...before].length)}^`
}

/** One column for each character, so that the caret stands under its place. */
const visible = (text: string): string => text.replace(/\p{Cc}/gu, ' ').toWellFormed()

/** What was found, in quotes and short enough for a sentence. */
export function quoted(found: string): string {
  const characters = [...found.replace(/\s+/g, ' ')]
  return characters.length > 40 ? `"${characters.slice(0, 40).join('')}…"` : `"${characters.join('')}"`
}

/** The allowed word that the author most likely meant, or undefined when none is near. */
export function nearest(found: string, allowed: Iterable<string>): string | undefined {
  if (found.length > 40) return undefined
  const lower = found.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(found.length / 4)) + 1
  for (const word of allowed) {
    const far = distance(lower, word.toLowerCase())
    if (far >= bestDistance) continue
    best = word
    bestDistance = far
  }
  return best
}

/** `did you mean "x"?`, or undefined when nothing allowed is near. */
export function didYouMean(found: string, allowed: Iterable<string>): string | undefined {
  const word = nearest(found, allowed)
  return word === undefined ? undefined : `did you mean "${word}"?`
}
