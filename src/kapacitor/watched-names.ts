// What the names in conditions are called further up in a script, node by node: what an |eval() makes is put in for its
// name, a mean is the field that it is made of. A name that is made of more than that is not followed. Pure.
import type { Watched } from './good-values.ts'
import { referencesOf } from './lambda-reading.ts'
import { namesOf, type PipelineNode, textsOf } from './pipeline.ts'
import { queryColumns } from './query-columns.ts'
import { prefixOf } from './silent-sides.ts'
import type { Expression } from './tickscript.ts'

/** What lies between the least and the greatest value that it is made of. */
const OF_VALUES = new Set([
  'mean',
  'median',
  'mode',
  'first',
  'last',
  'min',
  'max',
  'percentile',
  'movingAverage',
])
/** Made of a field, and no value of it. */
const OTHERS = new Set(
  (
    'count distinct spread sum top bottom stddev elapsed difference holtWinters holtWintersWithFit cumulativeSum ' +
    'derivative stats deadman flatten combine queryFlux'
  ).split(' '),
)
const COUNTERS: Readonly<Record<string, string>> = {
  stateCount: 'state_count',
  stateDuration: 'state_duration',
}
/** Results made of results of results double each time; no person writes so many. */
const MOST_REFERENCES = 100
const ALERTS = new Set(['alert', 'deadman'])

/** In front of `node`, on its side of that number, what was wanted behind it. */
export function above<W extends Watched & { readonly levels: ReadonlySet<string> }>(
  node: PipelineNode,
  side: number,
  wanted: W,
): W {
  const { name } = node
  const made = namesOf(node, 'as')
  if (ALERTS.has(name)) return { ...wanted, levels: new Set() }
  if (name === 'eval') {
    const levels = new Set([...wanted.levels].filter(level => !made.includes(level)))
    const conditions = wanted.conditions.map(condition => computed(condition, node, made))
    const isShort = conditions.every(condition => referencesOf(condition).length <= MOST_REFERENCES)
    return { ...wanted, levels, conditions: isShort ? conditions : [] }
  }
  if (OTHERS.has(name)) return { ...wanted, conditions: [] }
  if (OF_VALUES.has(name)) {
    const [field] = node.args.flatMap(textsOf)
    return field === undefined
      ? { ...wanted, conditions: [] }
      : renamedTo(wanted, one => (one === (made[0] ?? name) ? field : one))
  }
  if (Object.hasOwn(COUNTERS, name)) return uncounted(node, made[0] ?? COUNTERS[name]!, wanted)
  if (name === 'join') {
    const prefix = prefixOf(node, side)
    return renamedTo(wanted, one => (one.startsWith(prefix) ? one.slice(prefix.length) : `\0${one}`))
  }
  return wanted
}

/** The columns of a query by what they are made of; its WHERE is by those. */
export function inQuery<W extends Watched>(node: PipelineNode, wanted: W): W {
  const [text] = node.args.flatMap(textsOf)
  const columns = text === undefined ? undefined : queryColumns(text)
  const made = new Map((columns ?? []).map(({ name, of }) => [name, of]))
  return renamedTo(wanted, one => (made.has(one) ? (made.get(one) ?? `\0${one}`) : one))
}

/** The last result first: it may be made of those in front of it. */
const computed = (condition: Expression, node: PipelineNode, made: readonly string[]): Expression =>
  node.args.reduceRight<Expression>((body, arg, at) => {
    const name = made[at]
    return arg.kind === 'lambda' && name !== undefined ? replaced(body, new Map([[name, arg.body]])) : body
  }, condition)

/** Names of the counts that nodes in front make. */
export function countsBefore(node: PipelineNode): Set<string> {
  const visited = new Set<PipelineNode>()
  const left = [...node.parents]
  for (let next = left.pop(); next; next = left.pop()) {
    if (visited.has(next)) continue
    visited.add(next)
    left.push(...next.parents)
  }
  return new Set(
    [...visited].flatMap(one =>
      Object.hasOwn(COUNTERS, one.name) ? [namesOf(one, 'as')[0] ?? COUNTERS[one.name]!] : [],
    ),
  )
}

/** A condition on the count holds only where the counted one does. */
function uncounted<W extends Watched>(node: PipelineNode, as: string, wanted: W): W {
  const [body] = node.args.flatMap(arg => (arg.kind === 'lambda' ? [arg.body] : []))
  const conditions = wanted.conditions.map(one => (body && referencesOf(one).includes(as) ? body : one))
  return { ...wanted, conditions }
}

function renamedTo<W extends Watched>(wanted: W, rename: (name: string) => string): W {
  const all = (body: Expression): Expression =>
    replaced(body, new Map(referencesOf(body).map(name => [name, { kind: 'reference', text: rename(name) }])))
  return { ...wanted, conditions: wanted.conditions.map(all) }
}

function replaced(body: Expression, by: ReadonlyMap<string, Expression>): Expression {
  switch (body.kind) {
    case 'reference':
      return by.get(body.text) ?? body
    case 'lambda':
      return { ...body, body: replaced(body.body, by) }
    case 'unary':
      return { ...body, of: replaced(body.of, by) }
    case 'binary':
      return { ...body, left: replaced(body.left, by), right: replaced(body.right, by) }
    case 'call':
      return { ...body, args: body.args.map(arg => replaced(arg, by)) }
    default:
      return body
  }
}
