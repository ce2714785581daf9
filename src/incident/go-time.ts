// Times and durations as templates show them: durations as Go prints them, times as RFC 3339. Pure.
import { rfc3339Nano } from './rfc3339.ts'

/** Nanoseconds since the epoch. */
export class GoTime {
  readonly goType = 'time.Time'
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }

  /** `2026-05-28T20:26:40.5Z`, where Kapacitor's own templates have `2026-05-28 20:26:40.5 +0000 UTC`. */
  toString(): string {
    return rfc3339Nano(this.nanoseconds)
  }
}

export class GoDuration {
  readonly goType = 'time.Duration'
  readonly nanoseconds: bigint

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }

  /** `1h0m30.5s`; below a second `1.5ms`, `20µs`, `7ns`; `0s`. */
  toString(): string {
    const size = this.nanoseconds < 0n ? -this.nanoseconds : this.nanoseconds
    return (this.nanoseconds < 0n ? '-' : '') + spelled(size)
  }
}

const SECOND = 1_000_000_000n
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE

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
