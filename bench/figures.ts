// What a scenario found: figures with their bars. Showing them is for table.ts.
import { cpus, release, totalmem } from 'node:os'

export interface Figure {
  readonly scenario: string
  readonly figure: string
  /** Of several runs the median. */
  readonly value: number
  readonly spread?: { readonly least: number; readonly most: number }
  readonly unit: string
  /** What it has to reach. */
  readonly bar?: { readonly atLeast: number } | { readonly atMost: number }
}

/** Makes the figures of one scenario. */
export const figuresOf =
  (scenario: string) =>
  (figure: string, value: number, unit: string, bar?: Figure['bar']): Figure => ({
    scenario,
    figure,
    value,
    unit,
    ...(bar && { bar }),
  })

/** A figure, or why there is none: the scenario cannot be run here, or it broke off. Neither is a bar that is met. */
export type Found =
  | Figure
  | { readonly scenario: string; readonly skipped: string }
  | { readonly scenario: string; readonly failed: string }

export interface Scenario {
  readonly name: string
  readonly about: string
  /** Why it cannot be run here; undefined: it can. */
  whyNot?(): string | undefined
  run(): Promise<Figure[]>
}

/** How many times the bar was reached: 1 and more is met. Undefined without a bar. */
export function ratioToBar({ value, bar }: Figure): number | undefined {
  if (!bar) return undefined
  if ('atLeast' in bar) return value / bar.atLeast
  return value > 0 ? bar.atMost / value : Number.POSITIVE_INFINITY
}

export function isMet({ value, bar }: Figure): boolean | undefined {
  if (!bar) return undefined
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}

export const machine = (): Record<string, unknown> => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
})

/** @param part 0.5 for the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
