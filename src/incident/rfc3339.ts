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

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i

/** Nanoseconds since the epoch of a time with any offset; what is finer is cut. Undefined when it is no time. */
export function nanosecondsOf(text: string): bigint | undefined {
  const [, day, clock, fraction = '', sign, hours = '0', minutes = '0'] = TIME.exec(text) ?? []
  if (day === undefined) return undefined
  const written = `${day}T${clock}`
  const ms = Date.parse(`${written}Z`)
  // Date.parse takes the 31st of any month.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(written)) return undefined
  const offset = BigInt(Number(hours) * 3600 + Number(minutes) * 60) * (sign === '-' ? -1n : 1n)
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  return (BigInt(ms) / 1000n - offset) * NANOSECONDS + nanoseconds
}
