// Builds the terms of a template and refuses what no point could make right: names, parts and functions with the
// wrong arguments. It reads no words; that is the reader's.
import { compileFormat, type Format } from '../go-format.ts'
import type { Printable } from '../go-values.ts'
import { FormatError, VERBS } from '../go-verb.ts'
import { LanguageError } from '../language-error.ts'
import { hasMethods, type Kind, kindOfCall, kindOfName, methodOf } from './kinds.ts'
import { LOOKUP_HINT, PRINTF_HINT, strayMember, strayName, strayValue } from './mistakes.ts'
import {
  FUNCTIONS,
  type FunctionName,
  TEMPLATE_NAMES,
  type TemplateName,
  type Term,
  type TermOf,
} from './tree.ts'

/** Levels of tree, so that a text is rendered with little stack. */
const MAX_HEIGHT = 200

/** A term with what is known of its value. */
export interface Link {
  readonly term: Term
  readonly kind: Kind
  /** Where it begins. */
  readonly at: number
}

/** Told of every name that the template reads; throws LanguageError where one is refused. */
export type NoteName = (name: TemplateName, at: number) => void

export const constant = (value: Printable, at: number): Link => ({
  term: { kind: 'constant', value, height: 0 },
  ...{ kind: 'plain', at },
})

/** Throws LanguageError, as all below. */
export function named(name: string, path: string, { note, at }: { note: NoteName; at: number }): Link {
  const known = TEMPLATE_NAMES.find(each => each === name)
  if (known === undefined) throw strayName(path, at)
  note(known, at)
  return { term: { kind: 'name', name: known, height: 0 }, kind: kindOfName(known), at }
}

/** @param dot what {{ with }} or {{ range }} is about. */
export function memberOf(link: Link, name: string, dot: boolean): Link {
  const { term, kind, at } = link
  if (kind === 'tags' || kind === 'fields') {
    const found: Link = { term: memberTerm(term, name, [], at), kind: 'plain', at }
    return term.kind === 'name' ? lookup(link, constant(name, at), true) : found
  }
  if (kind === 'any') return { term: memberTerm(term, name, [], at), kind: 'any', at }
  const method = hasMethods(kind) ? methodOf(kind, name) : undefined
  if (method === undefined) throw strayMember(kind, name, { at, isDot: dot })
  return { term: memberTerm(term, name, [], at), kind: method.gives, at }
}

/** The arguments of what stands behind the last dot, such as the layout of `.Time.Format`. */
export function withArguments(link: Link, of: Kind, operands: readonly Link[]): Link {
  const { term, at } = link
  if (term.kind !== 'member' || of === 'tags' || of === 'fields') {
    const [stray] = operands
    if (stray === undefined) return link
    throw strayValue('an argument', stray.at)
  }
  const method = hasMethods(of) ? methodOf(of, term.name) : undefined
  if (method !== undefined && method.takes !== operands.length) {
    const message = `.${term.name} takes ${counted(method.takes)}, not ${operands.length}`
    throw new LanguageError('unexpected', message, { at, hint: METHOD_HINTS[term.name] })
  }
  return operands.length === 0 ? link : { ...link, term: memberTerm(term.of, term.name, operands, at) }
}

const METHOD_HINTS: Readonly<Record<string, string>> = {
  Format: 'as in .Time.Local.Format "15:04", or among arguments (.Time.Local.Format "15:04")',
  Add: 'nanoseconds, as in (.Time.Add 3600000000000).Format "15:04"',
  Round: 'nanoseconds, as in .Duration.Round 1000000000',
  Truncate: 'nanoseconds, as in .Duration.Truncate 1000000000',
}

const memberTerm = (of: Term, name: string, operands: readonly Link[], at: number): Term => {
  const terms = operands.map(({ term }) => term)
  return { kind: 'member', of, name, operands: terms, height: heightAbove([of, ...terms], at) }
}

/** A call of a function with all of its arguments. */
export function called(name: FunctionName, operands: readonly Link[], at: number): Link {
  if (name === 'index') return indexed(operands, at)
  if (name === 'printf') return formatted(operands, at)
  const { least, most } = FUNCTIONS[name]
  if (operands.length < least || operands.length > most) {
    const wanted =
      least === most
        ? counted(least)
        : operands.length < least
          ? `at least ${counted(least)}`
          : `at most ${counted(most)}`
    const hint = least === 2 ? 'as in {{ if eq .Level "CRITICAL" }}' : undefined
    throw new LanguageError('unexpected', `${name} takes ${wanted}, not ${operands.length}`, { at, hint })
  }
  return call(name, operands, at)
}

const counted = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`

function call(name: FunctionName, operands: readonly Link[], at: number): Link {
  const terms = operands.map(({ term }) => term)
  return {
    term: { kind: 'call', name, operands: terms, height: heightAbove(terms, at) },
    kind: kindOfCall(name),
    at,
  }
}

function indexed(operands: readonly Link[], at: number): Link {
  const [map, key, more] = operands
  if (map === undefined || !['tags', 'fields', 'any'].includes(map.kind)) {
    const place = { at: map?.at ?? at, hint: LOOKUP_HINT }
    throw new LanguageError('unexpected', 'index reads from .Tags or .Fields only', place)
  }
  if (key === undefined) return { ...map, at }
  const isName = key.term.kind !== 'constant' || typeof key.term.value === 'string'
  if (!isName || more !== undefined) {
    const name = map.term.kind === 'name' ? ` .${map.term.name}` : ''
    throw new LanguageError('unexpected', `index${name} takes one name, in quotes`, { at, hint: LOOKUP_HINT })
  }
  return map.term.kind === 'name' ? lookup(map, key, false) : call('index', operands, at)
}

/** @param map .Tags or .Fields themselves. */
function lookup({ term, at }: Link, key: Link, byDot: boolean): Link {
  const of = (term as TermOf<'name'>).name as 'Tags' | 'Fields'
  const height = heightAbove([key.term], at)
  return { term: { kind: 'lookup', of, key: key.term, byDot, height }, kind: 'plain', at }
}

function formatted(operands: readonly Link[], at: number): Link {
  const [format, ...values] = operands
  const written = format?.term.kind === 'constant' ? format.term.value : undefined
  const isText = format !== undefined && (format.kind === 'plain' || format.kind === 'any')
  if (!isText || (format.term.kind === 'constant' && typeof written !== 'string')) {
    const place = { at: format?.at ?? at, hint: PRINTF_HINT }
    throw new LanguageError('unexpected', 'printf begins with its format, a text in quotes', place)
  }
  if (typeof written !== 'string') return call('printf', operands, at)
  const terms = values.map(({ term }) => term)
  const height = heightAbove(terms, at)
  return {
    term: { kind: 'printf', format: readFormat(written, format.at), operands: terms, height },
    kind: 'plain',
    at,
  }
}

function readFormat(text: string, at: number): Format {
  try {
    return compileFormat(text)
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    const hint = `allowed are ${VERBS.join(' ')}, with a width or precision`
    throw new LanguageError('not-supported', cause.message, { at, hint, cause })
  }
}

function heightAbove(terms: readonly Term[], at: number): number {
  let height = 0
  for (const term of terms) height = Math.max(height, term.height + 1)
  if (height <= MAX_HEIGHT) return height
  throw new LanguageError('too-large', `the value is nested deeper than ${MAX_HEIGHT} levels here`, { at })
}
