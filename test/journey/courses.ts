// What hosts go through: the load of each, step by step, as line protocol. Thresholds of the journeys are
// 50, 70 and 90, with resets at 40, 60 and 80.

/** By host. All start below every threshold. */
export const COURSES: Readonly<Record<string, readonly number[]>> = {
  neverBad: [10, 20, 49.9, 30, 5, 50],
  climbs: [10, 55, 75, 95, 75, 55, 10, 20],
  jumps: [10, 95, 10, 91, 10, 99, 12],
  escalatesOnce: [10, 55, 95, 55, 95, 72, 96, 30],
  repeats: [10, 75, 75, 75, 95, 95, 95, 71, 20],
  staysOpen: [10, 20, 55, 71, 60, 92],
  hysteresis: [10, 92, 85, 79, 65, 59, 45, 39, 55, 41, 72, 61, 59, 51, 39],
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map(seed => [`walks${seed}`, walk(seed, 40)])),
}

/** Up and down without a plan, the same each time. */
function walk(seed: number, steps: number): number[] {
  let state = seed
  return Array.from({ length: steps }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return (state % 1_001) / 10
  })
}

const START_NS = 1_790_000_000_000_000_017n
const STEP_NS = 1_000_000_007n

export const stepTime = (step: number): bigint => START_NS + BigInt(step) * STEP_NS

/** An integer beyond 2^53. */
export const jiffies = (time: bigint): bigint => 9_007_199_254_740_993n + time

/** One point with a field of every type and an integer beyond 2^53. */
export function cpuPoint(host: string, usage: number, time: bigint): string {
  const fields = [
    `usage=${usage}`,
    `idle=${100 - usage}`,
    `jiffies=${jiffies(time)}i`,
    `cores=8i`,
    `note="köln \\"${Math.round(usage)}\\" <b>"`,
    `busy=${usage > 50}`,
  ]
  return `cpu,host=${host},rack=r\\ 1,region=eu ${fields.join(',')} ${time}`
}

/** The courses of all hosts, step after step. */
export function allPoints(): string[] {
  const steps = Math.max(...Object.values(COURSES).map(course => course.length))
  return Array.from({ length: steps }, (_, step) =>
    Object.entries(COURSES).flatMap(([host, course]) => {
      const usage = course[step]
      return usage === undefined ? [] : [cpuPoint(host, usage, stepTime(step))]
    }),
  ).flat()
}

/** A point with the ends of what each type can hold. */
export function extremes(time: bigint): string {
  const fields = [
    'usage=95',
    'most=9223372036854775807i,least=-9223372036854775808i',
    'huge=1.7976931348623157e308,tiny=5e-324,third=0.3333333333333333',
    'empty="",quoted="a \\"b\\" \\\\ c",wide="日本 🐝"',
  ]
  return `cpu,host=extremes,region=eu ${fields.join(',')} ${time}`
}
