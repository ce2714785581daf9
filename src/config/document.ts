// One TOML text, read: its values as plain tables, and the place of every key. Owns the syntax; the meaning
// of keys is the schema's. Never throws over a text, however broken.
import { ParseError, parseTOML } from 'toml-eslint-parser'
import { emptyTable, everythingWritten, type KeyPath, type Place, type Table } from './locate.ts'
import type { Problem } from './problems.ts'

// TOML 1.0 is what other tools that touch the file can read too.
const TOML_VERSION = '1.0.0'

export class Document {
  readonly root: Table
  readonly #places: ReadonlyMap<string, Place>
  readonly #values: ReadonlyMap<string, unknown>

  constructor(root: Table, values: ReadonlyMap<string, unknown>, places: ReadonlyMap<string, Place>) {
    this.root = root
    this.#values = values
    this.#places = places
  }

  has(path: KeyPath): boolean {
    return this.#values.has(idOf(path))
  }

  at(path: KeyPath): unknown {
    return this.#values.get(idOf(path))
  }

  /** Where the key stands, or the nearest table around it; undefined for what is missing from the file itself. */
  placeOf(path: KeyPath): Place | undefined {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(idOf(path.slice(0, length)))
      if (place) return place
    }
    return undefined
  }
}

export function readDocument(text: string): { document: Document } | { problem: Problem } {
  try {
    return { document: parse(text.replace(/^\uFEFF/, '')) }
  } catch (error) {
    return { problem: syntaxProblem(error) }
  }
}

function parse(text: string): Document {
  const root = emptyTable()
  const values = new Map<string, unknown>([[idOf([]), root]])
  const places = new Map<string, Place>()
  for (const { path, place, value } of everythingWritten(parseTOML(text, { tomlVersion: TOML_VERSION }))) {
    const id = idOf(path)
    if (values.has(id)) continue
    values.set(id, value)
    places.set(id, place)
    const container = values.get(idOf(path.slice(0, -1))) as Table
    container[path.at(-1)!] = value
  }
  return new Document(root, values, places)
}

const idOf = (path: KeyPath): string => JSON.stringify(path)

function syntaxProblem(error: unknown): Problem {
  const what = { code: 'syntax', key: '', hint: 'nothing after it was looked at' } as const
  // NOTE: the parser's messages quote nothing of the text, so none of them can hold a secret.
  if (!(error instanceof ParseError)) return { ...what, message: 'this is not TOML' }
  const message = `not TOML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`
  return { ...what, line: error.lineNumber, column: error.column + 1, message }
}
