// Several runs of one scenario as one: of each figure the median, with the least and the most beside it.
import { type Figure, quantile } from './figures.ts'

/** Figures of every run, in the same order in each. */
export function ofAllRuns(runs: readonly (readonly Figure[])[]): Figure[] {
  const [first = []] = runs
  if (runs.length < 2) return [...first]
  return first.map((figure, at) => {
    const values = runs.map(run => run[at]!.value)
    const spread = { least: Math.min(...values), most: Math.max(...values) }
    return { ...figure, value: quantile(values, 0.5), spread }
  })
}
