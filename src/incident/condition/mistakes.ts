// What the author of a condition most likely meant by a word or symbol that does not belong where it stands.
// This file only finds the sentence; the parser finds the mistake.
import { didYouMean, LanguageError, quoted } from '../language-error.ts'
import { PRECEDENCE } from './expression.ts'
import { forFunction, forWord } from './fixes.ts'

/** All that may stand where a value is due. */
export const VALUES =
  'allowed are "field", "tag", 90, 90.5, \'string\', TRUE, FALSE, /regular expression/, "(", "!" and "-"'

const OPERATORS = `allowed are ${Object.keys(PRECEDENCE).join(' ')}`

/** How people write it who come from other languages. */
const CONFUSED: ReadonlyMap<string, string> = new Map([
  ['=', '=='],
  ['===', '=='],
  ['<>', '!='],
  ['!==', '!='],
  ['≠', '!='],
  ['≤', '<='],
  ['=<', '<='],
  ['≥', '>='],
  ['=>', '>='],
  ['~=', '=~'],
  ['&', 'AND'],
  ['&&', 'AND'],
  ['and', 'AND'],
  ['|', 'OR'],
  ['||', 'OR'],
  ['or', 'OR'],
  ['not', '!'],
  ['true', 'TRUE'],
  ['false', 'FALSE'],
  ['is', '=='],
  ['equals', '=='],
  ['matches', '=~'],
])

/** Operators of other languages that take more than one word here. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['in', 'write "host" == \'a\' OR "host" == \'b\', or "host" =~ /^(a|b)$/'],
  ['like', 'match a regular expression: "host" =~ /^web/'],
  ['contains', 'match a regular expression: "host" =~ /web/'],
  ['between', 'write "usage" >= 10 AND "usage" <= 20'],
  ['?', 'there is no choice of values here; compute it before the node, with |eval(lambda: if(...))'],
])

function likely(text: string, allowed: readonly string[]): string | undefined {
  const meant = CONFUSED.get(text.toLowerCase())
  return meant === undefined ? didYouMean(text, allowed) : `did you mean "${meant}"?`
}

interface StrayWord {
  readonly text: string
  /** A "(" follows it. */
  readonly called: boolean
  readonly at: number
}

/** @param source all of the condition. */
export function strayWord({ text, called, at }: StrayWord, source: string): LanguageError {
  if (text === 'AND' || text === 'OR') {
    return new LanguageError('unexpected', `a value is missing before ${text}`, { at, hint: VALUES })
  }
  const meant = likely(text, ['TRUE', 'FALSE'])
  if (called && text.toLowerCase() !== 'not') {
    const finding = `the function ${text}() can't be called in a condition`
    return new LanguageError('not-supported', finding, { at, hint: forFunction(source, text, at) })
  }
  const found = `found the word ${quoted(text)} where a value is due`
  if (text === 'lambda') {
    const hint = 'leave lambda: out; the whole text is the body of one'
    return new LanguageError('unexpected', found, { at, hint })
  }
  return new LanguageError('unknown-name', found, { at, hint: meant ?? forWord(source, text, at) })
}

export function straySymbols(text: string, at: number): LanguageError {
  const hint = /^[“”„«»‘’`]/.test(text) ? 'use straight quotes: "field" and \'string\'' : VALUES
  return new LanguageError('unexpected', `found ${quoted(text)} where a value is due`, { at, hint })
}

export function strayOperator(text: string, at: number): LanguageError {
  const hint = INSTEAD.get(text.toLowerCase()) ?? likely(text, ['AND', 'OR']) ?? OPERATORS
  return new LanguageError('unexpected', `found ${quoted(text)} where an operator is due`, { at, hint })
}
