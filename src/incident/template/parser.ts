// Puts the parts of a template together: text, values, and the branches of {{ if }}. It keeps the open
// branches on a list of its own, so that a long chain of `else if` costs no depth.
import { LanguageError } from '../language-error.ts'
import { type NoteName, TermReader } from './terms.ts'
import { type Action, tokenize } from './tokens.ts'
import type { Case, Piece, Term } from './tree.ts'

export const MAX_LENGTH = 64 * 1024
const MAX_DEPTH = 100

/** An {{ if }} whose {{ end }} has not come yet. */
interface OpenBranch {
  readonly at: number
  readonly cases: Case[]
  /** The test of the case being read; undefined after {{ else }}. */
  test: Term | undefined
  body: Piece[]
}

/** Throws LanguageError. */
export function parseTemplate(source: string, note: NoteName): readonly Piece[] {
  if (source.length > MAX_LENGTH) {
    const message = `the template has ${source.length} characters; at most ${MAX_LENGTH} are allowed`
    throw new LanguageError('too-large', message, { at: MAX_LENGTH })
  }
  const parser = new Parser(note)
  for (const part of tokenize(source)) {
    if (part.kind === 'text') parser.add(part)
    else parser.action(part)
  }
  return parser.whole()
}

class Parser {
  readonly #note: NoteName
  readonly #pieces: Piece[] = []
  readonly #open: OpenBranch[] = []

  constructor(note: NoteName) {
    this.#note = note
  }

  add(piece: Piece): void {
    const body = this.#open.at(-1)?.body ?? this.#pieces
    body.push(piece)
  }

  action(action: Action): void {
    const reader = new TermReader(action, this.#note)
    switch (reader.keyword('if', 'else', 'end')) {
      case 'if':
        this.#if(action.at, reader.onlyTerm())
        break
      case 'else':
        this.#else(action.at, reader)
        break
      case 'end':
        reader.nothingMore('end')
        this.#end(action.at)
        break
      default:
        this.add({ kind: 'print', term: reader.onlyTerm() })
    }
  }

  whole(): readonly Piece[] {
    const open = this.#open.at(-1)
    if (open !== undefined)
      throw new LanguageError('unfinished', 'this {{ if }} has no {{ end }}', {
        at: open.at,
        hint: 'add {{ end }}',
      })
    return this.#pieces
  }

  #if(at: number, test: Term): void {
    if (this.#open.length >= MAX_DEPTH)
      throw new LanguageError('too-large', `{{ if }} is nested deeper than ${MAX_DEPTH}`, { at })
    this.#open.push({ at, cases: [], test, body: [] })
  }

  #else(at: number, reader: TermReader): void {
    const open = this.#open.at(-1)
    if (open === undefined)
      throw new LanguageError('unexpected', 'found {{ else }} without an {{ if }} before it', { at })
    if (open.test === undefined) {
      throw new LanguageError(
        'unexpected',
        'found another {{ else }} after the {{ else }} of this {{ if }}',
        { at },
      )
    }
    open.cases.push({ test: open.test, body: open.body })
    open.body = []
    open.test = undefined
    if (reader.keyword('if') === undefined) reader.nothingMore('else')
    else open.test = reader.onlyTerm()
  }

  #end(at: number): void {
    const open = this.#open.pop()
    if (open === undefined)
      throw new LanguageError('unexpected', 'found {{ end }} without an {{ if }} before it', { at })
    const { cases, test, body } = open
    if (test === undefined) this.add({ kind: 'branch', cases, otherwise: body })
    else this.add({ kind: 'branch', cases: [...cases, { test, body }], otherwise: [] })
  }
}
