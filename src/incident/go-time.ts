// Times and durations of templates: durations print as Go prints them, times as RFC 3339. A time knows the place
// whose clock it shows; where the machine's clock stands is for the caller to say. Pure.
import { type Place, UTC, type ZoneAt } from './go-zone.ts'
import { rfc3339Nano } from './rfc3339.ts'

const SECOND = 1_000_000_000n
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE
const INT64_MAX = 2n ** 63n - 1n
/** Go counts whole hours and days from the year 1. */
const SECONDS_BEFORE_1970 = 62_135_596_800n

/** What a clock and a calendar show. */
export interface Civil {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
  /** Sunday is 0. */
  readonly weekday: number
  /** From 1. */
  readonly yearDay: number
  readonly zone: ZoneAt
}

export class GoTime {
  readonly goType = 'time.Time'
  /** Since the epoch. */
  readonly nanoseconds: bigint
  readonly #place: Place

  constructor(nanoseconds: bigint, place: Place = UTC) {
    this.nanoseconds = nanoseconds
    this.#place = place
  }

  /** The same moment by another clock. */
  at(place: Place): GoTime {
    return new GoTime(this.nanoseconds, place)
  }

  plus(nanoseconds: bigint): GoTime {
    return new GoTime(clamped(this.nanoseconds + nanoseconds), this.#place)
  }

  /** Down to a multiple; half of one and more goes up where it is rounded. */
  toMultiple(step: bigint, how: 'round' | 'truncate'): GoTime {
    if (step <= 0n) return this
    const rest = (this.nanoseconds + SECONDS_BEFORE_1970 * SECOND) % step
    return this.plus(how === 'round' && rest * 2n >= step ? step - rest : -rest)
  }

  civil(): Civil {
    const seconds = floorDiv(this.nanoseconds, SECOND)
    const zone = this.#place(Number(seconds))
    const shown = new Date((Number(seconds) + zone.offset) * 1000)
    const year = shown.getUTCFullYear()
    const month = shown.getUTCMonth()
    const day = shown.getUTCDate()
    return {
      ...{ year, month: month + 1, day, weekday: shown.getUTCDay(), zone },
      hour: shown.getUTCHours(),
      minute: shown.getUTCMinutes(),
      second: shown.getUTCSeconds(),
      nanosecond: Number(this.nanoseconds - seconds * SECOND),
      yearDay: Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    }
  }

  /** `2026-05-28T20:26:40.5Z`, where Kapacitor's own templates have `2026-05-28 20:26:40.5 +0000 UTC`. */
  toString(): string {
    const { zone } = this.civil()
    if (zone.offset === 0) return rfc3339Nano(this.nanoseconds)
    const shown = rfc3339Nano(this.nanoseconds + BigInt(zone.offset) * SECOND)
    return shown.replace('Z', offsetText(zone.offset))
  }
}

/** `+02:00` */
function offsetText(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60)
  const [hours, rest] = [Math.trunc(minutes / 60), minutes % 60].map(each => String(each).padStart(2, '0'))
  return `${offset < 0 ? '-' : '+'}${hours}:${rest}`
}

export class GoDuration {
  readonly goType = 'time.Duration'
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }

  get size(): bigint {
    return this.nanoseconds < 0n ? -this.nanoseconds : this.nanoseconds
  }

  /** Towards zero, or to the nearest; half of a step goes away from zero. */
  toMultiple(step: bigint, how: 'round' | 'truncate'): GoDuration {
    if (step <= 0n) return this
    const rest = this.size % step
    const size = this.size - rest + (how === 'round' && rest * 2n >= step ? step : 0n)
    return new GoDuration(clamped(this.nanoseconds < 0n ? -size : size))
  }

  /** `1h0m30.5s`; below a second `1.5ms`, `20µs`, `7ns`; `0s`. */
  toString(): string {
    return (this.nanoseconds < 0n ? '-' : '') + spelled(this.size)
  }
}

const clamped = (value: bigint): bigint =>
  value > INT64_MAX ? INT64_MAX : value < -INT64_MAX - 1n ? -INT64_MAX - 1n : value

const floorDiv = (value: bigint, by: bigint): bigint =>
  value >= 0n || value % by === 0n ? value / by : value / by - 1n

function spelled(size: bigint): string {
  if (size === 0n) return '0s'
  if (size < 1_000n) return `${size}ns`
  if (size < 1_000_000n) return `${decimal(size, 1_000n)}µs`
  if (size < SECOND) return `${decimal(size, 1_000_000n)}ms`
  const hours = size >= HOUR ? `${size / HOUR}h` : ''
  const minutes = size >= MINUTE ? `${(size % HOUR) / MINUTE}m` : ''
  return `${hours}${minutes}${decimal(size % MINUTE, SECOND)}s`
}

function decimal(size: bigint, unit: bigint): string {
  const fraction = String(unit + (size % unit))
    .slice(1)
    .replace(/0+$/, '')
  return fraction === '' ? String(size / unit) : `${size / unit}.${fraction}`
}
