// How values of a point compare, the same in conditions and templates: numbers by value whatever their type,
// strings by their UTF-8 bytes as Go compares them. Pure functions that never convert and never round.

export type Numeric = number | bigint

export const isNumeric = (value: unknown): value is Numeric =>
  typeof value === 'number' || typeof value === 'bigint'

/** Exact for an INT against a DOUBLE; NaN equals nothing. */
export const sameNumber = (a: Numeric, b: Numeric): boolean =>
  typeof a === typeof b ? a === b : a <= b && a >= b

/** Negative, zero or positive, by the order of the UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  for (let index = 0; index < shorter; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return byteRank(left) - byteRank(right)
  }
  return a.length - b.length
}

// A surrogate stands for a character above U+FFFF, whose bytes come after those of U+E000 to U+FFFF.
const byteRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
