// Values of options: numbers, levels, times. Each throws what commander shows as wrong usage.
import { InvalidArgumentError } from 'commander'

const LEVELS = ['OK', 'INFO', 'WARNING', 'CRITICAL'] as const
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export function readNumber(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number === 0)
    throw new InvalidArgumentError('It has to be a whole number above 0.')
  return number
}

/** For arguments that may repeat. */
export const readNumbers = (text: string, before: readonly number[] = []): number[] => [
  ...before,
  readNumber(text),
]

export function readLevel(text: string): 0 | 1 | 2 | 3 {
  const index = LEVELS.indexOf(text.toUpperCase() as (typeof LEVELS)[number])
  if (index < 1) throw new InvalidArgumentError('It has to be INFO, WARNING or CRITICAL.')
  return index as 1 | 2 | 3
}

/** As it is spelt elsewhere. */
export const readLevelName = (text: string): string => LEVELS[readLevel(text)]

/** For options that may repeat. */
export const readWords = (text: string, before: readonly string[] = []): string[] => [...before, text]

/** `2h` ago, or a time such as 2026-05-28T14:00:00Z. Milliseconds since the epoch. */
export function readTime(text: string, now: number): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  if (count !== undefined) return now - Number(count) * UNITS[unit!]!
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new InvalidArgumentError(
      'It has to be a time such as 2026-05-28T14:00:00Z, or 2h for two hours ago.',
    )
  return at
}
