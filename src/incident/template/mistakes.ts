// What the author of a template wrote that Go's templates may know and this language does not, and what to
// write in its place. This file only finds the sentence; the readers find the mistake.
import { didYouMean, LanguageError, quoted } from '../language-error.ts'
import type { Token } from './tokens.ts'
import { FUNCTIONS, TEMPLATE_NAMES } from './tree.ts'

export const FUNCTION_NAMES = ['index', 'printf', ...Object.keys(FUNCTIONS)]
export const LOOKUP_HINT = 'as in index .Tags "host" or index .Fields "usage"'
export const PRINTF_HINT = 'as in printf "%.2f" (index .Fields "usage")'

const DOTTED = TEMPLATE_NAMES.map(name => `.${name}`)
const ALLOWED_NAMES = `allowed are ${DOTTED.join(' ')}`

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['range', 'read the one tag or field you need with index'],
  ['with', 'use {{ if }}'],
  ['define', 'write the text where it is needed'],
  ['template', 'write the text where it is needed'],
  ['block', 'write the text where it is needed'],
  ['nil', 'a missing tag equals "", and a missing field is false in {{ if }}'],
  ['break', 'use {{ if }}'],
  ['continue', 'use {{ if }}'],
  ['len', 'compare with "" to see whether a tag is there'],
  ['slice', 'use printf with a precision, like "%.10s", to shorten a text'],
  ['call', 'write the value where it is needed'],
  ['js', 'texts are escaped where it is needed'],
  ['urlquery', 'texts are escaped where it is needed'],
  ['print', 'use printf'],
  ['println', 'use printf'],
  ['html', 'texts are escaped where it is needed'],
  ['json', 'without .details() the task, tags and fields are told anyway'],
  ['jsonCompact', 'without .details() the task, tags and fields are told anyway'],
])

export function strayWord(text: string, at: number): LanguageError {
  const instead = INSTEAD.get(text)
  if (instead !== undefined) {
    return new LanguageError('not-supported', `${quoted(text)} is not supported here`, { at, hint: instead })
  }
  if (FUNCTION_NAMES.includes(text)) {
    const hint = `put the inner one into parentheses: (${text} ...)`
    return new LanguageError('unexpected', `found the function ${text} among the arguments of another`, {
      at,
      hint,
    })
  }
  if (text === 'if' || text === 'else' || text === 'end') {
    return new LanguageError('unexpected', `found ${quoted(text)} where a value is due`, { at })
  }
  const name = TEMPLATE_NAMES.find(known => known.toLowerCase() === text.toLowerCase())
  const hint = name === undefined ? didYouMean(text, FUNCTION_NAMES) : `did you mean ".${name}"?`
  const known = `a text stands in double quotes, ${JSON.stringify(text)}; functions are ${FUNCTION_NAMES.join(' ')}`
  return new LanguageError('unknown-name', `found the word ${quoted(text)}, which is none of this language`, {
    at,
    hint: hint ?? known,
  })
}

/** @param path without the first dot. */
export function strayPath(path: string, at: number): LanguageError {
  const [name = '', member] = path.split('.')
  if (name === 'Tags' || name === 'Fields') {
    const hint = `write index .${name} "${member ?? (name === 'Tags' ? 'host' : 'usage')}"`
    return new LanguageError('not-supported', `.${path} is not read as a whole or with a dot`, { at, hint })
  }
  if (name === 'ServerInfo') {
    return new LanguageError('not-supported', `.${path} is not known to this node`, {
      at,
      hint: ALLOWED_NAMES,
    })
  }
  if (member !== undefined && DOTTED.includes(`.${name}`)) {
    return new LanguageError('not-supported', `.${path} is not supported here`, { at, hint: `.${name} is` })
  }
  const hint = didYouMean(`.${name}`, DOTTED) ?? ALLOWED_NAMES
  return new LanguageError('unknown-name', `found .${path}, which no template has`, { at, hint })
}

export function straySymbol(text: string, at: number): LanguageError {
  if (text === '|') {
    const hint = `write the function in front, ${PRINTF_HINT}`
    return new LanguageError('not-supported', 'the pipeline "|" is not supported here', { at, hint })
  }
  if (text.startsWith('$') || text === ':=') {
    const hint = 'write the value where it is needed'
    return new LanguageError('not-supported', `variables, like ${quoted(text)}, are not supported here`, {
      at,
      hint,
    })
  }
  if (text === '.') {
    return new LanguageError('not-supported', 'the bare "." is not supported here', {
      at,
      hint: ALLOWED_NAMES,
    })
  }
  const hint = SYMBOL_HINTS.find(([pattern]) => pattern.test(text))?.[1]
  return new LanguageError('unexpected', `found ${quoted(text)} where a value is due`, { at, hint })
}

const SYMBOL_HINTS: readonly (readonly [RegExp, string])[] = [
  [/^'/, 'strings stand in double quotes'],
  [/^[“”„«»‘’]/, 'use straight double quotes'],
  [/^\/$/, 'a comment begins with {{/* without a space between'],
  [/^[=!<>&]/, 'compare with a function: eq .Level "CRITICAL"'],
]

/** A word as the author wrote it, for a sentence. */
export function shown(token: Token): string {
  if ('text' in token) return quoted(token.text)
  if ('path' in token) return quoted(`.${token.path}`)
  return 'value' in token ? quoted(String(token.value)) : quoted(token.kind)
}
