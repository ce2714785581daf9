// Times and durations as Go's templates print them, for alerts whose JSON an alert-template wrote. Pure.
import { nanosecondsOf } from '../incident/rfc3339.ts'

const TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d\d)(\d\d)(?: \S+)?(?: m=[+-]\S+)?$/

/** Nanoseconds since the epoch of `2026-05-28 20:26:40.5 +0000 UTC` (Go's time.Time). Undefined when it is no such time. */
export function timeFromGo(text: string): bigint | undefined {
  const [, day, clock, hours, minutes] = TIME.exec(text) ?? []
  return day === undefined ? undefined : nanosecondsOf(`${day}T${clock}${hours}:${minutes}`)
}

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const PART = /(\d{1,19})(?:\.(\d{1,9})\d*)?(ns|us|µs|μs|ms|s|m|h)/g
const DURATION = /^([+-]?)((?:\d{1,19}(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+)$/

/** Nanoseconds of `1m30.5s` (Go's time.Duration). Undefined when it is no such duration. */
export function durationFromGo(text: string): bigint | undefined {
  if (text === '0') return 0n
  const [, sign, parts] = DURATION.exec(text) ?? []
  if (parts === undefined) return undefined
  let sum = 0n
  for (const [, whole, fraction = '', unit] of parts.matchAll(PART)) {
    const size = NANOSECONDS[unit!]!
    sum += BigInt(whole!) * size + (BigInt(fraction.padEnd(9, '0')) * size) / 1_000_000_000n
  }
  return sign === '-' ? -sum : sum
}
