// Puts the parts of a template together: text, values, and the bodies of {{ if }}, {{ with }} and {{ range }}. It
// keeps what is open on a list of its own, so that a long chain of `else if` costs no depth.
import { LanguageError } from '../language-error.ts'
import { ActionReader, type RangeHead } from './action.ts'
import type { NoteName } from './links.ts'
import { strayElse } from './mistakes.ts'
import { Names } from './names.ts'
import { type Action, tokenize } from './tokens.ts'
import type { Case, Piece, Pipeline } from './tree.ts'

export const MAX_LENGTH = 64 * 1024
const MAX_DEPTH = 100

type Keyword = 'if' | 'with' | 'range'

/** What has no {{ end }} yet. */
interface OpenBlock {
  readonly at: number
  readonly keyword: Keyword
  readonly range: RangeHead | undefined
  readonly cases: Case[]
  /** The test of the case being read; undefined after {{ else }}. */
  test: Omit<Case, 'body'> | undefined
  body: Piece[]
  /** Blocks of names to leave at the end. */
  entered: number
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
  readonly #names = new Names()
  readonly #pieces: Piece[] = []
  readonly #open: OpenBlock[] = []

  constructor(note: NoteName) {
    this.#note = note
  }

  add(piece: Piece): void {
    const body = this.#open.at(-1)?.body ?? this.#pieces
    body.push(piece)
  }

  action(action: Action): void {
    const reader = new ActionReader(action, this.#names, this.#note)
    const keyword = reader.keyword('if', 'with', 'range', 'else', 'end')
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        this.#begin(action.at, keyword, reader)
        break
      case 'else':
        this.#else(action.at, reader)
        break
      case 'end':
        reader.nothingMore('end')
        this.#end(action.at)
        break
      default:
        this.#value(reader.pipeline())
    }
  }

  whole(): readonly Piece[] {
    const open = this.#open.at(-1)
    if (open !== undefined)
      throw new LanguageError('unfinished', `this {{ ${open.keyword} }} has no {{ end }}`, {
        at: open.at,
        hint: 'add {{ end }}',
      })
    return this.#pieces
  }

  #value({ term, slot }: Pipeline): void {
    this.add(slot === undefined ? { kind: 'print', term } : { kind: 'set', term, slot })
  }

  #begin(at: number, keyword: Keyword, reader: ActionReader): void {
    if (this.#open.length >= MAX_DEPTH)
      throw new LanguageError('too-large', `{{ ${keyword} }} is nested deeper than ${MAX_DEPTH}`, { at })
    // A variable that is declared in the head belongs to the block.
    this.#names.enter()
    const head = keyword === 'range' ? reader.rangeHead() : reader.testHead()
    this.#names.enter(keyword === 'if' ? undefined : head.dot)
    this.#open.push({
      ...{ at, keyword, cases: [], body: [], entered: 2 },
      range: 'of' in head ? head : undefined,
      test: 'of' in head ? undefined : { ...head.pipeline, isWith: keyword === 'with' },
    })
  }

  #else(at: number, reader: ActionReader): void {
    const open = this.#open.at(-1)
    if (open === undefined)
      throw new LanguageError('unexpected', 'found {{ else }} without an {{ if }} before it', { at })
    const isSecond = open.range ? open.cases.length > 0 : open.test === undefined
    if (isSecond) {
      const message = `found another {{ else }} after the {{ else }} of this {{ ${open.keyword} }}`
      throw new LanguageError('unexpected', message, { at })
    }
    open.cases.push({ ...(open.test ?? NO_TEST), body: open.body })
    open.body = []
    open.test = undefined
    this.#names.leave()
    this.#names.enter()
    const keyword = reader.keyword('if', 'with')
    if (keyword === undefined) {
      reader.nothingMore('else')
      return
    }
    if (keyword !== open.keyword) throw strayElse(keyword, open.keyword, at)
    const head = reader.testHead()
    this.#names.enter(keyword === 'with' ? head.dot : undefined)
    open.entered += 1
    open.test = { ...head.pipeline, isWith: keyword === 'with' }
  }

  #end(at: number): void {
    const open = this.#open.pop()
    if (open === undefined)
      throw new LanguageError('unexpected', 'found {{ end }} without an {{ if }} before it', { at })
    for (let left = open.entered; left > 0; left -= 1) this.#names.leave()
    this.add(pieceOf(open))
  }
}

const NO_TEST = { term: { kind: 'constant', value: true, height: 0 }, isWith: false } as const

function pieceOf({ range, cases, test, body }: OpenBlock): Piece {
  if (range !== undefined) {
    const { of, key, value } = range
    const [whole] = cases
    return {
      ...{ kind: 'range', of },
      ...(key !== undefined && { key }),
      ...(value !== undefined && { value }),
      ...(whole === undefined ? { body, otherwise: [] } : { body: whole.body, otherwise: body }),
    }
  }
  if (test === undefined) return { kind: 'branch', cases, otherwise: body }
  return { kind: 'branch', cases: [...cases, { ...test, body }], otherwise: [] }
}
