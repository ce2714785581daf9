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

export const isSelected = (selection: Selection, point: PointMoment): boolean =>
  isOfTask(selection, point) && (selection.conditions.length === 0 || holdAll(selection, point))

/** What can be said of a point before all its fields are known. */
export type PointOrigin = Pick<PointMoment, 'series' | 'database' | 'retentionPolicy'>

/** By measurement, database and retention policy alone. */
export const isOfTask = (selection: Selection, point: PointOrigin): boolean =>
  (selection.measurement === undefined || selection.measurement === point.series.name) &&
  isFromThere(selection, point)

export function isFromThere(selection: Selection, point: PointOrigin): boolean {
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

const matches = (wanted: Origin, from: PointOrigin): boolean =>
  (wanted.database === undefined || wanted.database === from.database) &&
  (wanted.retentionPolicy === undefined ||
    from.retentionPolicy === undefined ||
    wanted.retentionPolicy === from.retentionPolicy)
