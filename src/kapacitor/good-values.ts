// Values of fields at which no condition holds, such as a point has when all is well: to see whether a filter lets such a
// point through. They lie well on the good side: of "usage" > 90 near zero, of "usage_idle" < 10 far above it. So a filter
// that only takes out what is no measurement at all (below zero, above a hundred per cent) lets them through. Pure.
import { ANY, canBeTrue, type Known, known, reading } from './lambda-reading.ts'
import type { Expression } from './tickscript.ts'

export type Values = ReadonlyMap<string, Known>

/** A condition; `counts` names a field that |stateCount() or |stateDuration() makes, which is -1 when all is well. */
export interface Watched {
  readonly conditions: readonly Expression[]
  readonly counts: ReadonlySet<string>
}

interface Comparison {
  readonly field: string
  readonly sign: string
  readonly value: Known
  /** It alone decides. */
  readonly isAlone: boolean
}

const FLIPPED: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
}
const OPPOSITE: Readonly<Record<string, string>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
}

/** How a good state is called. */
const GOOD_WORDS = new Set(
  'ok up good green running normal healthy success succeeded online active passing clear cleared resolved fine ready established connected available reachable recovered restored alive'.split(
    ' ',
  ),
)
/** Also as the last part of a name: linkUp, link_up. */
const isGoodWord = (word: string): boolean =>
  GOOD_WORDS.has(word.toLowerCase()) ||
  GOOD_WORDS.has((/(?:[A-Z]?[a-z]+|[A-Z]+)$/.exec(word)?.[0] ?? '').toLowerCase())
const GRID = [0, 1, 50, 99, 1000, -1]
const MOST = 12
/** Where status codes that are errors begin. */
const HTTP_ERRORS = new Set([300, 400, 500])

/** Each a point at which all is well; none: it is not known how such a point looks. */
export function goodValues({ conditions, counts }: Watched, filter: Expression): Values[] {
  const found = new Map<string, Known[]>()
  const together = new Set(conditions.flatMap(computed)).size
  for (const condition of conditions) {
    for (const { field, sign, value, isAlone } of comparisons(condition, true, false)) {
      const values = counts.has(field) ? [-1] : valuesFor({ field, sign, value, isAlone }, filter)
      found.set(field, [...(found.get(field) ?? []), ...values])
    }
    for (const field of computed(condition))
      found.set(field, [...(found.get(field) ?? []), ...GRID, ...beside(filter, field)])
  }
  const most = Math.min(MOST, Math.max(0, ...[...found.values()].map(({ length }) => length)))
  // What is good in one field can depend on another one, as in a ratio: each value beside each.
  const steps = together > 1 ? most : 1
  const whole = Array.from({ length: most * steps }, (_, at) => pointOf(found, at, Math.floor(at / most)))
  // Under an AND one field that is good is enough, whatever the others are.
  const single = [...found].flatMap(([name, values]) => values.map(value => new Map([[name, value]])))
  const points = [...whole, ...single]
  const good = points.filter(point => isGood(point, conditions))
  return good.length > 0 ? good : between(found, conditions)
}

/** Values on both sides of what a filter compares a field with. */
const beside = (filter: Expression, field: string): number[] =>
  comparisons(filter, true, false).flatMap(one =>
    one.field === field && typeof one.value === 'number' ? [one.value * 10 + 1, one.value / 10] : [],
  )

const pointOf = (
  found: ReadonlyMap<string, readonly Known[]>,
  at: number,
  step: number,
): Map<string, Known> =>
  new Map(
    [...found].flatMap(([name, values], index) =>
      values.length === 0 ? [] : [[name, values[(at + index * step) % values.length]!]],
    ),
  )

export const isGood = (point: Values, conditions: readonly Expression[]): boolean =>
  point.size > 0 && conditions.every(condition => !canBeTrue(condition, knowledgeOf(point)))

export const knowledgeOf = (point: Values) => (name: string) => {
  const value = point.get(name)
  return value === undefined ? ANY : known(value)
}

