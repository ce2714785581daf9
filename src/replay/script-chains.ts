// The chains of a TICKscript: what each is made from, and which nodes and properties follow one another in it. It reads
// what is written out; what Kapacitor would have to compute stays a thing with a name. Pure.
import { type Word, wordsOf } from '../kapacitor/words.ts'

/** `|name(args)`, `.name(args)` or `@name(args)`. */
export interface Call {
  readonly sign: '|' | '.' | '@'
  readonly name: string
  readonly args: readonly Value[]
}

export type Value =
  | { readonly kind: 'text' | 'number' | 'duration' | 'name'; readonly text: string }
  | { readonly kind: 'star' }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** Its body, with what variables in it stand for. */
  | { readonly kind: 'lambda'; readonly text: string }
  | { readonly kind: 'computed' }

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
      this.#values.set(name, { kind: 'computed' })
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
    const [word, ...more] = this.#words.slice(start, this.#at)
    this.#values.set(name, this.#valueOf(this.#words.slice(start, this.#at)))
    if (word && more.length === 0) this.#literals.set(name, this.#script.slice(word.at, word.end))
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
    if (!word || words.length > 1) return { kind: 'computed' }
    if (word.kind === 'sign' && word.text === '*') return { kind: 'star' }
    if (word.kind === 'name') return this.#values.get(word.text) ?? { kind: 'name', text: word.text }
    if (word.kind === 'text' || word.kind === 'number' || word.kind === 'duration')
      return { kind: word.kind, text: word.text }
    return { kind: 'computed' }
  }

  #body(words: readonly Word[]): string {
    const from = words[0]?.at ?? 0
    let text = ''
    let at = from
    for (const word of words) {
      const literal = word.kind === 'name' ? this.#literals.get(word.text) : undefined
      if (literal === undefined) continue
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
