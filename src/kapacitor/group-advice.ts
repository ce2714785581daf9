// A tag in .id() that nothing groups by, where a level belongs to a group: behind an |alert(), and in a batch. Then an OK
// comes with another id than what it ends, or not at all. A node with thresholds of its own on a stream has a level for
// each id, and nothing is said of it. Pure.
import type { Advice } from './advice.ts'
import { alertsBefore } from './alert-advice.ts'
import { type Grouping, groupingBefore } from './grouping.ts'
import { nodeOptions } from './option-advice.ts'
import { type Edge, lastOf, type PipelineNode, textOf } from './pipeline.ts'

export function groupAdvice(node: PipelineNode, edge: Edge | undefined): Advice[] {
  const alerts = alertsBefore(node)
  const read = nodeOptions.hasThresholds(node) ? [] : alerts.filter(handsOnId)
  const own = read.length < alerts.length || alerts.length === 0
  return [
    ...read.flatMap(alert => idAdvice(alert, groupingBefore(alert), levelOf(alert))),
    ...(own && alerts.length > 0
      ? alerts.flatMap(alert => idAdvice(node, groupingBefore(alert), levelOf(alert)))
      : []),
    ...(own && alerts.length === 0 && edge === 'batch'
      ? idAdvice(node, groupingBefore(node), 'a batch has one id')
      : []),
  ]
}

const handsOnId = (alert: PipelineNode): boolean =>
  lastOf(alert, 'idField') !== undefined || lastOf(alert, 'idTag') !== undefined

const levelOf = ({ name }: PipelineNode): string => `|${name}() keeps one level for each group`

function idAdvice(node: PipelineNode, grouping: Grouping, because: string): Advice[] {
  const template = textOf(node, 'id')
  if (typeof template !== 'string') return []
  const { line } = lastOf(node, 'id')!
  const finding = { code: 'id-not-grouped', severity: 'warning', line } as const
  const { tags, fixed, byName } = grouping
  const missing = tagsIn(template).filter(tag => tags && !tags.has(tag) && !fixed.has(tag))
  const found: Advice[] = []
  if (missing.length > 0)
    found.push({
      ...finding,
      says: `.id() has ${named(missing)}, which no groupBy names: ${because}, so an OK comes with another id or not at all, and incidents stay open`,
      fix: groupFix(grouping, missing),
    })
  if (!byName && /\.Name\b/.test(template))
    found.push({
      ...finding,
      says: `.id() has {{ .Name }}, and |from() takes every measurement into one group: ${because}, so an OK comes with another id or not at all, and incidents stay open`,
      fix: 'add .groupByMeasurement() to |from()',
    })
  return found
}

const named = (tags: readonly string[]): string =>
  `the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.map(tag => `'${tag}'`).join(', ')}`

/** `index .Tags "host"`, `.Tags.host`; each once. */
const tagsIn = (template: string): string[] => [
  ...new Set(
    [...template.matchAll(/\bindex\s+\.Tags\s+["`]([^"`]+)["`]|\.Tags\.([\p{L}_][\p{L}\p{N}_]*)/gu)].map(
      ([, indexed, dotted]) => (indexed ?? dotted)!,
    ),
  ),
]

function groupFix({ tags, at }: Grouping, missing: readonly string[]): string {
  const all = [...(tags ?? []), ...missing].map(tag => `'${tag}'`).join(', ')
  return at?.name === 'groupBy'
    ? `write |groupBy(${all})`
    : `write .groupBy(${all}) on |${at?.name ?? 'from'}()`
}
