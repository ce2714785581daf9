// Points of an open incident that have no level: it keeps its own, and can stay open for good. When that is worth saying,
// and why it is so. Pure.
import type { Contributor } from './contributors.ts'
import type { NodeSettings } from './node-settings.ts'
import type { FieldValue, Scope } from './point.ts'
import type { StateChange } from './state-change.ts'

/** A single point without a level is common where fields come one by one. */
const MIN_IN_A_ROW = 2

/** A point came that has a level. */
export function noteLevel({ withoutLevel }: Contributor): void {
  if (withoutLevel) withoutLevel.points = 0
}

/**
 * A point came that has none. Returns what the story gets, which is once for each contributor.
 * @param why the rest of a sentence that begins with "its points".
 */
export function noteNoLevel(contributor: Contributor, why: () => string): StateChange | undefined {
  contributor.withoutLevel ??= { points: 0, why: '' }
  const now = contributor.withoutLevel
  now.points++
  if (now.points !== MIN_IN_A_ROW) return undefined
  const isNew = now.why === ''
  now.why = why()
  if (!isNew) return undefined
  const { who, incident } = contributor
  const { task, node, group, id } = who
  return { change: 'without-level', opening: incident.opening, id, task, node, group, why: now.why }
}

/** Whether its points have had no level for so long that it cannot end. */
export const isStuck = ({ withoutLevel }: Contributor): boolean =>
  withoutLevel !== undefined && withoutLevel.points >= MIN_IN_A_ROW

/** So many fields are named. */
const MAX_NAMES = 3

/** Fields that the conditions of a node name and the point lacks, each once. */
export function missingFields({ thresholds }: Pick<NodeSettings, 'thresholds'>, scope: Scope): string[] {
  const reads = thresholds.flatMap(({ conditions }) =>
    conditions
      .filter(condition => condition.holds(scope) === undefined)
      .flatMap(condition => condition.reads),
  )
  return [...new Set(reads)].filter(name => value(scope, name) === undefined)
}

/** The rest of a sentence that begins with "its points": what they lack, or what they have instead. */
export function whyNoLevel(settings: NodeSettings, scope: Scope): string {
  const { thresholds, names } = settings
  if (thresholds.length === 0) return `have no level in ${levelPlace(names)}`
  const missing = missingFields(settings, scope)
  if (missing.length > 0) return `have no ${listed(missing.map(name => `"${name}"`))}`
  const condition = thresholds
    .flatMap(({ conditions }) => conditions)
    .find(one => one.holds(scope) === undefined)
  const types = (condition?.reads ?? []).map(name => `${typeName(value(scope, name))} in "${name}"`)
  return `have ${listed(types)}, for which ${condition?.source ?? ''} cannot be evaluated`
}

const value = (scope: Scope, name: string): FieldValue | undefined => scope.field(name) ?? scope.tag(name)

function levelPlace({ levelField, levelTag }: NodeSettings['names']): string {
  const places = [levelField && `the field "${levelField}"`, levelTag && `the tag "${levelTag}"`]
  return places.filter(place => place !== undefined).join(' or ') || 'a field or tag "level"'
}

function typeName(of: FieldValue | undefined): string {
  if (typeof of === 'bigint') return 'an int'
  if (typeof of === 'number') return Number.isFinite(of) ? 'a float' : 'a float that is no finite number'
  return typeof of === 'boolean' ? 'a boolean' : 'a string'
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_NAMES).join(' and ')
  const more = texts.length - MAX_NAMES
  return more > 0 ? `${shown} and ${more} more` : shown
}
