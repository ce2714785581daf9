// By what points are grouped, and what a group is called: as Kapacitor's from and groupBy nodes do it (group_by.go,
// models/point.go). Names of tags are sorted; `*` is all tags; a tag that a point lacks is there and empty. Pure.
import { compareText } from '../incident/order.ts'
import type { Series } from './series-key.ts'

export interface Grouping {
  /** Names of tags, sorted. */
  readonly tags: readonly string[]
  /** `*`: by all tags that a point has, but for the excluded. */
  readonly all: boolean
  readonly excluded: readonly string[]
  /** By the measurement too. */
  readonly byMeasurement: boolean
}

export const NOT_GROUPED: Grouping = { tags: [], all: false, excluded: [], byMeasurement: false }

/** @param names `*` among them stands for all. */
export function groupedBy(
  names: readonly string[],
  { excluded = [], byMeasurement = false }: { excluded?: readonly string[]; byMeasurement?: boolean } = {},
): Grouping {
  const tags = names.filter(name => name !== '*' && !excluded.includes(name)).sort(compareText)
  return { tags, all: names.includes('*'), excluded, byMeasurement }
}

export const dimensionsOf = ({ tags, all, excluded }: Grouping, series: Series): readonly string[] =>
  all ? series.tags.map(([name]) => name).filter(name => !excluded.includes(name)) : tags

export interface GroupSource {
  readonly name: string
  readonly tags: readonly (readonly [name: string, value: string])[]
}

/** `host=a,region=eu`, led by the measurement where grouped by it; empty without a group. */
export function groupId({ name, tags }: GroupSource, dimensions: readonly string[], byName: boolean): string {
  const tagValue = (dimension: string): string => tags.find(([tag]) => tag === dimension)?.[1] ?? ''
  const pairs = dimensions.map(dimension => `${dimension}=${tagValue(dimension)}`).join(',')
  if (!byName) return pairs
  return dimensions.length === 0 ? name : `${name}\n${pairs}`
}
