// The screen of `status`, and the line of a monitoring plugin.
import test from 'ava'
import type { Absence } from '../../src/app/absence.ts'
import { absentView } from '../../src/app/sidecar-status.ts'
import type { StatusView } from '../../src/app/status-view.ts'
import { pluginLine, unknownLine } from '../../src/cli/status-plugin.ts'
import { statusScreen } from '../../src/cli/status-screen.ts'

const FINE: StatusView = {
  ...{ version: '1.2.3', at: '2026-05-28T12:00:00.000Z', startedAt: '2026-05-28T09:00:00.000Z' },
  ...{ state: 'fine', sentence: 'Delivering. 3 incidents open, nothing waiting.', problems: [] },
  ...{ delivering: true, durable: true, pending: 0, deadLetters: 0, connections: 1 },
  standing: '3 incidents open, nothing waiting.',
  self: { endpoint: 'default', open: 0, troubles: [] },
  incidents: { open: 3, byLevel: { CRITICAL: 2, WARNING: 1, INFO: 0, OK: 0 } },
  budget: { rate: 300, used: 12, reserved: 30 },
  endpoints: [
    {
      ...{ name: 'default', state: 'up', pending: 0, inFlight: 0 },
      lastAnswer: { at: '2026-05-28T11:59:30.000Z', verdict: 'delivered', status: 202, text: '202 Accepted' },
    },
  ],
  kapacitor: { reachable: true },
  tasks: [
    {
      ...{ task: 'cpu', state: 'alive', revived: 0 },
      nodes: [
        {
          ...{ node: 'squadcast2', endpoint: 'default', connectedAt: '2026-05-28T09:00:00.000Z' },
          ...{ points: 5, pointsPerSecond: 1.25, withoutLevels: false },
        },
      ],
    },
  ],
}
const REFUSED: StatusView = {
  ...FINE,
  state: 'critical',
  sentence:
    'Task wrong was refused: no. And 1 more problem. 3 incidents open, 1 event waiting, the oldest for 9s.',
  problems: [
    {
      ...{ severity: 'critical', code: 'task-refused', about: 'wrong' },
      ...{ text: 'Task wrong was refused: no.', cure: 'Correct its script.' },
    },
    { severity: 'warning', code: 'budget-used-up', text: 'All are used | up.', cure: 'Wait.' },
  ],
  ...{ pending: 1, oldestPendingAt: '2026-05-28T11:59:51.000Z' },
  tasks: [
    ...FINE.tasks,
    { task: 'wrong', state: 'refused', why: 'no \u001b[2Jway\n  the place', revived: 0, nodes: [] },
  ],
}

const screen = (status: StatusView, columns = 80) =>
  String(statusScreen({ present: status }, { columns, colour: false }))

test('all is well: the sentence, and a line for each part', t => {
  t.is(
    screen(FINE),
    `FINE
Delivering. 3 incidents open, nothing waiting.

endpoint   default: up; last answer 30s ago: 202 Accepted
incidents  2 CRITICAL, 1 WARNING
waiting    nothing
budget     12 of 300 requests in the last minute
kapacitor  reachable
tasks      1 alive; 1 connection, 1.3 points/s
sidecar    1.2.3, up for 3h
`,
  )
})

test('what is wrong comes first, each with what to do; what is not alive is named', t => {
  const text = screen(REFUSED)
  t.regex(text, /^CRITICAL\nTask wrong was refused: no\. And 1 more/)
  t.true(text.includes('    to do: Correct its script.\n\n  All are used | up.\n    to do: Wait.\n'))
  t.true(text.includes('waiting    1 event, the oldest for 9s\n'))
  t.true(
    text.includes(
      'tasks      1 alive, 1 refused; 1 connection, 1.3 points/s\n           wrong: refused, no \\x1b[2Jway\n',
    ),
  )
})

test('it stays within a narrow terminal, and commands none', t => {
  for (const line of screen(REFUSED, 60).split('\n')) t.true(line.length <= 60, line)
  t.false(screen(REFUSED).includes('\u001b'))
  t.true(String(statusScreen({ present: FINE }, { columns: 80, colour: true })).startsWith('\u001b[32mFINE'))
})

test('ten thousand tasks in trouble are named in part and counted whole', t => {
  const one = REFUSED.tasks[1]!
  const tasks = Array.from({ length: 10_000 }, (_, n) => ({ ...one, task: `t${n}` }))
  const lines = screen({ ...REFUSED, tasks }).split('\n')
  t.true(lines.includes('           and 9990 more'))
  t.true(lines.length < 40)
})

test('for monitoring: one line, the state as plugins call it, and figures', t => {
  t.is(
    String(pluginLine({ present: FINE })),
    'kapacitor-squadcast OK: Delivering. 3 incidents open, nothing waiting. | open=3;;;0 open_critical=2;;;0 ' +
      'open_warning=1;;;0 open_info=0;;;0 pending=0;;;0 oldest_pending=0s;;;0 requests=12;;;0;300 connections=1;;;0\n',
  )
  const [words, figures, ...more] = String(
    pluginLine({ present: { ...REFUSED, sentence: 'All are used | up,\nand more.' } }),
  ).split('|')
  t.is(words, 'kapacitor-squadcast CRITICAL: All are used / up, and more. ')
  t.true(figures!.includes('oldest_pending=9s'))
  t.deepEqual(more, [])
  t.is(String(unknownLine('no')), 'kapacitor-squadcast UNKNOWN: no\n')
})

test('without a sidecar: why, what to do, and what its store knows', t => {
  const absence: Absence = {
    ...{ code: 'not-running', severity: 'critical', text: 'No sidecar runs.', cure: 'Start it.' },
  }
  const stored = {
    ...{ byLevel: { CRITICAL: 1, WARNING: 0, INFO: 0, OK: 2 }, pending: 4 },
    ...{ oldestPendingAt: Date.parse('2026-05-28T12:00:00Z'), deadLetters: 1 },
  }
  const absent = absentView(absence, stored)
  t.is(
    String(statusScreen({ absent }, { columns: 80, colour: false })),
    `CRITICAL
No sidecar runs. In its store: 3 open, 4 waiting.
    to do: Start it.

incidents  1 CRITICAL, 2 recovering
waiting    4 events, the oldest made 2026-05-28T12:00:00.000Z
refused    1 dead letter: see \`dead-letters\`
`,
  )
  t.is(
    String(pluginLine({ absent })),
    'kapacitor-squadcast CRITICAL: No sidecar runs. In its store: 3 open, 4 waiting.\n',
  )
  t.regex(
    String(statusScreen({ absent: absentView(absence, undefined) }, { columns: 80, colour: false })),
    /cannot be read by this user/,
  )
})
