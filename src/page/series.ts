// The last hour as the charts draw it: seconds on one axis, numbers on the other, and what each line comes to, for those
// who do not see it. Pure.
import type { HistoryView } from '../app/history.ts'
import { counted, duration, number } from './wording.ts'

export interface ChartSpec {
  readonly title: string
  /** bar: a minute's sum; those of the second line hang down. line: a value at each step. */
  readonly shape: 'line' | 'bar'
  /** `colour` is a property of the style. */
  readonly lines: readonly { readonly label: string; readonly colour: string }[]
  readonly format: (value: number) => string
  /** Steps between the marks of the axis, of which one is chosen. */
  readonly steps: readonly number[]
  readonly data: (history: HistoryView) => Pick<ChartData, 'x' | 'y' | 'totals'>
}

export interface ChartData {
  /** Seconds since the epoch; a whole hour, however much of it is known. */
  readonly from: number
  readonly until: number
  readonly x: readonly number[]
  /** As many as there are lines. */
  readonly y: readonly (readonly number[])[]
  /** What each line comes to. */
  readonly totals: readonly string[]
}

const HOUR = 3600
const MINUTE = 60
const DURATIONS = [
  1,
  2,
  5,
  10,
  30,
  60,
  120,
  300,
  600,
  1200,
  1800,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
]
const COUNTS = [1, 2, 5]
  .flatMap(one => [1, 10, 100, 1000, 10_000, 100_000].map(ten => one * ten))
  .sort((a, b) => a - b)
const RATES = [0.1, 0.2, 0.5, ...COUNTS]

export const CHARTS: readonly ChartSpec[] = [
  {
    ...{ title: 'Points a second', shape: 'line', format: number, steps: RATES },
    lines: [{ label: 'points', colour: '--series-a' }],
    data(history) {
      const rates = history.series.points.map(points => points / history.everySeconds)
      const totals = [`now ${number(rates.at(-1) ?? 0)}, at most ${number(most(rates))}`]
      return { x: timesOf(history), y: [rates], totals }
    },
  },
  {
    ...{ title: 'Events a minute', shape: 'bar', format: number, steps: COUNTS },
    lines: [
      { label: 'triggers', colour: '--series-b' },
      { label: 'resolves', colour: '--series-c' },
    ],
    data(history) {
      const { triggers, resolves } = history.series
      const totals = [counted(sum(triggers), 'trigger'), counted(sum(resolves), 'resolve')]
      return { ...byMinute(timesOf(history), triggers, resolves), totals }
    },
  },
  {
    ...{ title: 'Deliveries a minute', shape: 'bar', format: number, steps: COUNTS },
    lines: [
      { label: 'delivered', colour: '--series-a' },
      { label: 'failed', colour: '--series-d' },
    ],
    data(history) {
      const { delivered, failed } = history.series
      const totals = [`${number(sum(delivered))} delivered`, `${number(sum(failed))} failed`]
      return { ...byMinute(timesOf(history), delivered, failed), totals }
    },
  },
  {
    ...{ title: 'Oldest waiting', shape: 'line', format: duration, steps: DURATIONS },
    lines: [{ label: 'oldest', colour: '--series-b' }],
    data(history) {
      const ages = history.series.oldestPendingSeconds
      const now = ages.at(-1) ?? 0
      const highest = most(ages)
      const total =
        highest === 0
          ? 'nothing waited'
          : `${now === 0 ? 'nothing' : duration(now)} now, at most ${duration(highest)}`
      return { x: timesOf(history), y: [ages], totals: [total] }
    },
  },
]

export function chartData({ data }: ChartSpec, history: HistoryView): ChartData {
  const until = Date.parse(history.until) / 1000
  return { from: until - HOUR, until, ...data(history) }
}

/** When each step ended, in seconds. */
function timesOf({ until, everySeconds, series }: HistoryView): number[] {
  const end = Date.parse(until) / 1000
  return series.points.map((_, index, { length }) => end - (length - 1 - index) * everySeconds)
}

/** Sums of whole minutes, in the middle of each; the second hangs down from the axis. */
function byMinute(
  times: readonly number[],
  up: readonly number[],
  down: readonly number[],
): Pick<ChartData, 'x' | 'y'> {
  const minutes = new Map<number, [number, number]>()
  times.forEach((time, index) => {
    // A step that ends with the minute belongs to it.
    const minute = (Math.ceil(time / MINUTE) - 1) * MINUTE
    const sums = minutes.get(minute) ?? [0, 0]
    minutes.set(minute, [sums[0] + up[index]!, sums[1] - down[index]!])
  })
  const sums = [...minutes.values()]
  return {
    x: [...minutes.keys()].map(minute => minute + MINUTE / 2),
    y: [sums.map(([value]) => value), sums.map(([, value]) => value)],
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const most = (values: readonly number[]): number => values.reduce((all, value) => Math.max(all, value), 0)
