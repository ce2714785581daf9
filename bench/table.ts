// The figures as people read them: a table, each scenario's under its name, with a drawing of how far each is from
// its bar. At most 110 columns. Columns that nothing stands in are left out.
import { type Figure, type Found, isMet, ratioToBar } from './figures.ts'

const COLUMNS = ['figure', 'value', 'runs', 'bar', 'ratio', '', ''] as const

/** Cells of the drawing up to the bar, and as many beyond it. */
const CELLS = 4

export function table(found: readonly Found[]): string {
  const rows = [COLUMNS, ...found.map(each => ('figure' in each ? cells(each) : []))]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const isUsed = COLUMNS.map((_, column) => rows.some((row, at) => at > 0 && row[column]))
  const line = (row: readonly string[]): string => {
    const padded = row.map((cell, column) => cell.padEnd(widths[column]!))
    return `  ${padded.filter((_, column) => isUsed[column]).join('  ')}`.trimEnd()
  }
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
  const { value, spread, unit, bar } = figure
  const ratio = ratioToBar(figure)
  const runs = spread ? `${shown(spread.least)}..${shown(spread.most)}` : ''
  const start = [figure.figure, `${shown(value)} ${unit}`.trimEnd(), runs]
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

/** `====|==  `: the sign stands where the bar is. */
function drawing(ratio: number): string {
  const filled = Math.min(2 * CELLS, Math.max(0, Math.floor(ratio * CELLS)))
  const row = '='.repeat(filled).padEnd(2 * CELLS)
  return `${row.slice(0, CELLS)}|${row.slice(CELLS)}`
}
