// Reads the values of one action: names, constants, functions, pipelines and parentheses. It knows no keywords.
import { GoInt } from '../go-values.ts'
import { LanguageError } from '../language-error.ts'
import type { Kind } from './kinds.ts'
import { called, constant, type Link, memberOf, type NoteName, named, withArguments } from './links.ts'
import {
  shown,
  strayCommand,
  straySymbol,
  strayValue,
  strayVariable,
  strayWord,
  withoutIndex,
} from './mistakes.ts'
import type { Names } from './names.ts'
import type { Action, Token } from './tokens.ts'
import { FUNCTIONS, type FunctionName } from './tree.ts'

const MAX_DEPTH = 100

/** A value, and of what it is the part that may take arguments. */
interface Operand {
  readonly link: Link
  readonly of?: Kind
}

export class TermReader {
  readonly #tokens: readonly Token[]
  /** Where the action closes. */
  readonly #end: number
  readonly #names: Names
  readonly #note: NoteName
  #index = 0
  #depth = 0

  constructor(action: Action, names: Names, note: NoteName) {
    this.#tokens = action.tokens
    this.#end = action.end
    this.#names = names
    this.#note = note
  }

  get next(): Token | undefined {
    return this.#next
  }

  /** Some of what comes next. */
  ahead(count: number): readonly Token[] {
    return this.#tokens.slice(this.#index, this.#index + count)
  }

  /** Goes past what was looked at. */
  skip(count: number): void {
    this.#index += count
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#index]
  }

  /** Each command of a pipeline takes the value before it as its last argument. */
  piped(): Link {
    let link = this.#command()
    while (this.#next?.kind === '|') {
      this.#index += 1
      link = this.#command(link)
    }
    return link
  }

  #command(piped?: Link): Link {
    const first = this.#next
    if (first === undefined || first.kind === '|') {
      const place = { at: first?.at ?? this.#end, hint: 'as in {{ .ID }}' }
      throw new LanguageError('unfinished', 'a value is missing', place)
    }
    this.#index += 1
    const more = piped ? [piped] : []
    if (first.kind === 'word' && !isBoolean(first.text)) {
      if (!isFunction(first.text)) throw strayWord(first.text, first.at)
      return called(first.text, [...this.#operands(), ...more], first.at)
    }
    const { link, of } = this.#operand(first)
    if (of !== undefined) return withArguments(link, of, [...this.#operands(), ...more])
    const next = this.#next
    if (piped !== undefined) throw strayCommand(shown(first), first.at)
    if (next === undefined || next.kind === ')' || next.kind === '|') return link
    throw this.#afterValue(first, next)
  }

  #afterValue(first: Token, next: Token): LanguageError {
    const symbol = symbolOf(next)
    if (symbol !== undefined) return straySymbol(symbol, next.at)
    const isMap = first.kind === 'path' && (first.path === 'Tags' || first.path === 'Fields')
    return isMap && next.kind === 'string'
      ? withoutIndex(first.path, next.value, first.at)
      : strayValue(shown(next), next.at)
  }

  #operands(): Link[] {
    const operands: Link[] = []
    for (
      let next = this.#next;
      next !== undefined && next.kind !== ')' && next.kind !== '|';
      next = this.#next
    ) {
      const symbol = symbolOf(next)
      if (symbol !== undefined) throw straySymbol(symbol, next.at)
      expectSpace(next)
      this.#index += 1
      const { link, of } = this.#operand(next)
      operands.push(of === undefined ? link : withArguments(link, of, []))
    }
    return operands
  }

  #operand(token: Token): Operand {
    const { at } = token
    switch (token.kind) {
      case 'string':
      case 'decimal':
        return { link: constant(token.value, at) }
      case 'integer':
        return { link: constant(new GoInt(token.value), at) }
      case 'path':
        return this.#path(token.path, at)
      case 'variable':
        return this.#variable(token.name, at)
      case '.':
        if (this.#names.dot === 'root') throw straySymbol('.', at)
        return { link: this.#dot(at) }
      case 'word':
        if (token.text === 'nil') return { link: { ...constant(undefined, at), kind: 'any' } }
        if (!isBoolean(token.text)) throw strayWord(token.text, at)
        return { link: constant(token.text === 'true', at) }
      case '(':
        return this.#chained(this.#parenthesised(at))
      case ')':
        throw new LanguageError('unexpected', 'a value is missing before ")"', { at })
      default:
        throw straySymbol(symbolOf(token) ?? token.kind, at)
    }
  }

  #dot(at: number): Link {
    return { term: { kind: 'dot', height: 0 }, kind: this.#names.dot, at }
  }

  #path(path: string, at: number): Operand {
    const [first = '', ...names] = path.split('.')
    if (this.#names.dot !== 'root') return members(this.#dot(at), [first, ...names], true)
    return members(named(first, path, { note: this.#note, at }), names)
  }

  #variable(name: string, at: number): Operand {
    const path = this.#next?.kind === 'path' && !this.#next.spaced ? this.#next.path : undefined
    if (name === '$') {
      if (path === undefined) throw straySymbol('$', at)
      this.#index += 1
      const [first = '', ...names] = path.split('.')
      return members(named(first, path, { note: this.#note, at }), names)
    }
    const variable = this.#names.find(name)
    if (variable === undefined) throw strayVariable(name, this.#names.all(), at)
    const { slot, kind } = variable
    return this.#chained({ term: { kind: 'variable', slot, height: 0 }, kind, at })
  }

  /** With what stands behind it, without a space between. */
  #chained(link: Link): Operand {
    const next = this.#next
    if (next?.kind !== 'path' || next.spaced) return { link }
    this.#index += 1
    return members(link, next.path.split('.'))
  }

  #parenthesised(at: number): Link {
    if (this.#depth >= MAX_DEPTH) {
      throw new LanguageError('too-large', `parentheses are nested deeper than ${MAX_DEPTH}`, { at })
    }
    this.#depth += 1
    const link = this.piped()
    this.#depth -= 1
    if (this.#next?.kind !== ')') {
      throw new LanguageError('unfinished', 'this "(" is never closed', { at, hint: 'add ")"' })
    }
    this.#index += 1
    return { ...link, at }
  }
}

function members(link: Link, names: readonly string[], isDot = false): Operand {
  let found: Operand = { link }
  for (const [index, name] of names.entries()) {
    const of = found.link.kind
    if (found.of !== undefined) withArguments(found.link, found.of, [])
    found = { link: memberOf(found.link, name, isDot && index === 0), of }
  }
  return found
}

const isBoolean = (text: string): boolean => text === 'true' || text === 'false'
const isFunction = (text: string): text is FunctionName => Object.hasOwn(FUNCTIONS, text)

/** What no value begins with. */
function symbolOf(token: Token): string | undefined {
  if (token.kind === 'other') return token.text
  return token.kind === ':=' || token.kind === '=' || token.kind === ',' ? token.kind : undefined
}

export function expectSpace(token: Token | undefined): void {
  if (token === undefined || token.spaced) return
  throw new LanguageError('unexpected', `a space is missing before ${shown(token)}`, { at: token.at })
}
