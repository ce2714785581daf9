// Which points of a file a task would get: those of its databases, measurement and so on. What a file does not say is no
// reason to leave a point out. Pure.
import type { Condition } from '../incident/condition/condition.ts'
import type { PointMoment } from './moment.ts'

export interface Origin {
  readonly database?: string
  readonly retentionPolicy?: string
}

export interface Selection extends Origin {
  readonly measurement?: string
  /** The script's `dbrp` lines: one of them has to match. Empty: any. */
  readonly origins: readonly Origin[]
  /** Of `where`: all have to hold. One that cannot be evaluated does not. */
  readonly conditions: readonly Condition[]
}

export function isSelected(selection: Selection, point: PointMoment): boolean {
  if (selection.measurement !== undefined && selection.measurement !== point.series.name) return false
  return isFromThere(selection, point) && (selection.conditions.length === 0 || holdAll(selection, point))
}

function isFromThere(selection: Selection, point: PointMoment): boolean {
  if (point.database === undefined) return true
  const { origins } = selection
  return matches(selection, point) && (origins.length === 0 || origins.some(origin => matches(origin, point)))
}

function holdAll({ conditions }: Selection, { fields, series }: PointMoment): boolean {
  const scope = {
    field: (wanted: string) => fields.find(([name]) => name === wanted)?.[1],
    tag: (wanted: string) => series.tags.find(([name]) => name === wanted)?.[1],
  }
  return conditions.every(condition => condition.holds(scope) === true)
}

/** A file that names the database names the retention policy too. */
const matches = (wanted: Origin, from: Pick<PointMoment, 'database' | 'retentionPolicy'>): boolean =>
  (wanted.database === undefined || wanted.database === from.database) &&
  (wanted.retentionPolicy === undefined || wanted.retentionPolicy === from.retentionPolicy)
