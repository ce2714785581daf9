// Reads the words of a condition, one at a time, as TICKscript spells them. The parser says whether it waits
// for a value or for an operator: only that tells division from the start of a regular expression.
// This file never judges the order of words.
import { LanguageError, quoted } from '../language-error.ts'
import type { BinaryOperator } from './expression.ts'
import { forDuration } from './fixes.ts'

export type ValueToken =
  | { readonly kind: 'integer'; readonly at: number; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly at: number; readonly value: number }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'reference'; readonly at: number; readonly name: string }
  | { readonly kind: 'pattern'; readonly at: number; readonly pattern: string }
  | { readonly kind: 'word'; readonly at: number; readonly text: string; readonly called: boolean }
  | { readonly kind: '('; readonly at: number }
  | { readonly kind: '!'; readonly at: number }
  | { readonly kind: '-'; readonly at: number }
  | { readonly kind: 'end'; readonly at: number }
  | { readonly kind: 'other'; readonly at: number; readonly text: string }

export type OperatorToken =
  | { readonly kind: 'operator'; readonly at: number; readonly operator: BinaryOperator }
  | { readonly kind: ')' | 'end'; readonly at: number }
  | { readonly kind: 'other'; readonly at: number; readonly text: string }

const BLANK = /(?:\s|\/\/[^\n]*)*/y
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const NUMBER = /(?:\d[\d.]*|\.\d[\d.]*)(?:[eE][+-]?\d+)?(?:(?!AND|OR)[\p{L}\d_])*/uy
const OPERATOR = /==|!=|<=|>=|=~|!~|[<>+\-*/%]/y
const SYMBOLS = /[=!<>~&|]+|[^\s\p{L}\p{N}_"'()]+|["']/uy
const LAMBDA = /\s*lambda\s*:/y

const INT64_MAX = 2n ** 63n - 1n

export class Scanner {
  readonly #source: string
  #position: number

  /** A `lambda:` that was copied along with its body is skipped. */
  constructor(source: string) {
    this.#source = source
    this.#position = 0
    this.#match(LAMBDA)
  }

  /** The next word where a value is due. */
  value(): ValueToken {
    this.#match(BLANK)
    const at = this.#position
    const first = this.#source[at]
    if (first === undefined) return { kind: 'end', at }
    if (first === '(' || first === '!' || first === '-') return this.#single(first)
    if (first === '"') return { kind: 'reference', at, name: this.#delimited('"', 'the name') }
    if (first === "'") return { kind: 'string', at, value: this.#string() }
    if (first === '/') return { kind: 'pattern', at, pattern: this.#delimited('/', 'the regular expression') }
    const number = this.#match(NUMBER)
    if (number !== undefined) return numberToken(number, at)
    const word = this.#match(WORD)
    if (word === undefined) return { kind: 'other', at, text: this.#symbols() }
    this.#match(BLANK)
    return { kind: 'word', at, text: word, called: this.#source[this.#position] === '(' }
  }

  /** The next word where an operator, a closing parenthesis or the end is due. */
  operator(): OperatorToken {
    this.#match(BLANK)
    const at = this.#position
    const first = this.#source[at]
    if (first === undefined) return { kind: 'end', at }
    if (first === ')') return this.#single(first)
    const word = this.#match(WORD)
    if (word === 'AND' || word === 'OR') return { kind: 'operator', at, operator: word }
    if (word !== undefined) return { kind: 'other', at, text: word }
    // The whole run of symbols is read, so that `&&` or `===` is reported as one.
    const symbols = this.#symbols()
    OPERATOR.lastIndex = at
    const operator = OPERATOR.exec(this.#source)?.[0] as BinaryOperator | undefined
    if (operator === undefined || MISTAKEN.has(symbols)) return { kind: 'other', at, text: symbols }
    this.#position = at + operator.length
    return { kind: 'operator', at, operator }
  }

  #single<K extends '(' | '!' | '-' | ')'>(kind: K): { kind: K; at: number } {
    this.#position += 1
    return { kind, at: this.#position - 1 }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position
    const found = pattern.exec(this.#source)?.[0]
    if (found !== undefined) this.#position += found.length
    return found
  }

  #symbols(): string {
    return this.#match(SYMBOLS) ?? this.#source[this.#position] ?? ''
  }

  /** Text up to the same mark again; a backslash keeps that mark, and nothing else, from ending it. */
  #delimited(mark: string, what: string): string {
    const start = this.#position
    let text = ''
    for (let index = start + 1; index < this.#source.length; index += 1) {
      const character = this.#source[index]
      if (character === mark) {
        this.#position = index + 1
        return text
      }
      const escaped = character === '\\' && this.#source[index + 1] === mark
      if (escaped) index += 1
      text += escaped ? mark : character
    }
    const message = `${what} that begins with ${mark} never ends`
    throw new LanguageError('unfinished', message, { at: start, hint: `close it with ${mark}` })
  }

  #string(): string {
    const start = this.#position
    if (!this.#source.startsWith("'''", start)) return this.#delimited("'", 'the string')
    const end = this.#source.indexOf("'''", start + 3)
    if (end >= 0) {
      this.#position = end + 3
      return this.#source.slice(start + 3, end)
    }
    const message = "the string that begins with ''' never ends"
    throw new LanguageError('unfinished', message, { at: start, hint: "close it with '''" })
  }
}

/** Runs of symbols that begin like an operator but are one of some other language. */
const MISTAKEN = new Set(['===', '!==', '<>'])

function numberToken(text: string, at: number): ValueToken {
  if (/^\d*\.\d*$/.test(text)) return { kind: 'decimal', at, value: Number(text) }
  if (!/^\d+$/.test(text)) throw badNumber(text, at)
  // As in TICKscript, a leading zero makes the number octal.
  const octal = text.length > 1 && text.startsWith('0')
  if (octal && /[89]/.test(text)) {
    const message = `a number that begins with 0 is octal, and ${quoted(text)} has a digit above 7`
    throw new LanguageError('bad-literal', message, { at })
  }
  const value = BigInt(octal ? `0o${text}` : text)
  if (value <= INT64_MAX) return { kind: 'integer', at, value }
  const message = `the integer ${quoted(text)} is greater than ${INT64_MAX}`
  throw new LanguageError('bad-literal', message, { at, hint: 'write it with a decimal point' })
}

function badNumber(text: string, at: number): LanguageError {
  if (/^\d+(?:u|µ|ms|[smhdw])$/.test(text)) {
    const message = `found the duration ${quoted(text)}: a condition compares numbers, strings and booleans`
    return new LanguageError('not-supported', message, { at, hint: forDuration(text) })
  }
  const hint = /e/i.test(text) ? 'write it out: TICKscript has no exponents' : 'write it like 90 or 90.5'
  return new LanguageError('bad-literal', `${quoted(text)} is not a number`, { at, hint })
}
