// Durations as TICKscript and InfluxQL write them: `90s`, `1h30m`, `2w`. Pure.

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  u: 1_000n,
  µ: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
}
const WRITTEN = ['w', 'd', 'h', 'm', 's', 'ms', 'u', 'ns'] as const

/** Nanoseconds of a duration in TICKscript; undefined when it is none. */
export function durationOf(text: string): bigint | undefined {
  const [, count, unit] = /^(\d{1,12})(ms|[uµsmhdw])$/.exec(text) ?? []
  return count === undefined ? undefined : BigInt(count) * UNITS[unit!]!
}

/** The same of several parts, with a sign and with nanoseconds: what Kapacitor's duration() reads. */
export function longDurationOf(text: string): bigint | undefined {
  if (!/^-?(\d{1,12}(ns|ms|[uµsmhdw]))+$/.test(text)) return undefined
  let sum = 0n
  for (const [, count, unit] of text.matchAll(/(\d+)(ns|ms|[uµsmhdw])/g))
    sum += BigInt(count!) * UNITS[unit!]!
  return text.startsWith('-') ? -sum : sum
}

/** In the largest unit that leaves no rest, as InfluxQL does. @param value nanoseconds. */
export function durationText(value: bigint): string {
  if (value === 0n) return '0s'
  const unit = WRITTEN.find(name => value % UNITS[name]! === 0n)!
  return `${value / UNITS[unit]!}${unit}`
}
