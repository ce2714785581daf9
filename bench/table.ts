// The figures as people read them: a table, each scenario's under its name, with a drawing of how far each is from
// its bar. At most 110 columns.
import { type Figure, type Found, isMet, ratioToBar } from './figures.ts'

const COLUMNS = ['figure', 'value', 'bar', 'ratio', '', ''] as const

/** Cells of the drawing up to the bar, and as many beyond it. */
const CELLS = 6

export function table(found: readonly Found[]): string {
  const rows = [COLUMNS, ...found.map(each => ('figure' in each ? cells(each) : []))]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd()
  const lines = [line(COLUMNS)]
  let scenario = ''
  for (const each of found) {
    if (each.scenario !== scenario) lines.push(each.scenario)
    scenario = each.scenario
    lines.push('figure' in each ? line(cells(each)) : `  ${reason(each)}`)
  }
  return lines.join('\n')
}

const reason = (none: Exclude<Found, Figure>): string =>
  'skipped' in none ? `SKIPPED: ${none.skipped}` : `FAILED: ${none.failed}`

function cells(figure: Figure): readonly string[] {
  const { value, unit, bar } = figure
  const ratio = ratioToBar(figure)
  const start = [figure.figure, `${shown(value)} ${unit}`.trimEnd()]
  if (!bar || ratio === undefined) return [...start, '', '', '', '']
  const wanted = 'atLeast' in bar ? `>= ${shownBar(bar.atLeast)}` : `<= ${shownBar(bar.atMost)}`
  return [...start, wanted, shownRatio(ratio), drawing(ratio), isMet(figure) ? 'met' : 'MISSED']
}

const shown = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : value.toFixed(Math.abs(value) < 10 ? 2 : 1)

const shownBar = (value: number): string => value.toLocaleString('en')

const shownRatio = (ratio: number): string => (ratio > 10 ? '> 10' : ratio.toFixed(2))

/** `=====|==    `: the sign stands where the bar is. */
function drawing(ratio: number): string {
  const filled = Math.min(2 * CELLS, Math.max(0, Math.floor(ratio * CELLS)))
  const row = '='.repeat(filled).padEnd(2 * CELLS)
  return `${row.slice(0, CELLS)}|${row.slice(CELLS)}`
}
