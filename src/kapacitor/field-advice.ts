// What is said of fields that end Kapacitor: each with what to write instead. Pure.
import type { Advice } from './advice.ts'
import { type OddField, type OddPoints, oddPoints } from './odd-fields.ts'
import { lastOf, type PipelineNode } from './pipeline.ts'
import { mentionedBehind, prefixOf, type SilentSide } from './silent-sides.ts'
import { valueFor } from './value-for.ts'

const PANIC = 'Kapacitor panics, with all its tasks'
/** Of many names so many are said. */
const MOST_NAMES = 4
/** Of each kind; who mends these sees the next. */
const MOST_FINDINGS = 20

export function fieldAdvice(node: PipelineNode): Advice[] {
  const { fields, silent, reduced } = oddPoints(node)
  return [
    ...fields.slice(0, MOST_FINDINGS).map(field => oddAdvice(node, field)),
    ...reduced.slice(0, MOST_FINDINGS).map(reducedAdvice),
    ...silentAdvice(node, silent).slice(0, MOST_FINDINGS),
  ]
}

const CODES = {
  duration: 'duration-field',
  int: 'sideload-int',
  unsigned: 'unsigned-field',
  time: 'time-field',
  missing: 'missing-field',
} as const

function oddAdvice(node: PipelineNode, field: OddField): Advice {
  const { kind, line } = field
  return {
    code: CODES[kind],
    severity: 'problem',
    line,
    says: SAYS[kind](field, `@${node.name}()`),
    fix: FIXES[kind](field),
  }
}

type Sentence<Rest extends unknown[]> = (field: OddField, ...rest: Rest) => string

const SAYS: Readonly<Record<OddField['kind'], Sentence<[string]>>> = {
  duration: ({ name }, node) => `the field '${name}' is a duration and reaches ${node}: ${PANIC}`,
  int: ({ name }, node) =>
    `the field '${name}' of |sideload() has an int as its default, and reaches ${node}: where a file has a number in quotes, ${PANIC}`,
  unsigned: ({ name }, node) =>
    `the column '${name}' of |queryFlux() is unsigned and reaches ${node}: ${PANIC}`,
  time: ({ name, by }, node) => `the field '${name}' of ${by} is a time and reaches ${node}: ${PANIC}`,
  missing: ({ name }, node) =>
    `.keep('${name}') hands on '${name}' without a value where a point lacks it, and that reaches ${node}: ${PANIC}`,
}

const FIXES: Readonly<Record<OddField['kind'], Sentence<[]>>> = {
  duration: ({ name, by }) =>
    by === '|sideload()'
      ? `write a number of seconds: .field('${name}', 300.0)`
      : 'make a number of it, such as seconds, or leave it out: .keep() with the names of the others',
  int: ({ name }) => `make the default a float, such as .field('${name}', 80.0)`,
  unsigned: ({ name }) =>
    name === '_value'
      ? 'make it an int, at the end of the query: |> toInt()'
      : `make it an int in the query, with int(v: r.${name}), or leave it out: |> drop(columns: ["${name}"])`,
  time: ({ name, by }) =>
    by === '|queryFlux()'
      ? `leave it out, at the end of the query: |> drop(columns: ["${name}"])`
      : `take '${name}' out of .keep(): every point has its time anyway`,
  missing: ({ name }) => `give it a value in front of the |eval(): |default().field('${name}', 0.0)`,
}

function reducedAdvice({ by, side, field }: OddPoints['reduced'][number]): Advice {
  return {
    ...{ code: 'null-field', severity: 'problem', line: lineOf(side.join) },
    says: `|join() fills with null, and |${by.name}('${field}') gets it where a side is silent: ${PANIC}`,
    fix: `give it a value behind the |join(): |default().field('${field}', 0.0)`,
  }
}

/** One finding a join, whichever of its sides are silent. */
function silentAdvice(node: PipelineNode, silent: readonly SilentSide[]): Advice[] {
  return [...Map.groupBy(silent, ({ join }) => join)].map(([join, sides]) => {
    const names = [...new Set(sides.flatMap(({ nulls }) => [...nulls]))]
    const isCertain = names.length > 0 || sides.some(hasNoDefault)
    const which =
      names.length > 0 ? listed(names) : isCertain ? 'its fields' : `any field that |default() does not name`
    return {
      ...{ code: 'null-field', severity: isCertain ? 'problem' : 'warning', line: lineOf(join) },
      says: `|join() fills with null, and where a side sends no point ${which} ${!isCertain ? 'may be' : names.length === 1 ? 'is' : 'are'} null in front of @${node.name}(): ${isCertain ? PANIC : 'then Kapacitor panics'}`,
      fix: `behind the |join() give the fields that you use a value, and keep only these: ${repair(join)}`,
    }
  })
}

const hasNoDefault = ({ given, prefix }: SilentSide): boolean =>
  ![...given].some(name => name.startsWith(prefix))

const lineOf = (join: PipelineNode): number => lastOf(join, 'fill')?.line ?? join.line

const listed = (names: readonly string[]): string => {
  // What |flatten() puts in front of a name is a value of the points: it is left out.
  const shown = names.slice(0, MOST_NAMES).map(name => `'${name.replaceAll('\0', '')}'`)
  return names.length > MOST_NAMES ? `${shown.join(', ')} and others` : shown.join(', ')
}

/** The very text, where it is known which fields are read. */
function repair(join: PipelineNode): string {
  const prefixes = join.parents.map((_, side) => prefixOf(join, side))
  const mentioned = mentionedBehind(join)
  const read = [...mentioned].filter(
    name => /^[^"'\n]+$/.test(name) && prefixes.some(prefix => name.startsWith(prefix) && name !== prefix),
  )
  if (read.length === 0) return "|default().field('NAME', 0.0), then |eval().keep('NAME')"
  const values = read.map(name => `.field('${name}', ${valueFor(name, join)})`)
  return `|default()${values.join('')}, then |eval().keep(${read.map(name => `'${name}'`).join(', ')})`
}
