// Reads the inside of one action: names, constants, functions and parentheses. It knows no branches.
import { compileFormat, type Format, FormatError, GoInt, VERBS } from '../go-format.ts'
import { LanguageError } from '../language-error.ts'
import {
  FUNCTION_NAMES,
  LOOKUP_HINT,
  PRINTF_HINT,
  shown,
  strayPath,
  straySymbol,
  strayWord,
} from './mistakes.ts'
import type { Action, Token } from './tokens.ts'
import {
  FUNCTIONS,
  type FunctionName,
  TEMPLATE_NAMES,
  type TemplateName,
  type Term,
  type ValueName,
} from './tree.ts'

const MAX_DEPTH = 100

/** Told of every name that the template reads; throws LanguageError where one is refused. */
export type NoteName = (name: TemplateName, at: number) => void

export class TermReader {
  readonly #tokens: readonly Token[]
  /** Where the action closes. */
  readonly #end: number
  readonly #note: NoteName
  #index = 0
  #depth = 0

  constructor(action: Action, note: NoteName) {
    this.#tokens = action.tokens
    this.#end = action.end
    this.#note = note
  }

  /** The next word, if it is one of these; it is consumed. */
  keyword(...words: readonly string[]): string | undefined {
    const token = this.#next
    if (token?.kind !== 'word' || !words.includes(token.text)) return undefined
    this.#index += 1
    return token.text
  }

  /** The one value of the action, which must be all that is left of it. */
  onlyTerm(): Term {
    if (this.#index > 0 && this.#next?.kind !== '(') expectSpace(this.#next)
    const term = this.#command()
    const rest = this.#next
    if (rest === undefined) return term
    throw new LanguageError('unexpected', 'found ")" without a "(" before it', { at: rest.at })
  }

  /** @param after the keyword that was read. */
  nothingMore(after: string): void {
    const rest = this.#next
    if (rest === undefined) return
    throw new LanguageError('unexpected', `found ${shown(rest)} after "${after}", which stands alone`, {
      at: rest.at,
    })
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#index]
  }

  #command(): Term {
    const first = this.#next
    if (first === undefined) {
      throw new LanguageError('unfinished', 'a value is missing', { at: this.#end, hint: 'as in {{ .ID }}' })
    }
    this.#index += 1
    if (first.kind === 'word' && !isBoolean(first.text)) return this.#function(first.text, first.at)
    const term = this.#operand(first)
    const next = this.#next
    if (next === undefined || next.kind === ')') return term
    if (next.kind === 'other') throw straySymbol(next.text, next.at)
    const hint = `an action holds one value, or one of ${FUNCTION_NAMES.join(' ')} with its arguments`
    throw new LanguageError('unexpected', `found ${shown(next)} after a value`, { at: next.at, hint })
  }

  #function(name: string, at: number): Term {
    if (name === 'index') return this.#lookup(at)
    if (name === 'printf') return this.#printf(at)
    if (!isFunction(name)) throw strayWord(name, at)
    const operands = this.#operands()
    const { least, most } = FUNCTIONS[name]
    if (operands.length >= least && operands.length <= most) return { kind: 'call', name, operands }
    const wanted = least === most ? String(least) : `at least ${least}`
    const message = `${name} takes ${wanted} argument${wanted.endsWith('1') ? '' : 's'}, not ${operands.length}`
    throw new LanguageError('unexpected', message, { at, hint: 'as in {{ if eq .Level "CRITICAL" }}' })
  }

  #lookup(at: number): Term {
    const map = this.#next
    if (map?.kind !== 'path' || (map.path !== 'Tags' && map.path !== 'Fields')) {
      const place = { at: map?.at ?? at, hint: LOOKUP_HINT }
      throw new LanguageError('unexpected', 'index reads from .Tags or .Fields only', place)
    }
    expectSpace(map)
    this.#index += 1
    this.#note(map.path, map.at)
    const [key, more] = this.#operands()
    const named = key !== undefined && (key.kind !== 'constant' || typeof key.value === 'string')
    if (named && more === undefined) return { kind: 'index', of: map.path, key }
    throw new LanguageError('unexpected', `index .${map.path} takes one name, in quotes`, {
      at,
      hint: LOOKUP_HINT,
    })
  }

  #printf(at: number): Term {
    const format = this.#next
    if (format?.kind !== 'string') {
      const place = { at: format?.at ?? at, hint: PRINTF_HINT }
      throw new LanguageError('unexpected', 'printf begins with its format, a text in quotes', place)
    }
    expectSpace(format)
    this.#index += 1
    return { kind: 'printf', format: readFormat(format.value, format.at), operands: this.#operands() }
  }

  #operands(): Term[] {
    const operands: Term[] = []
    for (let next = this.#next; next !== undefined && next.kind !== ')'; next = this.#next) {
      if (next.kind === 'other') throw straySymbol(next.text, next.at)
      expectSpace(next)
      this.#index += 1
      operands.push(this.#operand(next))
    }
    return operands
  }

  #operand(token: Token): Term {
    switch (token.kind) {
      case 'string':
      case 'decimal':
        return { kind: 'constant', value: token.value }
      case 'integer':
        return { kind: 'constant', value: new GoInt(token.value) }
      case 'path':
        return this.#name(token.path, token.at)
      case 'word':
        if (!isBoolean(token.text)) throw strayWord(token.text, token.at)
        return { kind: 'constant', value: token.text === 'true' }
      case '(':
        return this.#parenthesised(token.at)
      case ')':
        throw new LanguageError('unexpected', 'a value is missing before ")"', { at: token.at })
      case 'other':
        throw straySymbol(token.text, token.at)
    }
  }

  #parenthesised(at: number): Term {
    if (this.#depth >= MAX_DEPTH) {
      throw new LanguageError('too-large', `parentheses are nested deeper than ${MAX_DEPTH}`, { at })
    }
    this.#depth += 1
    const term = this.#command()
    this.#depth -= 1
    if (this.#next?.kind !== ')') {
      throw new LanguageError('unfinished', 'this "(" is never closed', { at, hint: 'add ")"' })
    }
    this.#index += 1
    return term
  }

  #name(path: string, at: number): Term {
    if (!isValueName(path)) throw strayPath(path, at)
    this.#note(path, at)
    return { kind: 'name', name: path }
  }
}

const isBoolean = (text: string): boolean => text === 'true' || text === 'false'
const isValueName = (text: string): text is ValueName =>
  text !== 'Tags' && text !== 'Fields' && TEMPLATE_NAMES.includes(text as TemplateName)
const isFunction = (text: string): text is FunctionName => Object.hasOwn(FUNCTIONS, text)

function expectSpace(token: Token | undefined): void {
  if (token === undefined || token.spaced) return
  throw new LanguageError('unexpected', `a space is missing before ${shown(token)}`, { at: token.at })
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
