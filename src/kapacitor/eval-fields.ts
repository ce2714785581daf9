// What an |eval() and a filter leave of the points: what a lambda cannot read drops the point, and .keep() says which
// fields go on. By Kapacitor's eval.go and tick/stateful. Pure.
import { ANY, canBeTrue, ERROR, hasValue, MISSING, referencesOf } from './lambda-reading.ts'
import { namesOf, type PipelineNode } from './pipeline.ts'
import { given, type OddField, type Points } from './points.ts'
import * as silent from './silent-sides.ts'
import type { Expression } from './tickscript.ts'

/** An expression cannot read an odd int or an unsigned one: the point is dropped, and with it the field. */
const isReadable = (
  { kind, name }: OddField,
  passes: (know: (other: string) => typeof ANY) => boolean,
): boolean =>
  kind === 'duration' ||
  kind === 'time' ||
  passes(other => (other === name ? (kind === 'missing' ? MISSING : ERROR) : ANY))

const oddWhere = (odd: Points['odd'], passes: Parameters<typeof isReadable>[1]): Points['odd'] =>
  new Map([...odd].filter(([, one]) => isReadable(one, passes)))

/** Those that a point must have to get by. */
const needed = (body: Expression, gets: typeof hasValue): string[] =>
  [...new Set(referencesOf(body))].filter(name => !gets(body, other => (other === name ? MISSING : ANY)))

export function filtered(points: Points, body: Expression): Points {
  return {
    ...points,
    odd: oddWhere(points.odd, know => canBeTrue(body, know)),
    silent: points.silent.flatMap(side => silent.filtered(side, body) ?? []),
    present: new Set([...points.present, ...needed(body, canBeTrue)]),
  }
}

export const needing = (points: Points, body: Expression): Points => ({
  ...points,
  odd: oddWhere(points.odd, know => hasValue(body, know)),
  silent: points.silent.flatMap(side => silent.needing(side, body) ?? []),
  present: new Set([...points.present, ...needed(body, hasValue)]),
})

/** Without .keep() the results alone go on, with names in it these alone. */
export function evaluated(node: PipelineNode, before: Points): Points {
  const names = namesOf(node, 'as')
  const referenced = node.args.flatMap(arg => (arg.kind === 'lambda' ? referencesOf(arg.body) : []))
  let points = before
  for (const [index, lambda] of node.args.entries()) {
    const name = names[index]
    if (lambda.kind !== 'lambda' || name === undefined) continue
    const isOne = isDuration(lambda.body, points.odd)
    const after = given(needing(points, lambda.body), [name])
    const odd = new Map(after.odd)
    if (isOne) odd.set(name, { kind: 'duration', name, line: node.line, by: '|eval()' })
    else odd.delete(name)
    points = { ...after, odd }
  }
  const tags = namesOf(node, 'tags')
  if (!node.properties.some(({ name }) => name === 'keep'))
    return only(
      points,
      names.filter(name => !tags.includes(name)),
    )
  const kept = namesOf(node, 'keep')
  return kept.length === 0 ? points : keeping(node, points, { kept, results: names, referenced })
}

/** Nothing of a silent side is left among results. */
const only = (points: Points, names: readonly string[]): Points => ({
  odd: new Map([...points.odd].filter(([name]) => names.includes(name))),
  silent: [],
  names: new Set(names),
  present: new Set(names),
})

function keeping(
  node: PipelineNode,
  points: Points,
  { kept, results, referenced }: Readonly<Record<'kept' | 'results' | 'referenced', readonly string[]>>,
): Points {
  const left = only(points, kept)
  const odd = new Map(left.odd)
  // .keep() of a name that a lambda reads takes what the lambda has read, which is no field of its own.
  for (const name of kept) {
    if (!referenced.includes(name) || results.includes(name)) continue
    if (name === 'time') odd.set(name, { kind: 'time', name, line: node.line, by: '|eval()' })
    else if (!points.present.has(name) && !points.names?.has(name))
      odd.set(name, { kind: 'missing', name, line: node.line, by: '|eval()' })
  }
  const sides = points.silent.flatMap(side => silent.kept(side, kept, referenced) ?? []).filter(silent.isLeft)
  return { ...left, odd, silent: sides }
}

/** By the rules of tick/stateful; what is not certainly a duration is none. */
function isDuration(body: Expression, fields: Points['odd']): boolean {
  switch (body.kind) {
    case 'duration':
      return true
    case 'declared':
      return body.type === 'duration'
    case 'reference':
      return fields.get(body.text)?.kind === 'duration'
    case 'unary':
      return body.sign === '-' && isDuration(body.of, fields)
    case 'call':
      return (
        body.name === 'duration' ||
        (body.name === 'if' && body.args.slice(1).some(arg => isDuration(arg, fields)))
      )
    case 'binary':
      return isDurationResult(body.sign, isDuration(body.left, fields), isDuration(body.right, fields))
    default:
      return false
  }
}

function isDurationResult(sign: string, left: boolean, right: boolean): boolean {
  if (sign === '+' || sign === '-') return left && right
  if (sign === '*') return left !== right
  return sign === '/' && left && !right
}
