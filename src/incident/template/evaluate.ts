// The value of a term for one point. What a function can't do with its values is thrown as Unfit.
import { GoDuration, GoTime } from '../go-time.ts'
import { GoMap, type Printable } from '../go-values.ts'
import type { Place } from '../go-zone.ts'
import type { PointData } from '../point.ts'
import { isTrue, Unfit } from './comparison.ts'
import { RUN } from './functions.ts'
import { memberOf } from './methods.ts'
import type { FunctionName, TemplateName, Term, TermOf } from './tree.ts'
import type { Work } from './work.ts'

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
  /** What .Tags and .Fields read. */
  readonly scope: PointData
}

/** One text being rendered. */
export interface Run {
  readonly values: TemplateValues
  readonly local: Place
  readonly work: Work
  readonly variables: Printable[]
  dot: Printable
}

/** Throws Unfit and TooMuchWork. */
export function evaluate(term: Term, run: Run): Printable {
  run.work.step()
  switch (term.kind) {
    case 'constant':
      return term.value
    case 'name':
      return NAMED[term.name](run.values)
    case 'dot':
      return run.dot
    case 'variable':
      return run.variables[term.slot]
    case 'lookup':
      return lookUp(term, run)
    case 'printf':
      return term.format.print(all(term.operands, run), run.work.spend)
    case 'member':
      return memberOf(evaluate(term.of, run), term.name, all(term.operands, run), run.local)
    case 'call':
      return call(term.name, term.operands, run)
  }
}

const all = (terms: readonly Term[], run: Run): Printable[] => terms.map(term => evaluate(term, run))

const NAMED: Readonly<Record<TemplateName, (values: TemplateValues) => Printable>> = {
  ID: values => values.id,
  Name: values => values.name,
  TaskName: values => values.taskName,
  Group: values => values.group,
  Level: values => values.level,
  Time: values => new GoTime(values.time),
  Duration: values => new GoDuration(values.duration),
  Message: values => values.message,
  Tags: ({ scope }) => new GoMap('map[string]string', scope.tags()),
  Fields: ({ scope }) => new GoMap('map[string]interface {}', scope.fields()),
}

/** As in Go, `index` of a missing tag is the empty string; a missing field is no value. */
function lookUp({ of, key, byDot }: TermOf<'lookup'>, run: Run): Printable {
  const name = key.kind === 'constant' ? key.value : evaluate(key, run)
  if (typeof name !== 'string') throw new Unfit(`index .${of}: the name is not a string`)
  const { scope } = run.values
  return of === 'Tags' ? (scope.tag(name) ?? (byDot ? undefined : '')) : scope.field(name)
}

/** Characters of a text that cost as much to compare as one to make. */
const COMPARED_AT_ONCE = 64

function call(name: FunctionName, operands: readonly Term[], run: Run): Printable {
  if (name === 'and' || name === 'or') return firstDeciding(name === 'or', operands, run)
  const values = all(operands, run)
  for (const value of values)
    if (typeof value === 'string') run.work.spend(Math.min(value.length, 64 * 1024) / COMPARED_AT_ONCE)
  try {
    return RUN[name](values, run.work)
  } catch (error) {
    throw error instanceof Unfit ? new Unfit(`${name}: ${error.message}`) : error
  }
}

/** `and` and `or` give back the value that decided, or the last. */
function firstDeciding(deciding: boolean, operands: readonly Term[], run: Run): Printable {
  let value: Printable
  for (const operand of operands) {
    value = evaluate(operand, run)
    if (isTrue(value) === deciding) return value
  }
  return value
}
