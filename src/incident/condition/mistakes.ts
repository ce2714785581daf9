// What the author of a condition most likely meant by a word or symbol that does not belong where it stands.
// This file only finds the sentence; the parser finds the mistake.
import { didYouMean, LanguageError, quoted } from '../language-error.ts'
import { PRECEDENCE } from './expression.ts'

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
])

function likely(text: string, allowed: readonly string[]): string | undefined {
  const meant = CONFUSED.get(text.toLowerCase())
  return meant === undefined ? didYouMean(text, allowed) : `did you mean "${meant}"?`
}

/** @param called a "(" follows the word. */
export function strayWord(text: string, called: boolean, at: number): LanguageError {
  if (text === 'AND' || text === 'OR') {
    return new LanguageError('unexpected', `a value is missing before ${text}`, { at, hint: VALUES })
  }
  if (called && text.toLowerCase() !== 'not') {
    const hint = `compute it before the node, as in |eval(lambda: ${text}(...)).as('x').keep(), and write "x" here`
    return new LanguageError('not-supported', `the function ${text}() can't be called in a condition`, {
      at,
      hint,
    })
  }
  const found = `found the word ${quoted(text)} where a value is due`
  const name = `write a field or tag in double quotes, "${text}"; a var of the script is not seen in here`
  return new LanguageError('unknown-name', found, { at, hint: likely(text, ['TRUE', 'FALSE']) ?? name })
}

export function straySymbols(text: string, at: number): LanguageError {
  const hint = /^[“”„«»‘’`]/.test(text) ? 'use straight quotes: "field" and \'string\'' : VALUES
  return new LanguageError('unexpected', `found ${quoted(text)} where a value is due`, { at, hint })
}

export function strayOperator(text: string, at: number): LanguageError {
  const hint = likely(text, ['AND', 'OR']) ?? OPERATORS
  return new LanguageError('unexpected', `found ${quoted(text)} where an operator is due`, { at, hint })
}
