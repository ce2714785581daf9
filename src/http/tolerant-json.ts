// What an alert-template writes where it forgot that texts need escapes: quotes and line breaks within texts, words such
// as NaN, +Inf, <no value> or a time without quotes, commas too many, nothing where a value belongs. Also the beginning
// of a body that is too long. Asked only where the body is no JSON. Pure.
import { fromExactJson } from '../incident/event.ts'
import type { Json } from './json-value.ts'

const MOST_DEPTH = 64
const KEY = /"((?:[^"\\]|\\.)*)"\s*:\s*/suy
/** What has to follow a quote that ends a text, rather than being part of it. */
const BEHIND_MEMBER = /"\s*(?:\}|,\s*\}|,\s*"(?:[^"\\]|\\.)*"\s*:|$)/suy
const BEHIND_ITEM = /"\s*(?:[,\]]|$)/uy
const BETWEEN = /[\s,]*/uy
const BARE = /(?:[^,{}[\]\r\n"]|\[[^[\]]*\]|\{[^{}]*\})*/uy
/** Escapes, and what would have had to be one. */
const SPECIAL = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|[\\"]|\p{Cc}/gu

/** Undefined: not even so. @param isCut the end is missing: what is whole counts. */
export function tolerantJson(text: string, isCut = false): Json | undefined {
  const reader = new Reader(text, isCut)
  try {
    return reader.whole()
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return undefined
  }
}

class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

class Reader {
  readonly #text: string
  readonly #isCut: boolean
  #at = 0

  constructor(text: string, isCut: boolean) {
    this.#text = text
    this.#isCut = isCut
  }

  whole(): Json {
    this.#take(BETWEEN)
    if (this.#text[this.#at] !== '{') throw new Unreadable()
    const value = this.#object(0)
    this.#take(BETWEEN)
    // A second alert would be lost.
    if (!this.#isAtEnd()) throw new Unreadable()
    return value
  }

  #value(behindText: RegExp, depth: number): unknown {
    const first = this.#text[this.#at]
    if (first === '"') return this.#string(behindText)
    if (first === '{') return this.#object(depth + 1)
    if (first === '[') return this.#list(depth + 1)
    return exact(this.#take(BARE)?.[0].trim() ?? '')
  }

  #object(depth: number): Json {
    const members: [string, unknown][] = []
    this.#open(depth)
    while (!this.#closes('}')) {
      const [, key] = this.#take(KEY) ?? []
      if (key === undefined) this.#ends()
      else members.push([unescaped(key), this.#value(BEHIND_MEMBER, depth)])
    }
    return Object.fromEntries(members.filter(([, value]) => value !== undefined))
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = []
    this.#open(depth)
    while (!this.#closes(']')) {
      const before = this.#at
      const value = this.#value(BEHIND_ITEM, depth)
      if (this.#at === before) throw new Unreadable()
      if (value !== undefined) items.push(value)
    }
    return items
  }

  #open(depth: number): void {
    if (depth > MOST_DEPTH) throw new Unreadable()
    this.#at++
  }

  #closes(bracket: string): boolean {
    this.#take(BETWEEN)
    if (this.#isAtEnd()) this.#ends()
    if (this.#isAtEnd()) return true
    if (this.#text[this.#at] !== bracket) return false
    this.#at++
    return true
  }

  #string(behind: RegExp): string | undefined {
    const from = this.#at + 1
    for (let at = this.#text.indexOf('"', from); at >= 0; at = this.#text.indexOf('"', at + 1)) {
      behind.lastIndex = at
      if (isEscaped(this.#text, at) || !behind.test(this.#text)) continue
      this.#at = at + 1
      return unescaped(this.#text.slice(from, at))
    }
    this.#ends()
    return undefined
  }

  /** What is to come is missing. */
  #ends(): void {
    if (!this.#isCut) throw new Unreadable()
    this.#at = this.#text.length
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}

function unescaped(raw: string): string {
  const inner = raw.replace(SPECIAL, part => {
    if (part.length > 1) return part
    const isKnown = part === '\\' || part === '"'
    return isKnown ? `\\${part}` : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return JSON.parse(`"${inner}"`) as string
}

function exact(word: string): unknown {
  if (word === '') return undefined
  try {
    return fromExactJson(word)
  } catch {
    return word
  }
}
