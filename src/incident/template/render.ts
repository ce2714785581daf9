// Writes a template's text for one point. It never throws: where Kapacitor would give up on the whole alert
// (a string compared with a number, say), the action prints a short note like `%!(lt: a string and a number
// have no order)` in the style of Go's own printing, and the rest of the text stays. An {{ if }} whose test
// fails so prints the note in place of its branches, for none of them is known to be right.
import { MOST_CHARACTERS, printed } from '../go-format.ts'
import { GoMap, type Printable } from '../go-values.ts'
import type { Place } from '../go-zone.ts'
import { isTrue, kindOf, Unfit } from './comparison.ts'
import { evaluate, type Run, type TemplateValues } from './evaluate.ts'
import type { Piece, Range } from './tree.ts'
import { TooMuchWork, Work } from './work.ts'

export type { TemplateValues } from './evaluate.ts'

/** Longest text in bytes of UTF-8. */
export const MAX_TEXT_BYTES = MOST_CHARACTERS

export interface MarkedText {
  readonly text: string
  /** Where the author's own text stands in it: start and end, in turn. The rest came from the point. */
  readonly own: readonly number[]
}

/** @param local the place of `.Time.Local`. */
export function renderTemplate(pieces: readonly Piece[], values: TemplateValues, local: Place): MarkedText {
  const output = new Output()
  try {
    write(pieces, { values, local, work: new Work(), variables: [], dot: undefined }, output)
  } catch (error) {
    output.note(error)
  }
  return output.marked()
}

class Output {
  #text = ''
  readonly #own: number[] = []

  get full(): boolean {
    return this.#text.length >= MAX_TEXT_BYTES
  }

  add(text: string): void {
    this.#text += shortened(text)
  }

  /** Adds text that stands in the template itself. */
  addOwn(text: string): void {
    if (text === '') return
    if (this.#own.at(-1) === this.#text.length) this.#own.pop()
    else this.#own.push(this.#text.length)
    this.add(text)
    this.#own.push(this.#text.length)
  }

  note(error: unknown): void {
    this.add(`%!(${error instanceof Error ? error.message : String(error)})`)
  }

  marked(): MarkedText {
    return { text: this.#cut(), own: this.#own }
  }

  /** At a character boundary. */
  #cut(): string {
    if (this.#text.length <= MAX_TEXT_BYTES / 3) return this.#text
    const { read } = new TextEncoder().encodeInto(this.#text, new Uint8Array(MAX_TEXT_BYTES))
    return this.#text.slice(0, read)
  }
}

/** What lies beyond can't be printed, and a field may hold megabytes. */
const shortened = (text: string): string =>
  text.length <= MAX_TEXT_BYTES ? text : text.slice(0, MAX_TEXT_BYTES + 2)

function write(pieces: readonly Piece[], run: Run, output: Output): void {
  for (const piece of pieces) {
    if (output.full) return
    if (piece.kind === 'text') output.addOwn(piece.text)
    else attempt(piece, run, output)
  }
}

function attempt(piece: Exclude<Piece, { kind: 'text' }>, run: Run, output: Output): void {
  try {
    if (piece.kind === 'print') print(piece, run, output)
    else if (piece.kind === 'set') run.variables[piece.slot] = evaluate(piece.term, run)
    else if (piece.kind === 'branch') branch(piece, run, output)
    else range(piece, run, output)
  } catch (error) {
    if (error instanceof TooMuchWork) throw error
    output.note(error)
  }
}

function print({ term }: Piece & { kind: 'print' }, run: Run, output: Output): void {
  const value = evaluate(term, run)
  const text = value === undefined ? '<no value>' : printed(value)
  if (term.kind === 'constant') output.addOwn(text)
  else output.add(text)
}

function branch(piece: Piece & { kind: 'branch' }, run: Run, output: Output): void {
  for (const each of piece.cases) {
    const value = evaluate(each.term, run)
    if (each.slot !== undefined) run.variables[each.slot] = value
    if (!isTrue(value)) continue
    if (each.isWith) writeAbout(value, each.body, run, output)
    else write(each.body, run, output)
    return
  }
  write(piece.otherwise, run, output)
}

/** With the value as the dot. */
function writeAbout(value: Printable, body: readonly Piece[], run: Run, output: Output): void {
  const outer = run.dot
  run.dot = value
  write(body, run, output)
  run.dot = outer
}

function range({ of, key, value: slot, body, otherwise }: Range, run: Run, output: Output): void {
  const map = evaluate(of, run)
  if (map !== undefined && !(map instanceof GoMap))
    throw new Unfit(`range: ${kindOf(map)} is neither .Tags nor .Fields`)
  const entries = map?.sorted() ?? []
  if (entries.length === 0) write(otherwise, run, output)
  for (const [name, value] of entries) {
    if (output.full) return
    run.work.step()
    if (key !== undefined) run.variables[key] = name
    if (slot !== undefined) run.variables[slot] = value
    writeAbout(value, body, run, output)
  }
}
