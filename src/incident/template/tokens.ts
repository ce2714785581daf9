// Splits a template into its plain text and its actions, and the actions into words. Comments disappear and
// trim markers take effect here, so that nothing later knows of them. It never judges the order of words.

import { unquote } from '../go-quote.ts'
import { LanguageError, quoted } from '../language-error.ts'

/** `.` is the bare dot. */
export type Mark = '(' | ')' | '|' | ',' | ':=' | '=' | '.'

type TokenBody =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: Mark }
  | { readonly kind: 'other'; readonly text: string }

/** `spaced`: white space stands before it. */
export type Token = TokenBody & { readonly at: number; readonly spaced: boolean }

export interface Action {
  readonly kind: 'action'
  readonly at: number
  readonly tokens: readonly Token[]
  /** Where its `}}` begins. */
  readonly end: number
}

export type Part = { readonly kind: 'text'; readonly text: string } | Action

const BLANK = /[ \t\r\n]*/y
const COMMENT_CLOSE = /\*\/(?:[ \t\r\n]-)?\}\}/y
const PATH = /\.[\p{L}_][\p{L}\p{Nd}_]*(?:\.[\p{L}_][\p{L}\p{Nd}_]*)*/uy
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const NUMBER = /[+-]?(?:\d|\.\d)(?:[eEpP][+-]|[\p{L}\d_.])*/uy
const STRING = /"((?:[^"\\\n]|\\[^\n])*)"/y
const RAW_STRING = /`([^`]*)`/y
const VARIABLE = /\$[\p{L}\p{Nd}_]*/uy
const CHARACTER = /'((?:[^'\\\n]|\\[^\n])*)'/uy
const OTHER = /\|\||:=|==|!=|<=|>=|&&|'[^'\n]*'|[^\s]/uy
const MARKS: readonly string[] = ['(', ')', '|', ',', ':=', '=', '.'] satisfies Mark[]

const INT64_MAX = 2n ** 63n - 1n

/** Throws LanguageError. */
export function tokenize(source: string): Part[] {
  return new Splitter(source).parts()
}

class Splitter {
  readonly #source: string
  #position = 0

  constructor(source: string) {
    this.#source = source
  }

  parts(): Part[] {
    const parts: Part[] = []
    let trimmed = false
    for (;;) {
      const open = this.#source.indexOf('{{', this.#position)
      const trims = open >= 0 && /^-[ \t\r\n]/.test(this.#source.slice(open + 2, open + 4))
      let text = this.#source.slice(this.#position, open < 0 ? undefined : open)
      if (trimmed) text = text.replace(/^[ \t\r\n]+/, '')
      if (trims) text = withoutBlankEnd(text)
      if (text !== '') parts.push({ kind: 'text', text })
      if (open < 0) return parts
      this.#position = open + (trims ? '{{- '.length : '{{'.length)
      if (this.#source.startsWith('/*', this.#position)) trimmed = this.#skipComment(open)
      else trimmed = this.#action(open, parts)
    }
  }

  /** Whether it trims the text behind it. */
  #skipComment(open: number): boolean {
    const end = this.#source.indexOf('*/', this.#position + '/*'.length)
    COMMENT_CLOSE.lastIndex = end
    const close = end < 0 ? null : COMMENT_CLOSE.exec(this.#source)
    if (close === null) {
      const message = 'this comment never ends'
      throw new LanguageError('unfinished', message, { at: open, hint: 'it ends with */}}' })
    }
    this.#position = COMMENT_CLOSE.lastIndex
    return close[0].includes('-')
  }

  /** Adds the action to the parts. Whether it trims the text behind it. */
  #action(open: number, parts: Part[]): boolean {
    const tokens: Token[] = []
    let spaced = this.#skipBlank() || this.#source[this.#position - 1] !== '{'
    while (this.#position < this.#source.length) {
      const at = this.#position
      const close = spaced && this.#source.startsWith('-}}', at) ? '-}}' : '}}'
      if (this.#source.startsWith(close, at)) {
        this.#position += close.length
        parts.push({ kind: 'action', at: open, tokens, end: at })
        return close === '-}}'
      }
      tokens.push({ ...this.#token(at), at, spaced })
      spaced = this.#skipBlank()
    }
    const message = 'this {{ is never closed'
    throw new LanguageError('unfinished', message, { at: open, hint: 'close it with }}' })
  }

  /** Whether there was any. */
  #skipBlank(): boolean {
    return this.#match(BLANK)?.[0] !== ''
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    const found = this.#peek(pattern)
    if (found !== undefined) this.#position += found[0].length
    return found
  }

  #peek(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position
    return pattern.exec(this.#source) ?? undefined
  }

  #token(at: number): TokenBody {
    const first = this.#source[at]!
    if (first === '"' || first === '`') return this.#string(at, first)
    const number = this.#match(NUMBER)?.[0]
    if (number !== undefined) return numberToken(number, at)
    const path = this.#match(PATH)?.[0]
    if (path !== undefined) return { kind: 'path', path: path.slice(1) }
    const word = this.#match(WORD)?.[0]
    if (word !== undefined) return { kind: 'word', text: word }
    const variable = this.#match(VARIABLE)?.[0]
    if (variable !== undefined) return { kind: 'variable', name: variable }
    const character = characterOf(this.#peek(CHARACTER)?.[1])
    if (character !== undefined) {
      this.#match(CHARACTER)
      return { kind: 'integer', value: character }
    }
    const symbol = this.#match(OTHER)?.[0] ?? first
    return MARKS.includes(symbol) ? { kind: symbol as Mark } : { kind: 'other', text: symbol }
  }

  #string(at: number, mark: '"' | '`'): TokenBody {
    const body = this.#match(mark === '"' ? STRING : RAW_STRING)?.[1]
    if (body === undefined) {
      const message = `the string that begins with ${mark} never ends`
      throw new LanguageError('unfinished', message, { at, hint: `close it with ${mark}` })
    }
    if (mark === '`') return { kind: 'string', value: body.replaceAll('\r', '') }
    const value = unquote(body)
    if (typeof value === 'string') return { kind: 'string', value }
    const message = `${quoted(body.slice(value.wrongAt, value.wrongAt + 2))} is no escape of a string`
    const hint = 'write \\\\ for a backslash'
    throw new LanguageError('bad-literal', message, { at: at + 1 + value.wrongAt, hint })
  }
}

