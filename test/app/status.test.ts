// The status: what is wrong, in which order, with what to do, and the sentence on top.
import test from 'ava'
import type { KapacitorStatus } from '../../src/app/kapacitor-watch.ts'
import { type NodeStatus, type StatusSources, statusView } from '../../src/app/status.ts'
import type { ProblemCode } from '../../src/app/status-view.ts'
import type { EndpointStatus } from '../../src/delivery/status.ts'
import type { Advice } from '../../src/kapacitor/advice.ts'
import type { TaskState } from '../../src/kapacitor/task-status.ts'

const NOW = Date.parse('2026-05-28T12:00:00Z')

const UP: EndpointStatus = { name: 'default', state: 'up', pending: 0, inFlight: 0 }
const BUDGET = { rate: 300, used: 0, reserved: 30 }
const NODE: NodeStatus = {
  ...{ task: 'cpu', node: 'squadcast2', endpoint: 'default', connectedAt: NOW - 60_000 },
  ...{ points: 10, pointsPerSecond: 0.12345, lastPointAt: NOW, withoutLevels: false },
}
const ANSWER = {
  verdict: { kind: 'blocked' },
  received: 'no',
  status: 404,
  text: '404: no such source',
  latencyMs: 9,
} as const

const STORE = { isDurable: true, deadLetters: 0 }
const QUIET: StatusSources['watch'] = {
  self: { endpoint: 'default', open: 0, troubles: [] },
  fallback: undefined,
  heartbeat: undefined,
}
const FAILED = { at: NOW, outcome: 'failed', count: 1, reason: 'left with 1' } as const

const status = (differing: Partial<StatusSources> = {}) =>
  statusView({
    ...{ version: '1.2.3', now: NOW, startedAt: NOW - 3_600_000, store: STORE, nodes: [NODE] },
    delivery: { endpoints: [UP], budget: BUDGET },
    openByLevel: { CRITICAL: 2, WARNING: 1, INFO: 0, OK: 0 },
    ...{ kapacitor: undefined, watch: QUIET, configurationProblems: [], ...differing },
  })

const dangerous = (severity: Advice['severity'], state: TaskState = 'alive'): KapacitorStatus => ({
  ...{ isReachable: true, tasks: [{ task: 'cpu', state, revived: 0 }] },
  dangers: new Map([
    [
      'cpu',
      { code: 'null-field', severity, line: 16, says: '|join() fills with null', fix: 'give it a value' },
    ],
  ]),
})

const withEndpoint = (endpoint: Partial<EndpointStatus>) =>
  status({ delivery: { endpoints: [{ ...UP, ...endpoint }], budget: BUDGET } })

test('all is well: one sentence, no problem', t => {
  const { sentence, state, problems, delivering, incidents } = status()
  t.is(sentence, 'Delivering. 3 incidents open, nothing waiting.')
  t.is(state, 'fine')
  t.deepEqual(problems, [])
  t.true(delivering)
  t.is(incidents.open, 3)
})

test('what waits is counted, with its age', t => {
  const { sentence, oldestPendingAt, pending } = withEndpoint({ pending: 1, oldestCreatedAt: NOW - 65_000 })
  t.is(sentence, 'Delivering. 3 incidents open, 1 event waiting, the oldest for 1m5s.')
  t.is(pending, 1)
  t.is(oldestPendingAt, '2026-05-28T11:58:55.000Z')
})

test('a task whose script ends Kapacitor is named, with the line and the fix, unless it is disabled', t => {
  const { problems, tasks } = status({ kapacitor: dangerous('problem') })
  t.is(problems[0]?.text, 'Task cpu can end Kapacitor: in line 16 of its script |join() fills with null.')
  t.is(problems[0]?.cure, 'Give it a value.')
  t.like(tasks[0], { endsKapacitor: { line: 16, certain: true } })
  t.deepEqual(status({ kapacitor: dangerous('problem', 'disabled') }).problems, [])
})

test('a sidecar that nobody uses yet says so', t => {
  t.is(status({ nodes: [], openByLevel: {} }).sentence, 'Ready, and no task of Kapacitor is connected.')
})

const codes = (view: ReturnType<typeof status>): ProblemCode[] => view.problems.map(({ code }) => code)

test('an endpoint that is blocked is what the sentence tells, with the answer', t => {
  const view = withEndpoint({
    state: 'blocked',
    pending: 4,
    oldestCreatedAt: NOW,
    lastAnswer: { at: NOW, answer: ANSWER },
  })
  t.deepEqual(codes(view), ['endpoint-blocked'])
  t.true(
    view.sentence.startsWith('Endpoint default is blocked: 404: no such source. 3 incidents open, 4 events'),
  )
  t.is(view.state, 'critical')
  t.false(view.delivering)
  t.deepEqual(view.endpoints[0]!.lastAnswer, {
    ...{ at: '2026-05-28T12:00:00.000Z', verdict: 'blocked', status: 404, text: '404: no such source' },
  })
})

test('of a refusal the sentence has the first line; below it stands the place in the script', t => {
  const why = `.crit(): found the word "crit"\n  "usage" > crit\n            ^`
  const task = { task: 'wrong', state: 'refused', why, revived: 0 } as const
  const { problems } = status({ kapacitor: { isReachable: true, tasks: [task] } })
  t.is(problems[0]?.text, 'Task wrong was refused: .crit(): found the word "crit".')
})

