// Which fields of the points that a node gets are durations: in front of any UDF such a field panics Kapacitor. Pure.
// Types go by Kapacitor's rules for expressions (tick/stateful): what is not certainly a duration is none.
import type { PipelineNode, Value } from './pipeline.ts'
import type { Expression } from './tickscript.ts'

export interface DurationField {
  readonly name: string
  /** Of the `|eval()` that makes it. */
  readonly line: number
}

type Fields = ReadonlyMap<string, DurationField>

/** Nodes whose points have fields of their own making, and no others. */
const MADE_ANEW = new Set(
  (
    'count distinct mean median mode spread sum first last min max percentile top bottom stddev elapsed difference ' +
    'movingAverage holtWinters holtWintersWithFit cumulativeSum stats deadman query queryFlux'
  ).split(' '),
)

export function durationFields(node: PipelineNode): DurationField[] {
  const known = new Map<PipelineNode, Fields>()
  return [...before(node, known).values()]
}

function before(node: PipelineNode, known: Map<PipelineNode, Fields>): Fields {
  return new Map(node.parents.flatMap(parent => [...handedOn(parent, known)]))
}

function handedOn(node: PipelineNode, known: Map<PipelineNode, Fields>): Fields {
  const found = known.get(node)
  if (found) return found
  const fields = MADE_ANEW.has(node.name)
    ? new Map<string, DurationField>()
    : after(node, before(node, known))
  known.set(node, fields)
  return fields
}

function after(node: PipelineNode, fields: Fields): Fields {
  if (node.name === 'eval') return evaluated(node, fields)
  if (node.name !== 'delete') return fields
  const gone = namesOf(node, 'field')
  return new Map([...fields].filter(([name]) => !gone.includes(name)))
}

/** Without .keep() the results alone go on, with names in it these alone. */
function evaluated(node: PipelineNode, fields: Fields): Fields {
  const results = new Map(fields)
  const names = namesOf(node, 'as')
  for (const [index, lambda] of node.args.entries()) {
    const name = names[index]
    if (name === undefined) continue
    if (lambda.kind === 'lambda' && isDuration(lambda.body, results))
      results.set(name, { name, line: node.line })
    else results.delete(name)
  }
  const keep = node.properties.some(({ name }) => name === 'keep')
  const kept = keep ? namesOf(node, 'keep') : names
  if (keep && kept.length === 0) return results
  return new Map([...results].filter(([name]) => kept.includes(name)))
}

const namesOf = (node: PipelineNode, property: string): string[] =>
  node.properties.filter(({ name }) => name === property).flatMap(({ args }) => args.flatMap(texts))

const texts = (value: Value): string[] =>
  value.kind === 'text' ? [value.text] : value.kind === 'list' ? value.items.flatMap(texts) : []

function isDuration(body: Expression, fields: Fields): boolean {
  switch (body.kind) {
    case 'duration':
      return true
    case 'reference':
      return fields.has(body.text)
    case 'unary':
      return body.sign === '-' && isDuration(body.of, fields)
    case 'call':
      return isDurationCall(body.name, body.args, fields)
    case 'binary':
      return isDurationResult(body.sign, isDuration(body.left, fields), isDuration(body.right, fields))
    default:
      return false
  }
}

const isDurationCall = (name: string, args: readonly Expression[], fields: Fields): boolean =>
  name === 'duration' || (name === 'if' && args.slice(1).some(arg => isDuration(arg, fields)))

function isDurationResult(sign: string, left: boolean, right: boolean): boolean {
  if (sign === '+' || sign === '-') return left && right
  if (sign === '*') return left !== right
  return sign === '/' && left && !right
}
