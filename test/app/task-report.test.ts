// Tasks as they are reported: what Kapacitor lists, what the sidecar sees, and what the script will do, put together.
import test from 'ava'
import { adviceSetting } from '../../src/app/scripts.ts'
import type { NodeView, StatusView, TaskView } from '../../src/app/status-view.ts'
import { STANDING_CODES } from '../../src/app/task-findings.ts'
import { type TaskReport, taskReports } from '../../src/app/task-report.ts'
import type { TaskAnswer } from '../../src/kapacitor/answers.ts'

const AT = '2026-05-28T12:00:00.000Z'
const FROM = "stream|from().measurement('cpu').groupBy('host')"
const NODE_SCRIPT = `${FROM}@squadcast().crit('"usage" > 90')`
const ALERT_SCRIPT = `${FROM}|alert().crit(lambda: "usage" > 90)@squadcast()`

const setting = adviceSetting({ functions: ['squadcast', 'squadcastBatch'], endpoints: ['default'] })

const listed = (id: string, script = NODE_SCRIPT, more: Partial<TaskAnswer> = {}): TaskAnswer => ({
  ...{ id, script, status: 'enabled', executing: true, error: '', lastEnabled: AT, modified: AT },
  ...more,
})
const NODE: NodeView = {
  ...{ node: 'squadcast2', endpoint: 'default', connectedAt: '2026-05-28T11:00:00.000Z', points: 5 },
  ...{ pointsPerSecond: 0.5, lastPointAt: AT, withoutLevels: false },
}
const seen = (task: string, more: Partial<TaskView> = {}): TaskView => ({
  ...{ task, state: 'alive', revived: 0, nodes: [NODE] },
  ...more,
})
const sidecar = (...tasks: TaskView[]) => ({ at: AT, tasks }) as unknown as StatusView

const codes = ({ findings }: TaskReport): string[] =>
  findings.map(({ severity, code }) => `${severity} ${code}`)
/** The report of one task `cpu`. */
function report(task: TaskAnswer | undefined, view: TaskView | undefined, isListKnown = true): TaskReport {
  const found = taskReports({
    listed: isListKnown ? (task ? [task] : []) : undefined,
    sidecar: sidecar(...(view ? [view] : [])),
    setting,
  })
  return found[0]!
}

test('a task that is alive, with a script that is right, has nothing to say', t => {
  const { task, state, uses, nodes, findings, needsSomebody } = report(listed('cpu'), seen('cpu'))
  t.deepEqual([task, state, uses, findings, needsSomebody], ['cpu', 'alive', 1, [], false])
  t.is(nodes[0]!.pointsPerSecond, 0.5)
})

const STUCK = { incidents: 1, incident: 'a', why: 'have no "b"', fix: 'fill it' }

test('each way to stand has its finding, with what to do', t => {
  const error = listed('cpu', NODE_SCRIPT, { executing: false, error: 'out of memory' })
  const disabled = listed('cpu', NODE_SCRIPT, { status: 'disabled' })
  const silent = { ...NODE, points: 0 }
  const cases: readonly [string, TaskReport][] = [
    ['problem refused', report(listed('cpu'), seen('cpu', { state: 'refused', why: 'no', nodes: [] }))],
    [
      'problem without-levels',
      report(listed('cpu'), seen('cpu', { nodes: [{ ...NODE, withoutLevels: true }] })),
    ],
    ['problem task-error', report(error, seen('cpu'))],
    [
      'warning not-connected',
      report(listed('cpu'), seen('cpu', { state: 'waiting', why: 'it rests', nodes: [] })),
    ],
    ['warning incident-stuck', report(listed('cpu'), seen('cpu', { nodes: [{ ...NODE, stuck: STUCK }] }))],
    ['warning revived-often', report(listed('cpu'), seen('cpu', { revived: 3 }))],
    ['warning not-listed', report(undefined, seen('cpu'))],
    ['warning not-seen', report(listed('cpu'), undefined)],
    ['note disabled', report(disabled, seen('cpu', { state: 'disabled', nodes: [] }))],
    ['note gone', report(undefined, seen('cpu', { state: 'gone', nodes: [] }))],
    ['note no-points', report(listed('cpu'), seen('cpu', { nodes: [silent] }))],
  ]
  for (const [code, one] of cases) {
    t.deepEqual(codes(one), [code])
    t.is(one.needsSomebody, !code.startsWith('note'), code)
    if (!code.endsWith('gone')) t.truthy(one.findings[0]!.fix, code)
  }
  t.deepEqual(cases.map(([code]) => code.split(' ')[1]).sort(), [...STANDING_CODES].sort())
})

test('what the script explains is said once, with its line', t => {
  const silent = report(
    listed('cpu', ALERT_SCRIPT),
    seen('cpu', { nodes: [{ ...NODE, withoutLevels: true }] }),
  )
  t.deepEqual(codes(silent), ['problem no-level', 'warning no-topic'])
  t.regex(silent.findings[0]!.fix!, /\.levelField\('level'\)/)
  const wrong = listed('cpu', `${FROM}\n@squadcast().crit('usage >')`)
  const refused = report(wrong, seen('cpu', { state: 'refused', why: '.crit(): no', nodes: [] }))
  t.deepEqual(codes(refused), ['problem refused'])
  t.is(refused.findings[0]!.line, 2)
})

test('whether points carry a level is not guessed at where points have shown it', t => {
  const bare = listed('cpu', `${FROM}@squadcast()`)
  t.deepEqual(codes(report(bare, seen('cpu', { nodes: [{ ...NODE, connectedAt: AT, points: 0 }] }))), [
    'warning level-unknown',
  ])
  t.deepEqual(codes(report(bare, seen('cpu'))), [])
})

test('tasks whose incidents have the same ids are told of each other, unless one is disabled', t => {
  const same = `${FROM}@squadcast().id('up').crit('"usage" > 90')`
  const reports = (status: TaskAnswer['status']) =>
    taskReports({
      listed: [listed('b', same), listed('a', same, { status }), listed('c')],
      sidecar: sidecar(seen('a'), seen('b'), seen('c')),
      setting,
    })
  const [a, b, c] = reports('enabled')
  t.deepEqual([a!, b!, c!].map(codes), [['warning same-ids'], ['warning same-ids'], []])
  t.regex(a!.findings[0]!.says, /as those of b:/)
  t.deepEqual(reports('disabled').map(codes), [['note disabled'], [], []])
})

test('findings of a task that somebody disabled are there, and wait for nobody', t => {
  const one = report(listed('cpu', ALERT_SCRIPT, { status: 'disabled' }), undefined)
  t.deepEqual(codes(one), ['problem no-level', 'warning no-topic', 'note disabled'])
  t.false(one.needsSomebody)
})

test('without a sidecar the state is unknown, without Kapacitor the script is; what uses nothing of ours is unused', t => {
  const [alone, other] = taskReports({
    listed: [listed('cpu', ALERT_SCRIPT), listed('other', 'stream|from()|log()')],
    setting,
  })
  t.like(alone, { state: 'unknown', uses: 1, nodes: [] })
  t.deepEqual(codes(alone!), ['problem no-level', 'warning no-topic'])
  t.like(other, { state: 'unused', uses: 0, needsSomebody: false })
  const unlisted = report(undefined, seen('cpu'), false)
  t.deepEqual([unlisted.state, unlisted.uses, codes(unlisted)], ['alive', undefined, []])
})