test('every problem has its code, its severity and what to do', t => {
  const task = { state: 'alive', revived: 0 } as const
  const refused = { task: 'wrong', state: 'refused', why: '.crit(): no', revived: 0 } as const
  const cases: readonly (readonly [ProblemCode, 'warning' | 'critical', Partial<StatusSources>])[] = [
    [
      'endpoint-failing',
      'critical',
      { delivery: { endpoints: [{ ...UP, state: 'failing' }], budget: BUDGET } },
    ],
    [
      'endpoint-removed',
      'critical',
      { delivery: { endpoints: [{ ...UP, state: 'removed', pending: 1 }], budget: BUDGET } },
    ],
    ['not-durable', 'critical', { store: { ...STORE, isDurable: false } }],
    ['dead-letters', 'warning', { store: { ...STORE, deadLetters: 2 } }],
    ['task-refused', 'critical', { kapacitor: { isReachable: true, tasks: [refused] } }],
    ['task-without-levels', 'critical', { nodes: [{ ...NODE, withoutLevels: true }] }],
    ['task-ends-kapacitor', 'critical', { kapacitor: dangerous('problem') }],
    ['task-ends-kapacitor', 'warning', { kapacitor: dangerous('warning') }],
    [
      'incident-stuck',
      'warning',
      { nodes: [{ ...NODE, stuck: { incidents: 2, incident: 'a', why: 'have no "b"', fix: 'fill it' } }] },
    ],
    [
      'task-waiting',
      'warning',
      { kapacitor: { isReachable: true, tasks: [{ ...task, task: 'x', state: 'waiting' }] } },
    ],
    [
      'kapacitor-unreachable',
      'warning',
      { kapacitor: { isReachable: false, problem: 'refused', tasks: [] } },
    ],
    [
      'fallback-failing',
      'critical',
      { watch: { ...QUIET, fallback: { way: 'command', afterMs: 300_000, untold: 2, last: FAILED } } },
    ],
    ['heartbeat-failing', 'warning', { watch: { ...QUIET, heartbeat: 'failing' } }],
    ['last-good-configuration', 'warning', { configurationProblems: ['line 3: no such key'] }],
    [
      'budget-used-up',
      'warning',
      { delivery: { endpoints: [{ ...UP, pending: 3 }], budget: { ...BUDGET, used: 300 } } },
    ],
  ]
  for (const [code, severity, differing] of cases) {
    const view = status(differing)
    t.deepEqual(codes(view), [code])
    t.is(view.problems[0]!.severity, severity, code)
    t.is(view.state, severity, code)
    t.regex(view.problems[0]!.text, /^[A-Z0-9].*\.$/, code)
    t.regex(view.problems[0]!.cure, /^[A-Z].*\.$/, code)
    t.true(view.sentence.startsWith(view.problems[0]!.text), code)
  }
})

test('what is critical comes first, and the sentence counts the rest', t => {
  const view = status({
    store: { ...STORE, isDurable: false },
    kapacitor: { isReachable: false, tasks: [] },
    configurationProblems: ['line 3'],
  })
  t.deepEqual(codes(view), ['not-durable', 'kapacitor-unreachable', 'last-good-configuration'])
  t.true(view.sentence.includes('And 2 more problems.'))
})

test('a thousand tasks in the same trouble are named in part and counted whole', t => {
  const nodes = Array.from({ length: 1000 }, (_, n) => ({ ...NODE, task: `t${n}`, withoutLevels: true }))
  const { problems, tasks } = status({ nodes })
  t.is(problems.length, 21)
  t.is(problems.at(-1)!.text, 'The same holds for 980 tasks more.')
  t.is(tasks.length, 1000)
})

test('a task has the nodes that are connected; one that Kapacitor does not list is there all the same', t => {
  const { tasks, connections } = status({
    nodes: [NODE, { ...NODE, node: 'squadcast4' }, { ...NODE, task: 'only-here' }],
    kapacitor: { isReachable: true, tasks: [{ task: 'cpu', state: 'alive', revived: 2 }] },
  })
  t.is(connections, 3)
  t.like(tasks[0], { task: 'cpu', revived: 2 })
  t.deepEqual(
    tasks[0]!.nodes.map(({ node, pointsPerSecond }) => [node, pointsPerSecond]),
    [
      ['squadcast2', 0.1],
      ['squadcast4', 0.1],
    ],
  )
  t.like(tasks[1], { task: 'only-here', state: 'alive' })
})

test('incidents about itself, the fallback and the heartbeat are told', t => {
  const trouble = { cause: 'endpoint', name: 'default', isTold: true, text: 'endpoint default is blocked' }
  const { self, fallback, heartbeat } = status({
    watch: {
      self: { endpoint: 'other', open: 1, troubles: [trouble] },
      fallback: { way: 'url', afterMs: 300_000, untold: 0, last: { at: NOW, outcome: 'told', count: 3 } },
      heartbeat: 'silent',
    },
  })
  t.deepEqual(self, {
    ...{ endpoint: 'other', open: 1 },
    troubles: [{ cause: 'endpoint', name: 'default', told: true, text: 'endpoint default is blocked' }],
  })
  t.deepEqual(fallback, {
    ...{ way: 'url', afterSeconds: 300, untold: 0 },
    last: { at: '2026-05-28T12:00:00.000Z', outcome: 'told', incidents: 3 },
  })
  t.is(heartbeat, 'silent')
})
