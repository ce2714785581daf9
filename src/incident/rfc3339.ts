// Times as Kapacitor writes them.

const NANOSECONDS = 1_000_000_000n

/** RFC 3339 in UTC, the fraction without trailing zeros. @param time nanoseconds since the epoch. */
export function rfc3339Nano(time: bigint): string {
  let seconds = time / NANOSECONDS
  let fraction = time % NANOSECONDS
  if (fraction < 0n) {
    seconds -= 1n
    fraction += NANOSECONDS
  }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length)
  if (fraction === 0n) return `${whole}Z`
  return `${whole}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}Z`
}
