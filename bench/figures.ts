// What a scenario found: figures with their bars, as a table for people and as JSON for the record.
import { cpus, release, totalmem } from 'node:os'

export interface Figure {
  readonly scenario: string
  readonly figure: string
  readonly value: number
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

export interface Scenario {
  readonly name: string
  readonly about: string
  run(): Promise<Figure[]>
}

export function isMet({ value, bar }: Figure): boolean | undefined {
  if (!bar) return undefined
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}

const COLUMNS = ['scenario', 'figure', 'value', 'bar', ''] as const

export function table(figures: readonly Figure[]): string {
  const rows = [COLUMNS, ...figures.map(cells)]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cells(figure: Figure): readonly string[] {
  const { scenario, value, unit, bar } = figure
  const wanted = bar ? ('atLeast' in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`) : ''
  const met = isMet(figure)
  return [
    scenario,
    figure.figure,
    `${shown(value)} ${unit}`,
    wanted,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]
}

const shown = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1)

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
