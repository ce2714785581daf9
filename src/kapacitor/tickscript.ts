// The syntax of a TICKscript: statements and expressions as a tree, by Kapacitor's parser (tick/ast/parser.go). It knows
// no node and no property, and evaluates nothing. What it cannot read throws, with the line.
import { type Word, wordsOf } from './words.ts'

/** One step of a chain: `|alert()`, `@squadcast()`, `.crit(...)`. */
export interface Link {
  readonly sign: '|' | '@' | '.'
  readonly name: string
  readonly args: readonly Expression[]
  readonly line: number
}

export type Expression =
  | {
      readonly kind: 'text' | 'number' | 'duration' | 'reference' | 'name' | 'regular'
      readonly text: string
    }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'star' }
  /** A variable of a template that has no value: `var limit duration`. */
  | { readonly kind: 'declared'; readonly type: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'unary'; readonly sign: string; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly sign: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'lambda'; readonly body: Expression }
  | { readonly kind: 'chain'; readonly root: Expression; readonly links: readonly Link[] }

/** `name` is that of a variable; absent: the expression stands alone. */
export interface Statement {
  readonly name?: string
  readonly value: Expression
}

export class ScriptError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.name = 'ScriptError'
    this.line = line
  }
}

/** The loosest first. */
const RANKS = [['OR'], ['AND'], ['==', '!=', '=~', '!~'], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']]
const DEEPEST = 200

/** Throws ScriptError. */
export const parseScript = (script: string): Statement[] => new Parser(script).statements()

class Parser {
  readonly #script: string
  readonly #words: readonly Word[]
  #at = 0
  #depth = 0

  constructor(script: string) {
    this.#script = script
    this.#words = wordsOf(script)
  }

  statements(): Statement[] {
    const found: Statement[] = []
    while (this.#at < this.#words.length) {
      if (this.#takes('name', 'dbrp')) this.#dbrp()
      else if (this.#takes('name', 'var')) found.push(this.#declaration())
      else found.push({ value: this.#expression() })
    }
    return found
  }

  #dbrp(): void {
    this.#need('reference')
    this.#sign('.')
    this.#need('reference')
  }

  /** `var x = ...`; or `var x string` of a template, which says nothing of the value. */
  #declaration(): Statement {
    const { text: name } = this.#need('name')
    if (this.#takes('sign', '=')) return { name, value: this.#expression() }
    const { text: type } = this.#need('name')
    return { name, value: { kind: 'declared', type } }
  }

  #expression(): Expression {
    if (++this.#depth > DEEPEST) throw this.#mistake('an expression is nested too deeply')
    try {
      return this.#ranked(0)
    } finally {
      this.#depth--
    }
  }

  /** Signs of one rank go from left to right. */
  #ranked(rank: number): Expression {
    const signs = RANKS[rank]
    if (!signs) return this.#primary()
    let left = this.#ranked(rank + 1)
    for (let word = this.#next; word && isOneOf(word, signs); word = this.#next) {
      this.#at++
      left = { kind: 'binary', sign: word.text, left, right: this.#ranked(rank + 1) }
    }
    return left
  }

  #primary(): Expression {
    const word = this.#need()
    const { kind, text } = word
    if (kind === 'name') return this.#named(text)
    if (kind !== 'sign') return { kind, text }
    if (text === '-' || text === '!') {
      if (++this.#depth > DEEPEST) throw this.#mistake('an expression is nested too deeply')
      const of = this.#primary()
      this.#depth--
      return { kind: 'unary', sign: text, of }
    }
    if (text === '(') {
      const inside = this.#expression()
      this.#sign(')')
      return inside
    }
    if (text === '[') return { kind: 'list', items: this.#until(']') }
    if (text === '*') return { kind: 'star' }
    throw this.#mistake(`"${text}" is not expected`, word)
  }

  #named(name: string): Expression {
    if (name === 'TRUE' || name === 'FALSE') return { kind: 'bool', value: name === 'TRUE' }
    if (name === 'lambda' && this.#takes('sign', ':')) return { kind: 'lambda', body: this.#expression() }
    const root: Expression = this.#takes('sign', '(')
      ? { kind: 'call', name, args: this.#until(')') }
      : { kind: 'name', text: name }
    const links = [...this.#links()]
    return links.length === 0 ? root : { kind: 'chain', root, links }
  }

  *#links(): Generator<Link> {
    for (let word = this.#next; word && isOneOf(word, ['.', '|', '@']); word = this.#next) {
      this.#at++
      const { text: name, at } = this.#need('name')
      const args = this.#takes('sign', '(') ? this.#until(')') : []
      yield { sign: word.text as Link['sign'], name, args, line: this.#lineAt(at) }
    }
  }

  #until(end: string): Expression[] {
    const found: Expression[] = []
    while (!this.#takes('sign', end)) {
      if (found.length > 0) this.#sign(',')
      if (this.#takes('sign', end)) break
      found.push(this.#expression())
    }
    return found
  }

  get #next(): Word | undefined {
    return this.#words[this.#at]
  }

  #takes(kind: Word['kind'], text: string): boolean {
    const isIt = this.#next?.kind === kind && this.#next.text === text
    if (isIt) this.#at++
    return isIt
  }

  #sign(text: string): void {
    if (!this.#takes('sign', text)) throw this.#mistake(`"${text}" is missing`)
  }

  #need(kind?: Word['kind']): Word {
    const word = this.#next
    if (!word) throw this.#mistake('the script ends too early')
    if (kind !== undefined && word.kind !== kind) throw this.#mistake(`a ${kind} is missing`)
    this.#at++
    return word
  }

  #mistake(message: string, word = this.#next): ScriptError {
    return new ScriptError(message, this.#lineAt(word?.at ?? this.#script.length))
  }

  #lineAt(at: number): number {
    let line = 1
    for (let from = this.#script.indexOf('\n'); from >= 0 && from < at; line++)
      from = this.#script.indexOf('\n', from + 1)
    return line
  }
}

const isOneOf = ({ kind, text }: Word, signs: readonly string[]): boolean =>
  (kind === 'sign' || kind === 'name') && signs.includes(text)
