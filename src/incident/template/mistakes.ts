// What the author of a template wrote that Go's templates may know and this language does not, and what to
// write in its place. This file only finds the sentence; the readers find the mistake.
import { didYouMean, LanguageError, quoted } from '../language-error.ts'
import { hasMethods, type Kind, METHODS } from './kinds.ts'
import type { Token } from './tokens.ts'
import { FUNCTIONS, TEMPLATE_NAMES } from './tree.ts'

export const FUNCTION_NAMES = Object.keys(FUNCTIONS)
export const LOOKUP_HINT = 'as in index .Tags "host" or index .Fields "usage"'
export const PRINTF_HINT = 'as in printf "%.2f" (index .Fields "usage")'

const DOTTED = TEMPLATE_NAMES.map(name => `.${name}`)
const ALLOWED_NAMES = `allowed are ${DOTTED.join(' ')}`

const WRITE_IT_THERE = 'write the text where it is needed'

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['define', WRITE_IT_THERE],
  ['template', WRITE_IT_THERE],
  ['block', WRITE_IT_THERE],
  ['break', 'use {{ if }}'],
  ['continue', 'use {{ if }}'],
  ['call', 'write the value where it is needed'],
  ['nil', 'compare with it, as in eq (index .Fields "usage") nil'],
  ['json', 'without .details() the task, tags and fields are told anyway'],
  ['jsonCompact', 'without .details() the task, tags and fields are told anyway'],
])

/** What people look for who know other template languages. */
const CONFUSED: ReadonlyMap<string, string> = new Map([
  ['elseif', 'write else if'],
  ['elif', 'write else if'],
  ['endif', 'write end'],
  ['upper', 'there are no functions for upper and lower case; write the text as it should be'],
  ['toUpper', 'there are no functions for upper and lower case; write the text as it should be'],
  ['lower', 'there are no functions for upper and lower case; write the text as it should be'],
  ['toLower', 'there are no functions for upper and lower case; write the text as it should be'],
  ['round', 'use printf "%.0f"'],
  ['now', 'use .Time'],
])

export function strayWord(text: string, at: number): LanguageError {
  const instead = INSTEAD.get(text)
  if (instead !== undefined)
    return new LanguageError('not-supported', `${quoted(text)} is not supported here`, { at, hint: instead })
  if (FUNCTION_NAMES.includes(text)) {
    const hint = `put the inner one into parentheses: (${text} ...)`
    return new LanguageError('unexpected', `found the function ${text} among the arguments of another`, {
      at,
      hint,
    })
  }
  if (['if', 'with', 'range', 'else', 'end'].includes(text))
    return new LanguageError('unexpected', `found ${quoted(text)} where a value is due`, { at })
  const name = TEMPLATE_NAMES.find(known => known.toLowerCase() === text.toLowerCase())
  const near = name === undefined ? didYouMean(text, FUNCTION_NAMES) : `did you mean ".${name}"?`
  const known = `a text stands in double quotes, ${JSON.stringify(text)}; functions are ${FUNCTION_NAMES.join(' ')}`
  return new LanguageError('unknown-name', `found the word ${quoted(text)}, which is no function here`, {
    at,
    hint: CONFUSED.get(text) ?? near ?? known,
  })
}

/** @param path all of it, without the first dot. */
export function strayName(path: string, at: number): LanguageError {
  const [name = ''] = path.split('.')
  if (name === 'ServerInfo') {
    const hint = 'only Kapacitor knows it: write the name into the text, or add it to the points as a tag'
    return new LanguageError('not-supported', `.${path} is not known to this node`, { at, hint })
  }
  const near = didYouMean(`.${name}`, DOTTED)
  const hint = near ?? `${ALLOWED_NAMES}; a tag is .Tags.${name}, a field .Fields.${name}`
  return new LanguageError('unknown-name', `found .${path}, which no template has`, { at, hint })
}

interface MemberPlace {
  readonly at: number
  /** It stands behind the dot of {{ with }} or {{ range }}. */
  readonly isDot: boolean
}

