// What names mean at one place of a template: the dot, and the variables of the blocks around it.
import { LanguageError } from '../language-error.ts'
import type { Kind } from './kinds.ts'

export interface Variable {
  readonly slot: number
  /** Of the value that it was given last, as the text goes. */
  kind: Kind
}

interface Block {
  readonly dot: Kind
  readonly variables: Map<string, Variable>
}

/** Variables of one template; each costs a place for every text that is rendered. */
const MOST_VARIABLES = 1000

export class Names {
  readonly #blocks: Block[] = [{ dot: 'root', variables: new Map() }]
  #count = 0

  get dot(): Kind {
    return this.#block.dot
  }

  get #block(): Block {
    return this.#blocks.at(-1)!
  }

  enter(dot = this.dot): void {
    this.#blocks.push({ dot, variables: new Map() })
  }

  leave(): void {
    this.#blocks.pop()
  }

  find(name: string): Variable | undefined {
    return this.#blocks.findLast(({ variables }) => variables.has(name))?.variables.get(name)
  }

  all(): string[] {
    return this.#blocks.flatMap(({ variables }) => [...variables.keys()])
  }

  /** Its slot. Throws LanguageError. */
  declare(name: string, kind: Kind, at: number): number {
    if (this.#count >= MOST_VARIABLES)
      throw new LanguageError('too-large', `a template has at most ${MOST_VARIABLES} variables`, { at })
    const slot = this.#count
    this.#count += 1
    this.#block.variables.set(name, { slot, kind })
    return slot
  }
}
