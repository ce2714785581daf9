// Tasks as lines for a person: how each stands, and below it what is to be said of it. Pure.
import pc from 'picocolors'
import { age } from '../app/age.ts'
import type { TaskFinding, TaskReport } from '../app/task-report.ts'
import { joined, padded, painted, type TerminalText, terminal } from '../terminal/text.ts'
import type { Screen } from './status-screen.ts'
import { firstLine, hanging, plain, plural, wrapped } from './terminal-lines.ts'

/** Width of the states, and of the severities below them. */
const STATES = 10

/** @param now RFC 3339. */
export function taskLines(report: TaskReport, now: string, { columns, colour }: Screen): TerminalText {
  const { state, task } = report
  const head = padded(painted(paint(state, colour), state), STATES)
  return joined([
    hanging(head, `${plain(task)}${trafficOf(report, now)}`, STATES, columns),
    ...report.findings.map(finding => findingLines(finding, { columns, colour })),
  ])
}

function trafficOf({ nodes }: TaskReport, now: string): string {
  if (nodes.length === 0) return ''
  const rate = nodes.reduce((sum, { pointsPerSecond }) => sum + pointsPerSecond, 0)
  const last = nodes
    .flatMap(({ lastPointAt }) => lastPointAt ?? [])
    .sort()
    .at(-1)
  const connected = nodes.length === 1 ? '' : `${plural(nodes.length, 'node')}, `
  const when = last === undefined ? 'no point yet' : `last point ${age(last, now)} ago`
  return `: ${connected}${Math.round(rate * 10) / 10} points/s, ${when}`
}

function findingLines(
  { code, severity, line, says, fix }: TaskFinding,
  { columns, colour }: Screen,
): TerminalText {
  const where = line === undefined ? code : `${code}, line ${line}`
  const head = padded(terminal`  ${painted(paint(severity, colour), severity)}`, STATES + 2)
  const text = hanging(head, `${where}: ${plain(firstLine(says))}`, STATES + 2, columns)
  const cure = fix === undefined ? '' : wrapped(`to do: ${plain(fix)}`, STATES + 2, columns)
  return terminal`${text}${cure}`
}

/** Of all that are shown, in one line. */
export function summary(reports: readonly TaskReport[]): string {
  const states = Map.groupBy(reports, ({ state }) => state)
  const counts = [...states].map(([state, those]) => `${those.length} ${state}`)
  const findings = reports.filter(({ state }) => state !== 'disabled').flatMap(report => report.findings)
  const count = (severity: TaskFinding['severity']): number =>
    findings.filter(finding => finding.severity === severity).length
  const said = `${plural(count('problem'), 'problem')}, ${plural(count('warning'), 'warning')}`
  return `${plural(reports.length, 'task')}: ${counts.join(', ')}; ${said}`
}

function paint(
  word: TaskReport['state'] | TaskFinding['severity'],
  colour: boolean,
): (text: string) => string {
  const { red, yellow, green, dim } = pc.createColors(colour)
  if (word === 'alive') return green
  if (word === 'refused' || word === 'problem') return red
  if (word === 'disabled' || word === 'unused' || word === 'gone' || word === 'note') return dim
  return yellow
}