// A pattern anchored at the end would look at every run of blanks in a long text.
function withoutBlankEnd(text: string): string {
  let end = text.length
  while (end > 0 && ' \t\r\n'.includes(text[end - 1]!)) end -= 1
  return text.slice(0, end)
}

/** The number of the one character between single quotes; undefined where there is not exactly one. */
function characterOf(body: string | undefined): bigint | undefined {
  if (body === undefined) return undefined
  const text = body === "\\'" ? "'" : body === '"' ? body : unquote(body)
  if (typeof text !== 'string') return undefined
  const [character, ...more] = text
  return character === undefined || more.length > 0 ? undefined : BigInt(character.codePointAt(0)!)
}

function numberToken(written: string, at: number): TokenBody {
  // As in Go, a line between two digits only helps the eye.
  const text = written.replace(/(?<=[\da-fA-FxXoObB])_(?=[\da-fA-F])/g, '')
  if (/^[+-]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?$/.test(text)) {
    const value = Number(text)
    if (Number.isFinite(value)) return { kind: 'decimal', value }
  }
  const value = integerOf(text)
  if (value !== undefined && value <= INT64_MAX && value >= -INT64_MAX - 1n) return { kind: 'integer', value }
  const message =
    value === undefined
      ? `${quoted(written)} is not a number`
      : `the integer ${quoted(written)} needs more than 64 bits`
  throw new LanguageError('bad-literal', message, {
    at,
    hint: 'write it like 90 or 90.5; a text, such as a format, stands in double quotes',
  })
}

/** As in Go, a leading zero makes the number octal. */
function integerOf(text: string): bigint | undefined {
  const digits = text.replace(/^[+-]/, '').replace(/^0(?=[0-7]+$)/, '0o')
  if (!/^(?:0|[1-9]\d*|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits)) return undefined
  return text.startsWith('-') ? -BigInt(digits) : BigInt(digits)
}
