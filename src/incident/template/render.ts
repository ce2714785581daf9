// Writes a template's text for one point. It never throws: where Kapacitor would give up on the whole alert
// (a string compared with a number, say), the action prints a short note like `%!(lt: a string and a number
// have no order)` in the style of Go's own printing, and the rest of the text stays. An {{ if }} whose test
// fails so prints the note in place of its branches, for none of them is known to be right.
import { type Printable, printed } from '../go-format.ts'
import { GoDuration, GoTime } from '../go-time.ts'
import type { Scope } from '../point.ts'
import { compares, Incomparable, isEqual, isTrue } from './functions.ts'
import type { FunctionName, Piece, Term, ValueName } from './tree.ts'

/** Longest text in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 64 * 1024

export interface TemplateValues {
  readonly id: string
  readonly name: string
  readonly taskName: string
  /** `host=a,region=eu`, or `nil`. */
  readonly group: string
  readonly level: string
  /** Nanoseconds since the epoch, by the points' clock. */
  readonly time: bigint
  /** Nanoseconds. */
  readonly duration: bigint
  readonly message: string
  /** What `index .Tags` and `index .Fields` read. */
  readonly scope: Scope
}

export function renderTemplate(pieces: readonly Piece[], values: TemplateValues): string {
  const output = new Output()
  write(pieces, values, output)
  return output.text()
}

class Output {
  #text = ''

  get full(): boolean {
    return this.#text.length >= MAX_TEXT_BYTES
  }

  add(text: string): void {
    this.#text += shortened(text)
  }

  /** Cut at a character boundary. */
  text(): string {
    if (this.#text.length <= MAX_TEXT_BYTES / 3) return this.#text
    const { read } = new TextEncoder().encodeInto(this.#text, new Uint8Array(MAX_TEXT_BYTES))
    return this.#text.slice(0, read)
  }
}

/** What lies beyond can't be printed, and a field may hold megabytes. */
const shortened = (text: string): string =>
  text.length <= MAX_TEXT_BYTES ? text : text.slice(0, MAX_TEXT_BYTES + 2)

function write(pieces: readonly Piece[], values: TemplateValues, output: Output): void {
  for (const piece of pieces) {
    if (output.full) return
    if (piece.kind === 'text') output.add(piece.text)
    else
      attempt(
        () => (piece.kind === 'print' ? print(piece.term, values, output) : branch(piece, values, output)),
        output,
      )
  }
}

function attempt(act: () => void, output: Output): void {
  try {
    act()
  } catch (error) {
    output.add(`%!(${error instanceof Error ? error.message : String(error)})`)
  }
}

function print(term: Term, values: TemplateValues, output: Output): void {
  const value = evaluate(term, values)
  output.add(value === undefined ? '<no value>' : printed(value))
}

function branch(piece: Piece & { kind: 'branch' }, values: TemplateValues, output: Output): void {
  const chosen = piece.cases.find(each => isTrue(evaluate(each.test, values)))
  write(chosen?.body ?? piece.otherwise, values, output)
}

function evaluate(term: Term, values: TemplateValues): Printable {
  switch (term.kind) {
    case 'constant':
      return term.value
    case 'name':
      return NAMED[term.name](values)
    case 'index':
      return lookUp(term, values)
    case 'printf':
      return term.format.print(term.operands.map(operand => printable(evaluate(operand, values))))
    case 'call':
      return call(term.name, term.operands, values)
  }
}

const printable = (value: Printable): Printable => (typeof value === 'string' ? shortened(value) : value)

const NAMED: Readonly<Record<ValueName, (values: TemplateValues) => Printable>> = {
  ID: values => values.id,
  Name: values => values.name,
  TaskName: values => values.taskName,
  Group: values => values.group,
  Level: values => values.level,
  Time: values => new GoTime(values.time),
  Duration: values => new GoDuration(values.duration),
  Message: values => values.message,
}

/** As in Go, a missing tag is the empty string, and a missing field is no value. */
function lookUp(term: Term & { kind: 'index' }, values: TemplateValues): Printable {
  const key = evaluate(term.key, values)
  if (typeof key !== 'string') throw new Incomparable(`index .${term.of}: the name is not a string`)
  return term.of === 'Tags' ? (values.scope.tag(key) ?? '') : values.scope.field(key)
}

function call(name: FunctionName, operands: readonly Term[], values: TemplateValues): Printable {
  if (name === 'and' || name === 'or') return firstDeciding(name === 'or', operands, values)
  const [first, ...others] = operands.map(operand => evaluate(operand, values))
  if (name === 'not') return !isTrue(first)
  try {
    return name === 'eq' ? others.some(other => isEqual(first, other)) : compares(name, first, others[0])
  } catch (error) {
    throw error instanceof Incomparable ? new Incomparable(`${name}: ${error.message}`) : error
  }
}

/** `and` and `or` give back the value that decided, or the last. */
function firstDeciding(deciding: boolean, operands: readonly Term[], values: TemplateValues): Printable {
  let value: Printable
  for (const operand of operands) {
    value = evaluate(operand, values)
    if (isTrue(value) === deciding) return value
  }
  return value
}
