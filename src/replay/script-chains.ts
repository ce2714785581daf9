// The chains of a TICKscript: what each is made from, and which nodes and properties follow one another in it. Values are
// computed where Kapacitor computes them before a task starts; others say why they are not known. Pure.
import { parseScript, ScriptError } from '../kapacitor/tickscript.ts'
import { type Word, wordsOf } from '../kapacitor/words.ts'
import { constantOf } from './constant/expression.ts'
import { type Constant, ConstantError, literalOf } from './constant/value.ts'

/** `|name(args)`, `.name(args)` or `@name(args)`. */
export interface Call {
  readonly sign: '|' | '.' | '@'
  readonly name: string
  readonly args: readonly Value[]
}

export type Value =
  | Constant
  | { readonly kind: 'star' }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** Its body, with what variables in it stand for. */
  | { readonly kind: 'lambda'; readonly text: string }
  /** Why, to stand behind a colon. */
  | { readonly kind: 'unknown'; readonly because: string }

export interface Chain {
  /** `stream`, `batch`, or a name that is declared nowhere. */
  readonly from: string
  readonly calls: readonly Call[]
}

export interface Chains {
  readonly chains: readonly Chain[]
  /** `dbrp "database"."retentionPolicy"`. */
  readonly dbrps: readonly { readonly database: string; readonly retentionPolicy: string }[]
}

export function chainsOf(script: string): Chains {
  return new Reading(script).all()
}

const unknown = (because: string): Value => ({ kind: 'unknown', because })

/** What a variable stands for in a lambda; undefined where that cannot be written. */
function inLambda(value: Value): string | undefined {
  if (value.kind === 'lambda') return `(${value.text})`
  return value.kind === 'unknown' || value.kind === 'star' || value.kind === 'list'
    ? undefined
    : literalOf(value)
}

const SIGNS = new Set(['|', '.', '@'])
const BEGINNINGS = new Set(['var', 'dbrp', 'stream', 'batch'])

class Reading {
  readonly #script: string
  readonly #words: readonly Word[]
  readonly #values = new Map<string, Value>()
  /** As they stand, for lambdas. */
  readonly #literals = new Map<string, string>()
  readonly #chains = new Map<string, Chain>()
  #at = 0

  constructor(script: string) {
    this.#script = script
    this.#words = wordsOf(script)
  }

