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

export function isSelected(selection: Selection, { series, ...from }: PointMoment): boolean {
  if (selection.measurement !== undefined && selection.measurement !== series.name) return false
  const { origins } = selection
  return matches(selection, from) && (origins.length === 0 || origins.some(origin => matches(origin, from)))
}

const matches = (wanted: Origin, from: Pick<PointMoment, 'database' | 'retentionPolicy'>): boolean =>
  (['database', 'retentionPolicy'] as const).every(
    key => wanted[key] === undefined || from[key] === undefined || wanted[key] === from[key],
  )
