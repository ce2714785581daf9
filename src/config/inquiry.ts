// One resolution under way: the document, what lies outside it, and what was found wrong so far. Every question
// to a file or the environment goes through here, and every problem gets its key and place here.
import { dirname, isAbsolute, join } from 'node:path'
import type { Document } from './document.ts'
import type { KeyPath } from './locate.ts'
import { keyText, type Problem } from './problems.ts'
import { whyUnreadable } from './unreadable.ts'

/** The machine around a configuration, as far as its meaning depends on it. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The text of a file that the configuration names; throws as node:fs does. */
  readFile(path: string): string
  groupExists(name: string): boolean
}

type Finding = Pick<Problem, 'code' | 'message' | 'hint'>

const CREDENTIALS = '$CREDENTIALS_DIRECTORY/'

export class Inquiry {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []
  readonly document: Document
  readonly outside: Outside
  readonly #directory: string

  constructor(document: Document, source: { readonly path: string }, outside: Outside) {
    this.document = document
    this.outside = outside
    this.#directory = dirname(source.path)
  }

  problem(path: KeyPath, finding: Finding): void {
    this.problems.push(this.#located(path, finding))
  }

  warning(path: KeyPath, finding: Finding): void {
    this.warnings.push(this.#located(path, finding))
  }

  #located(path: KeyPath, finding: Finding): Problem {
    return { ...finding, key: keyText(path), ...this.document.placeOf(path) }
  }

  /** True once a problem was told of this very key: what follows from it is not worth telling. */
  isBroken(path: KeyPath): boolean {
    const key = keyText(path)
    return this.problems.some(problem => problem.key === key)
  }

  /**
   * Paths start at the file that says them, whatever directory the program was started in; or where systemd put the
   * unit's credentials, which is known only then.
   */
  fullPath(file: string): string {
    const { CREDENTIALS_DIRECTORY: credentials } = this.outside.env
    if (credentials && file.startsWith(CREDENTIALS)) return join(credentials, file.slice(CREDENTIALS.length))
    return isAbsolute(file) ? file : join(this.#directory, file)
  }

  /** The text of the file that the key at `path` names; undefined, and a problem, if it can't be had. */
  fileText(path: KeyPath, file: string | undefined): string | undefined {
    if (file === undefined) return undefined
    try {
      const text = this.outside.readFile(this.fullPath(file)).replace(/[\r\n]+$/, '')
      if (text !== '') return text
      this.#unreadable(path, file, 'is empty')
    } catch (error) {
      this.#unreadable(path, file, whyUnreadable(error))
    }
    return undefined
  }

  #unreadable(path: KeyPath, file: string, why: string): void {
    const code = 'unreadable'
    if (file.startsWith(CREDENTIALS) && !this.outside.env.CREDENTIALS_DIRECTORY) {
      const message = '$CREDENTIALS_DIRECTORY is not set'
      const hint = 'systemd sets it for the service alone, where its unit has LoadCredential='
      this.problem(path, { code, message, hint })
      return
    }
    // NOTE: a relative path is not repeated: it may be a URL, pasted without its scheme into the wrong key.
    const finding = isAbsolute(file)
      ? ({ code, message: `${file} ${why}` } as const)
      : ({ code, message: `the file ${why}`, hint: `its path starts at ${this.#directory}` } as const)
    this.problem(path, finding)
  }

  /** The text of the environment variable that the key at `path` names; undefined, and a problem, without it. */
  environmentText(path: KeyPath, name: string | undefined): string | undefined {
    if (name === undefined) return undefined
    const { env } = this.outside
    // An environment is an object like others, and `constructor` could be a variable's name.
    const text = Object.hasOwn(env, name) ? env[name]?.trim() : undefined
    if (text) return text
    // Anything but the usual spelling may be a secret that was pasted here by mistake.
    const shown = /^[A-Z_][A-Z0-9_]*$/.test(name) ? `$${name}` : 'the environment variable'
    const message = `${shown} is ${text === undefined ? 'not set' : 'empty'}`
    this.problem(path, { code: 'unreadable', message })
    return undefined
  }
}
