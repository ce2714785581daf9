// Which points of a file a task would get: those of its databases, measurement and so on. What a file does not say is no
// reason to leave a point out. Pure.
import type { PointMoment } from './moment.ts'

export interface Origin {
  readonly database?: string
  readonly retentionPolicy?: string
}

export interface Selection extends Origin {
  readonly measurement?: string
  /** The script's `dbrp` lines: one of them has to match. Empty: any. */
  readonly origins: readonly Origin[]
}

export function isSelected(selection: Selection, point: PointMoment): boolean {
  if (selection.measurement !== undefined && selection.measurement !== point.series.name) return false
  if (point.database === undefined) return true
  const { origins } = selection
  return matches(selection, point) && (origins.length === 0 || origins.some(origin => matches(origin, point)))
}

/** A file that names the database names the retention policy too. */
const matches = (wanted: Origin, from: Pick<PointMoment, 'database' | 'retentionPolicy'>): boolean =>
  (wanted.database === undefined || wanted.database === from.database) &&
  (wanted.retentionPolicy === undefined || wanted.retentionPolicy === from.retentionPolicy)
