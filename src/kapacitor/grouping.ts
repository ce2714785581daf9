// What the points of a node are grouped by, as far as the script says. By Kapacitor's from, query, groupBy and join. Pure.
import { namesOf, type PipelineNode, textsOf, type Value } from './pipeline.ts'
import type { Expression } from './tickscript.ts'

export interface Grouping {
  /** Undefined: all of them, or they are not known. */
  readonly tags: ReadonlySet<string> | undefined
  /** Tags that have one value, by a filter, or that a node gives to all points of a group. */
  readonly fixed: ReadonlySet<string>
  /** Points of different measurements are in different groups, or there is but one. */
  readonly byName: boolean
  /** Where it is said: the node to add a tag to. */
  readonly at: PipelineNode | undefined
}

const NONE: Grouping = { tags: new Set(), fixed: new Set(), byName: true, at: undefined }

type Found = Map<PipelineNode, Grouping>

/** Of the points that the node gets. */
export function groupingBefore(node: PipelineNode, found: Found = new Map()): Grouping {
  const [first = NONE, ...others] = node.parents.map(parent => groupingAfter(parent, found))
  const isJoin = node.name === 'join'
  return others.reduce((a, b) => (isJoin ? joined(a, b) : united(a, b)), first)
}

const united = (a: Grouping, b: Grouping): Grouping => ({
  tags: a.tags && b.tags && new Set([...a.tags].filter(tag => b.tags!.has(tag))),
  fixed: new Set([...a.fixed, ...b.fixed]),
  byName: a.byName && b.byName,
  at: a.at ?? b.at,
})

/** Of the side that has more. */
const joined = (a: Grouping, b: Grouping): Grouping => ({
  ...united(a, b),
  tags: a.tags && b.tags && new Set([...a.tags, ...b.tags]),
  byName: true,
})

function groupingAfter(node: PipelineNode, found: Found): Grouping {
  const grouping = found.get(node) ?? groupingOf(node, found)
  found.set(node, grouping)
  return grouping
}

function groupingOf(node: PipelineNode, found: Found): Grouping {
  if (node.sign === '@' || node.name === 'queryFlux') return { ...NONE, tags: undefined }
  const before = groupingBefore(node, found)
  const fixed = new Set([...before.fixed, ...fixedBy(node)])
  switch (node.name) {
    case 'from':
      return {
        tags: ofProperty(node),
        fixed,
        byName: has(node, 'measurement') || has(node, 'groupByMeasurement'),
        at: node,
      }
    case 'query':
      return { ...NONE, tags: ofProperty(node), fixed, at: node }
    case 'groupBy':
      return {
        ...{ tags: has(node, 'exclude') ? undefined : tagsOf(node.args), fixed, at: node },
        byName: before.byName || has(node, 'byMeasurement'),
      }
    default:
      return { ...before, fixed }
  }
}

const has = (node: PipelineNode, property: string): boolean =>
  node.properties.some(({ name }) => name === property)

/** The last one counts. */
const ofProperty = (node: PipelineNode): Set<string> | undefined =>
  tagsOf(node.properties.findLast(({ name }) => name === 'groupBy')?.args ?? [])

function tagsOf(values: readonly Value[]): Set<string> | undefined {
  const all = values.flatMap(value => (value.kind === 'list' ? value.items : [value]))
  const known = all.every(
    ({ kind, ...value }) =>
      kind === 'text' || kind === 'duration' || ('call' in value && value.call === 'time'),
  )
  return known ? new Set(all.flatMap(textsOf)) : undefined
}

function fixedBy(node: PipelineNode): string[] {
  const values = [
    ...node.args,
    ...node.properties.filter(({ name }) => name === 'where').flatMap(({ args }) => args),
  ]
  const pinned = values.flatMap(value =>
    value.kind === 'lambda' && ['from', 'where'].includes(node.name) ? pinnedBy(value.body) : [],
  )
  return node.name === 'sideload' || node.name === 'default' ? [...pinned, ...namesOf(node, 'tag')] : pinned
}

/** Names that have to equal one text. */
function pinnedBy(body: Expression): string[] {
  if (body.kind === 'lambda') return pinnedBy(body.body)
  if (body.kind !== 'binary') return []
  const { sign, left, right } = body
  if (sign === 'AND') return [...pinnedBy(left), ...pinnedBy(right)]
  if (sign !== '==') return []
  if (left.kind === 'reference' && right.kind === 'text') return [left.text]
  return right.kind === 'reference' && left.kind === 'text' ? [right.text] : []
}