  all(): Chains {
    const chains: Chain[] = []
    const dbrps: { database: string; retentionPolicy: string }[] = []
    while (this.#at < this.#words.length) {
      const { kind, text } = this.#words[this.#at]!
      if (kind === 'name' && text === 'dbrp') dbrps.push(this.#dbrp())
      else if (kind === 'name' && text === 'var') chains.push(...this.#declaration())
      else if (kind === 'name' && this.#beginsChain(this.#at)) chains.push(this.#chain())
      else this.#at++
    }
    return { chains, dbrps }
  }

  #dbrp(): { database: string; retentionPolicy: string } {
    const [database, retentionPolicy] = [this.#words[this.#at + 1]?.text, this.#words[this.#at + 3]?.text]
    this.#at += 4
    return { database: database ?? '', retentionPolicy: retentionPolicy ?? '' }
  }

  /** `var name = …`; a chain among them is one that is there, whoever goes on with it. */
  #declaration(): Chain[] {
    const name = this.#words[this.#at + 1]?.text ?? ''
    this.#at += 2
    if (this.#words[this.#at]?.text !== '=') {
      this.#values.set(name, unknown(`'${name}' is a variable without a value, as in a template`))
      return []
    }
    this.#at++
    if (this.#beginsChain(this.#at)) {
      const chain = this.#chain()
      this.#chains.set(name, chain)
      return [chain]
    }
    const start = this.#at
    this.#at = this.#endOfValue(start)
    const words = this.#words.slice(start, this.#at)
    const value = this.#valueOf(words)
    const literal =
      inLambda(value) ?? (words.length === 1 ? this.#script.slice(words[0]!.at, words[0]!.end) : undefined)
    this.#values.set(name, value)
    if (literal !== undefined) this.#literals.set(name, literal)
    return []
  }

  #beginsChain(at: number): boolean {
    const [word, next] = [this.#words[at], this.#words[at + 1]]
    if (word?.kind !== 'name') return false
    if (word.text === 'stream' || word.text === 'batch' || this.#chains.has(word.text)) return true
    return next?.kind === 'sign' && (next.text === '|' || next.text === '@')
  }

  #chain(): Chain {
    const { text } = this.#words[this.#at++]!
    const before = this.#chains.get(text)
    const calls = [...(before?.calls ?? [])]
    for (let call = this.#call(); call; call = this.#call()) calls.push(call)
    return { from: before?.from ?? text, calls }
  }

  #call(): Call | undefined {
    const [sign, name] = [this.#words[this.#at], this.#words[this.#at + 1]]
    if (sign?.kind !== 'sign' || !SIGNS.has(sign.text) || name?.kind !== 'name') return undefined
    this.#at += 2
    return { sign: sign.text as Call['sign'], name: name.text, args: this.#arguments() }
  }

  #arguments(): Value[] {
    const start = this.#at
    if (!this.#is(start, '(')) return []
    this.#at = this.#behind(start)
    return this.#items(this.#words.slice(start + 1, this.#at - 1))
  }

  #items(words: readonly Word[]): Value[] {
    const items: Word[][] = [[]]
    let depth = 0
    for (const word of words) {
      depth += depthOf(word)
      if (depth === 0 && word.kind === 'sign' && word.text === ',') items.push([])
      else items.at(-1)!.push(word)
    }
    return items.filter(item => item.length > 0).map(item => this.#valueOf(item))
  }

  #valueOf(words: readonly Word[]): Value {
    const [word] = words
    // Behind the word and its colon.
    if (word?.kind === 'name' && word.text === 'lambda')
      return { kind: 'lambda', text: this.#body(words.slice(2)) }
    if (word?.kind === 'sign' && word.text === '[' && words.at(-1)?.text === ']')
      return { kind: 'list', items: this.#items(words.slice(1, -1)) }
    if (words.length === 1 && word?.kind === 'sign' && word.text === '*') return { kind: 'star' }
    if (words.length === 1 && word?.kind === 'name' && word.text !== 'TRUE' && word.text !== 'FALSE')
      return this.#variable(word.text)
    return this.#constant(words)
  }

  #variable(name: string): Value {
    return this.#values.get(name) ?? unknown(`'${name}' is declared nowhere`)
  }

  #constant(words: readonly Word[]): Value {
    const text = this.#script.slice(words[0]?.at ?? 0, words.at(-1)?.end ?? 0)
    try {
      const [statement, ...more] = parseScript(text)
      if (!statement || more.length > 0) return unknown('it is more than one expression')
      return constantOf(statement.value, name => this.#known(name))
    } catch (error) {
      if (error instanceof ConstantError || error instanceof ScriptError) return unknown(error.message)
      throw error
    }
  }

  #known(name: string): Constant {
    const value = this.#variable(name)
    if (value.kind === 'unknown') throw new ConstantError(value.because)
    if (value.kind === 'star' || value.kind === 'list' || value.kind === 'lambda')
      throw new ConstantError(`'${name}' is a ${value.kind}`)
    return value
  }

  #body(words: readonly Word[]): string {
    const from = words[0]?.at ?? 0
    let text = ''
    let at = from
    for (const [index, word] of words.entries()) {
      const literal = word.kind === 'name' ? this.#literals.get(word.text) : undefined
      const next = words[index + 1]
      if (literal === undefined || (next?.kind === 'sign' && next.text === '(')) continue
      text += this.#script.slice(at, word.at) + literal
      at = word.end
    }
    return text + this.#script.slice(at, words.at(-1)?.end ?? at)
  }

  /** Behind the parenthesis that closes the one at `start`. */
  #behind(start: number): number {
    let depth = 0
    for (let at = start; at < this.#words.length; at++) {
      depth += depthOf(this.#words[at]!)
      if (depth === 0) return at + 1
    }
    return this.#words.length
  }

  /** A statement has no end of its own: the next one begins. */
  #endOfValue(start: number): number {
    let depth = 0
    for (let at = start; at < this.#words.length; at++) {
      const word = this.#words[at]!
      if (at > start && depth === 0 && word.kind === 'name' && this.#begins(at)) return at
      depth += depthOf(word)
    }
    return this.#words.length
  }

  #begins(at: number): boolean {
    const { text } = this.#words[at]!
    return BEGINNINGS.has(text) || this.#chains.has(text)
  }

  #is(at: number, sign: string): boolean {
    const word = this.#words[at]
    return word?.kind === 'sign' && word.text === sign
  }
}

function depthOf({ kind, text }: Word): number {
  if (kind !== 'sign') return 0
  return text === '(' || text === '[' ? 1 : text === ')' || text === ']' ? -1 : 0
}