/** A part that no value of the kind has. */
export function strayMember(kind: Kind, name: string, { at, isDot }: MemberPlace): LanguageError {
  if (isDot && TEMPLATE_NAMES.some(known => known === name)) {
    const finding = `inside of {{ with }} and {{ range }} the dot is their value, which has no .${name}`
    return new LanguageError('unknown-name', finding, { at, hint: `write $.${name}` })
  }
  if (!hasMethods(kind)) {
    const hint = 'texts, numbers, tags and fields have none: leave it off'
    return new LanguageError('not-supported', `found .${name} behind a value that has no parts`, { at, hint })
  }
  const known = Object.keys(METHODS[kind]).map(each => `.${each}`)
  const what = { time: 'a time', duration: 'a duration', word: 'a month or a weekday' }[kind]
  return new LanguageError('not-supported', `found .${name}, which is not supported for ${what}`, {
    at,
    hint: didYouMean(`.${name}`, known) ?? `allowed are ${known.join(' ')}`,
  })
}

/** `.Tags "host"` */
export function withoutIndex(map: string, name: string, at: number): LanguageError {
  const hint = `write index .${map} ${JSON.stringify(name)}`
  return new LanguageError('unexpected', `found a name behind .${map}`, { at, hint })
}

export function strayVariable(name: string, known: readonly string[], at: number): LanguageError {
  const hint = didYouMean(name, known) ?? `give it a value before, as in {{ ${name} := index .Tags "host" }}`
  return new LanguageError('unknown-name', `found the variable ${quoted(name)}, which has no value here`, {
    at,
    hint,
  })
}

/** Something behind a value that takes no arguments. */
export function strayValue(found: string, at: number): LanguageError {
  const hint = `an action holds one value, or one of ${FUNCTION_NAMES.join(' ')} with its arguments`
  return new LanguageError('unexpected', `found ${found} after a value`, { at, hint })
}

/** `|` in front of what is no function. */
export function strayCommand(found: string, at: number): LanguageError {
  const hint = `only a function takes what stands before "|", ${'as in index .Fields "usage" | printf "%.2f"'}`
  return new LanguageError('unexpected', `found ${found} after "|"`, { at, hint })
}

export function notARange(at: number): LanguageError {
  const hint = 'as in {{ range $name, $value := .Tags }}{{ $name }}={{ $value }} {{ end }}'
  return new LanguageError('unexpected', 'range goes over .Tags or .Fields only', { at, hint })
}

/** `{{ else if }}` of a {{ with }}, and the like. */
export function strayElse(keyword: string, opened: string, at: number): LanguageError {
  const hint = `end it first, or write {{ else }}{{ ${keyword} … }} with an {{ end }} of its own`
  return new LanguageError('unexpected', `found {{ else ${keyword} }} in a {{ ${opened} }}`, { at, hint })
}

export function straySymbol(text: string, at: number): LanguageError {
  if (text === '.' || text === '$')
    return new LanguageError('not-supported', `the bare "${text}" is not supported here`, {
      at,
      hint: ALLOWED_NAMES,
    })
  const hint = SYMBOL_HINTS.find(([pattern]) => pattern.test(text))?.[1]
  return new LanguageError('unexpected', `found ${quoted(text)} where a value is due`, { at, hint })
}

const SYMBOL_HINTS: readonly (readonly [RegExp, string])[] = [
  [/^'/, 'strings stand in double quotes'],
  [/^[“”„«»‘’]/, 'use straight double quotes'],
  [/^\/$/, 'a comment begins with {{/* without a space between'],
  [/^\|\|$/, 'write or in front: or (eq .Level "OK") (eq .Level "INFO")'],
  [/^&&$/, 'write and in front: and (eq .Level "OK") (eq .Name "cpu")'],
  [/^:?=$/, 'a variable gets its value at the beginning of an action: {{ $x := index .Tags "host" }}'],
  [/^[=!<>&]/, 'compare with a function: eq .Level "CRITICAL"'],
  [/^-$/, 'a name with such a character stands in quotes: index .Tags "host-name"'],
  [/^[+*/%]/, 'there is no arithmetic here; compute it before the node, with |eval()'],
]

/** A word as the author wrote it, for a sentence. */
export function shown(token: Token): string {
  if ('text' in token) return quoted(token.text)
  if ('path' in token) return quoted(`.${token.path}`)
  if ('name' in token) return quoted(token.name)
  return 'value' in token ? quoted(String(token.value)) : quoted(token.kind)
}
