// How long something took, in words that a person reads at a glance.

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** `3d4h`, `1h12m`, `45s`: two units at most, rounded down; less than a second is `0s`. */
export function span(milliseconds: number): string {
  let seconds = Math.floor(milliseconds / 1000)
  const parts: string[] = []
  for (const [unit, length] of UNITS) {
    const count = Math.floor(seconds / length)
    seconds -= count * length
    // The second unit follows the first at once: 2d0h is 2d, never 2d5m.
    if (count > 0) parts.push(`${count}${unit}`)
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break
  }
  return parts.join('') || '0s'
}
