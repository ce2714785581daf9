// Tasks as lines: state and traffic, and each finding with what to do, on a narrow terminal too.
import test from 'ava'
import type { TaskReport } from '../../src/app/task-report.ts'
import { summary, taskLines } from '../../src/cli/task-lines.ts'

const NOW = '2026-05-28T12:00:00.000Z'
const NODE = {
  ...{ node: 'squadcast2', endpoint: 'default', connectedAt: NOW, points: 5, pointsPerSecond: 0.25 },
  ...{ lastPointAt: '2026-05-28T11:59:48.000Z', withoutLevels: false },
}
const ALIVE: TaskReport = {
  ...{ task: 'cpu_alert', state: 'alive', uses: 1, nodes: [NODE], findings: [], needsSomebody: false },
}
const REFUSED: TaskReport = {
  ...{ task: 'disk', state: 'refused', uses: 1, nodes: [], needsSomebody: true },
  findings: [
    {
      ...{ code: 'refused', severity: 'problem', line: 4, fix: 'mend the script' },
      says: 'the sidecar refuses it: .crit(): no \u001b[2J\n  usage >\n   ^',
    },
    { code: 'state-lost', severity: 'note', says: 'a revival starts it anew' },
  ],
}
const lines = (report: TaskReport, columns = 80, colour = false) =>
  String(taskLines(report, NOW, { columns, colour }))

test('a task stands with its state and what comes from it', t => {
  t.is(lines(ALIVE), 'alive     cpu_alert: 0.3 points/s, last point 12s ago\n')
  const { lastPointAt: _, ...silent } = NODE
  t.is(lines({ ...ALIVE, nodes: [silent] }), 'alive     cpu_alert: 0.3 points/s, no point yet\n')
  t.regex(lines({ ...ALIVE, nodes: [NODE, NODE] }), /: 2 nodes, 0\.5 points\/s/)
})

test('below it each finding, with its line and what to do', t => {
  t.is(
    lines(REFUSED),
    `refused   disk
  problem   refused, line 4: the sidecar refuses it: .crit(): no \\x1b[2J
            to do: mend the script
  note      state-lost: a revival starts it anew
`,
  )
})

test('it stays within a narrow terminal, and colours break nothing', t => {
  const narrow = lines(REFUSED, 50)
  for (const line of narrow.split('\n')) t.true(line.length <= 50, line)
  let plain = lines(REFUSED, 50, true)
  for (const code of ['31', '2', '39', '22']) plain = plain.replaceAll(`\u001b[${code}m`, '')
  t.is(plain, narrow)
})

test('the summary counts states, and findings of what is not disabled', t => {
  const off: TaskReport = { ...REFUSED, state: 'disabled', needsSomebody: false }
  t.is(summary([ALIVE, REFUSED, off]), '3 tasks: 1 alive, 1 refused, 1 disabled; 1 problem, 0 warnings')
})
