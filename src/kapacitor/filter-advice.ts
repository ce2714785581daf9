// A filter in front of a node, or of its alert, that lets no good point through: then no OK ever comes, and what is open
// stays open. Followed from the node upwards, by what the names of its conditions are made of. A filter on anything else,
// or one that a good point passes, is none of this. Pure.
import type { Advice } from './advice.ts'
import { alertsBefore } from './alert-advice.ts'
import { goodValues, knowledgeOf, type Watched } from './good-values.ts'
import { ANY, canBeTrue, known, referencesOf } from './lambda-reading.ts'
import { nodeOptions } from './option-advice.ts'
import { lastOf, type PipelineNode, textOf, textsOf } from './pipeline.ts'
import { queryFilter } from './query-columns.ts'
import { type Expression, parseScript, ScriptError } from './tickscript.ts'
import { above, countsBefore, inQuery } from './watched-names.ts'

const THRESHOLDS = ['info', 'warn', 'crit']

/** What has to get through. */
interface Wanted extends Watched {
  /** Names that the level has. */
  readonly levels: ReadonlySet<string>
}

export function filterAdvice(node: PipelineNode): Advice[] {
  // Silence ends its incidents.
  if (lastOf(node, 'recoverWhenSilent')) return []
  return wantedBy(node).flatMap(wanted => upwards(node, wanted, node, new Set()))
}

function wantedBy(node: PipelineNode): Wanted[] {
  const counts = countsBefore(node)
  if (nodeOptions.hasThresholds(node)) {
    const conditions = conditionsOf(node)
    return conditions.length === 0 ? [] : [{ conditions, counts, levels: new Set() }]
  }
  const alerts = alertsBefore(node)
  const levels = levelNames(node)
  return alerts.length === 0
    ? [{ conditions: [], counts, levels }]
    : alerts.map(alert => ({ conditions: conditionsOf(alert), counts, levels }))
}

/** Empty where one of them is not known. */
function conditionsOf(node: PipelineNode): Expression[] {
  const values = node.properties.filter(({ name }) => THRESHOLDS.includes(name)).map(({ args }) => args[0])
  const conditions = values.map(value =>
    value?.kind === 'lambda' ? value.body : value?.kind === 'text' ? parsed(value.text) : undefined,
  )
  return conditions.every(condition => condition !== undefined) ? conditions : []
}

function parsed(condition: string): Expression | undefined {
  try {
    const [statement, ...others] = parseScript(`var x = lambda: ${condition}`)
    return others.length === 0 && statement?.value.kind === 'lambda' ? statement.value.body : undefined
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return undefined
  }
}

function levelNames(node: PipelineNode): Set<string> {
  if (!nodeOptions.namesLevel(node)) return new Set(['level'])
  return new Set(
    [textOf(node, 'levelField'), textOf(node, 'levelTag')].filter(name => typeof name === 'string'),
  )
}

function upwards(
  ours: PipelineNode,
  wanted: Wanted,
  from: PipelineNode,
  visited: Set<PipelineNode>,
): Advice[] {
  // Of a union one branch may let through what another one does not.
  if (from.name === 'union' && from.parents.length > 1) return []
  return from.parents.flatMap((parent, side) => {
    if (visited.has(parent) || parent.sign === '@') return []
    visited.add(parent)
    const here = above(from, side, wanted)
    const at = parent.name === 'query' ? inQuery(parent, here) : here
    const found = filtersOf(parent).flatMap(filter => filterFinding(ours, filter, at) ?? [])
    return [...found, ...upwards(ours, here, parent, visited)]
  })
}

interface Filter {
  readonly body: Expression
  readonly line: number
  readonly called: string
}

function filtersOf(node: PipelineNode): Filter[] {
  const { name, line, args, properties } = node
  if (name === 'where')
    return args.flatMap(arg => (arg.kind === 'lambda' ? [{ body: arg.body, line, called: '|where()' }] : []))
  if (name === 'from')
    return properties.flatMap(property =>
      property.name === 'where' && property.args[0]?.kind === 'lambda'
        ? [{ body: property.args[0].body, line: property.line, called: '.where() of |from()' }]
        : [],
    )
  if (name !== 'query') return []
  const [text] = args.flatMap(textsOf)
  const where = text === undefined ? undefined : queryFilter(text)
  const body = where === undefined ? undefined : parsed(where)
  return body ? [{ body, line, called: 'WHERE of |query()' }] : []
}

function filterFinding(ours: PipelineNode, filter: Filter, wanted: Wanted): Advice | undefined {
  const { body, line, called } = filter
  const names = referencesOf(body)
  const level = names.find(name => wanted.levels.has(name))
  const finding = { code: 'filter-in-front', severity: 'warning', line } as const
  if (level !== undefined && !canBeTrue(body, name => (wanted.levels.has(name) ? known('OK') : ANY)))
    return {
      ...finding,
      says: `${called} lets no point with the level OK through: incidents stay open`,
      fix: `take "${level}" out of it; .minLevel('WARNING') on @${ours.name}() leaves out what is lower, and still resolves`,
    }
  const field = cutField(body, wanted)
  if (field === undefined) return undefined
  const silence = nodeOptions.hasThresholds(ours)
    ? `; or let silence end the incidents: .recoverWhenSilent(10m) on @${ours.name}()`
    : ''
  return {
    ...finding,
    says: `${called} filters by "${field}", the field of the condition behind it: when all is well no point comes through, and incidents stay open`,
    fix: `take "${field}" out of ${called}${silence}`,
  }
}

/** The field by which the filter keeps every good point; undefined: it does not. */
function cutField(body: Expression, wanted: Watched): string | undefined {
  const names = referencesOf(body)
  const same = wanted.conditions.find(condition => isPartOf(condition, body))
  if (same) return referencesOf(same)[0]
  const points = goodValues(wanted, body)
  const isCut = points.length > 0 && points.every(point => !canBeTrue(body, knowledgeOf(point)))
  return isCut ? names.find(name => points[0]!.has(name)) : undefined
}

/** A filter that holds only where the condition does. */
const isPartOf = (condition: Expression, body: Expression): boolean =>
  isSame(condition, body) ||
  (body.kind === 'lambda' && isPartOf(condition, body.body)) ||
  (body.kind === 'binary' &&
    body.sign === 'AND' &&
    (isPartOf(condition, body.left) || isPartOf(condition, body.right)))

const isSame = (a: Expression, b: Expression): boolean =>
  referencesOf(a).length > 0 && JSON.stringify(a) === JSON.stringify(b)
