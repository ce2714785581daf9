// Reads one action as a whole: its keyword, the variable that its value is kept in, and what must be all of it.
import { LanguageError } from '../language-error.ts'
import type { Kind } from './kinds.ts'
import type { Link, NoteName } from './links.ts'
import { notARange, shown, straySymbol, strayVariable } from './mistakes.ts'
import type { Names } from './names.ts'
import { expectSpace, TermReader } from './terms.ts'
import type { Action } from './tokens.ts'
import type { Pipeline, Term } from './tree.ts'

export interface TestHead {
  readonly pipeline: Pipeline
  /** Of its value. */
  readonly dot: Kind
}

export interface RangeHead {
  readonly of: Term
  readonly key?: number
  readonly value?: number
  readonly dot: Kind
}

export class ActionReader {
  readonly #terms: TermReader
  readonly #names: Names
  #isAfterKeyword = false

  constructor(action: Action, names: Names, note: NoteName) {
    this.#terms = new TermReader(action, names, note)
    this.#names = names
  }

  /** The next word, if it is one of these; it is consumed. */
  keyword<Word extends string>(...words: readonly Word[]): Word | undefined {
    const token = this.#terms.next
    const found = token?.kind === 'word' ? words.find(word => word === token.text) : undefined
    if (found === undefined) return undefined
    this.#terms.skip(1)
    this.#isAfterKeyword = true
    return found
  }

  /** The one value of the action, which must be all that is left of it. */
  pipeline(): Pipeline {
    return this.#whole().pipeline
  }

  testHead(): TestHead {
    const { pipeline, kind } = this.#whole()
    return { pipeline, dot: kind }
  }

  rangeHead(): RangeHead {
    this.#expectSpaceAfterKeyword()
    const names = this.#rangeVariables()
    const link = this.#only()
    if (!['tags', 'fields', 'any'].includes(link.kind)) throw notARange(link.at)
    const dot = link.kind === 'any' ? 'any' : 'plain'
    const kinds: readonly Kind[] = names.length === 2 ? ['plain', dot] : [dot]
    const slots = names.map(({ name, at }, index) => this.#names.declare(name, kinds[index]!, at))
    const [first, second] = slots
    if (second !== undefined) return { of: link.term, key: first!, value: second, dot }
    return { of: link.term, ...(first !== undefined && { value: first }), dot }
  }

  /** @param after the keyword that was read. */
  nothingMore(after: string): void {
    const rest = this.#terms.next
    if (rest === undefined) return
    throw new LanguageError('unexpected', `found ${shown(rest)} after "${after}", which stands alone`, {
      at: rest.at,
    })
  }

  #expectSpaceAfterKeyword(): void {
    const { next } = this.#terms
    if (this.#isAfterKeyword && next?.kind !== '(') expectSpace(next)
  }

  #whole(): { readonly pipeline: Pipeline; readonly kind: Kind } {
    this.#expectSpaceAfterKeyword()
    const [variable, mark] = this.#terms.ahead(2)
    if (variable?.kind !== 'variable' || (mark?.kind !== ':=' && mark?.kind !== '=')) {
      const { term, kind } = this.#only()
      return { pipeline: { term }, kind }
    }
    this.#terms.skip(2)
    const { name, at } = variable
    if (name === '$') throw straySymbol(name, at)
    const known = mark.kind === '=' ? this.#names.find(name) : undefined
    if (mark.kind === '=' && known === undefined) throw strayVariable(name, this.#names.all(), at)
    const { term, kind } = this.#only()
    if (known !== undefined && known.kind !== kind) known.kind = 'any'
    const slot = known?.slot ?? this.#names.declare(name, kind, at)
    return { pipeline: { term, slot }, kind }
  }

  #rangeVariables(): { readonly name: string; readonly at: number }[] {
    const [first, mark, second, end] = this.#terms.ahead(4)
    if (first?.kind !== 'variable') return []
    if (mark?.kind === ':=') {
      this.#terms.skip(2)
      return [first]
    }
    if (mark?.kind !== ',' || second?.kind !== 'variable' || end?.kind !== ':=') return []
    this.#terms.skip(4)
    return [first, second]
  }

  /** Nothing may follow it. */
  #only(): Link {
    const link = this.#terms.piped()
    const rest = this.#terms.next
    if (rest === undefined) return link
    throw new LanguageError('unexpected', 'found ")" without a "(" before it', { at: rest.at })
  }
}
