// A text that may not be seen: a webhook URL, a token, a password. Whatever prints it by mistake (a log line,
// a template, JSON, a dump) gets `(hidden)`; only reveal() gives it out, so each use can be found by name.
import { inspect } from 'node:util'

/** What stands in every message in place of a secret. */
export const HIDDEN = '(hidden)'

export class Secret {
  // NOTE: a private field, so that neither inspection, nor spreading, nor structuredClone can see it.
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  /** For a reload that asks what changed: a deep comparison cannot look inside and calls any two secrets equal. */
  equals(other: Secret): boolean {
    return this.#text === other.#text
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