/** Of a range that is bad at both ends: its middle. */
function between(found: ReadonlyMap<string, readonly Known[]>, conditions: readonly Expression[]): Values[] {
  const [only, ...others] = found
  if (!only || others.length > 0) return []
  const bounds = conditions
    .flatMap(condition => comparisons(condition, true, false))
    .flatMap(({ value }) => (typeof value === 'number' ? [value] : []))
    .sort((a, b) => a - b)
  return bounds
    .slice(1)
    .map((bound, at) => new Map([[only[0], (bound + bounds[at]!) / 2]]))
    .filter(point => isGood(point, conditions))
}

/** Of fields with what is known without the point; under an AND none is alone. */
function comparisons(body: Expression, isAlone: boolean, isNegated: boolean): Comparison[] {
  if (body.kind === 'lambda') return comparisons(body.body, isAlone, isNegated)
  if (body.kind === 'unary' && body.sign === '!') return comparisons(body.of, isAlone, !isNegated)
  const lone = fieldOf(body)
  if (lone !== undefined) return [{ field: lone, sign: isNegated ? '!=' : '==', value: true, isAlone }]
  if (body.kind !== 'binary') return []
  const { sign, left, right } = body
  if (sign === 'AND' || sign === 'OR') {
    const alone = isAlone && (sign === 'OR') !== isNegated
    return [...comparisons(left, alone, isNegated), ...comparisons(right, alone, isNegated)]
  }
  const [field, other, as] =
    fieldOf(left) === undefined ? [fieldOf(right), left, FLIPPED[sign]] : [fieldOf(left), right, sign]
  const value = reading(other, () => ANY)
  if (field === undefined || as === undefined || !Object.hasOwn(FLIPPED, sign) || value.is !== 'known')
    return []
  return [{ field, sign: isNegated ? OPPOSITE[as]! : as, value: value.value, isAlone }]
}

function fieldOf(body: Expression): string | undefined {
  if (body.kind === 'reference') return body.text
  if (body.kind === 'call' && ['float', 'int'].includes(body.name) && body.args.length === 1)
    return fieldOf(body.args[0]!)
  return undefined
}

/** Fields that a condition computes with. */
function computed(body: Expression): string[] {
  if (body.kind === 'lambda') return computed(body.body)
  if (body.kind === 'unary') return computed(body.of)
  if (body.kind === 'call') return []
  if (body.kind !== 'binary') return []
  if ('+-*/%'.includes(body.sign))
    return [body.left, body.right].flatMap(side => fieldOf(side) ?? computed(side))
  return [...computed(body.left), ...computed(body.right)]
}

function valuesFor({ field, sign, value, isAlone }: Comparison, filter: Expression): Known[] {
  if (typeof value === 'boolean') return [sign === '==' ? !value : value]
  if (typeof value === 'string') {
    // It may be a tag, which never changes within its group.
    if (!isAlone) return []
    if (sign === '!=') return [value]
    const words = comparisons(filter, true, false).flatMap(one =>
      one.field === field && typeof one.value === 'string' ? [one.value] : [],
    )
    return [words.find(word => word !== value && isGoodWord(word)) ?? `not ${value}`]
  }
  if (sign === '==') return [value === 0 ? 1 : 0]
  if (sign === '!=') return [value]
  return sign.startsWith('>') ? below(value, sign) : above(value, sign)
}

const isSmallCount = (bound: number): boolean => Number.isInteger(bound) && bound <= 1

function below(bound: number, sign: string): number[] {
  if (bound > 0) return [isSmallCount(bound) ? 0 : bound / 1000, ...(HTTP_ERRORS.has(bound) ? [200] : [])]
  if (bound === 0) return sign === '>' ? [0, -1] : [-1]
  return [bound - 1, bound * 1000]
}

function above(bound: number, sign: string): number[] {
  if (bound < 0) return [0, 20]
  if (bound === 0) return sign === '<' ? [1, 0] : [1]
  const next = isSmallCount(bound) ? [sign === '<' ? bound : bound + 1] : []
  return [bound * 9.9, ...(bound < 99 ? [99] : []), ...next]
}
