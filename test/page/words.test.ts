// What the page says: the headline, the title, the rows of its tables, and the sums of its charts.
import test from 'ava'
import type { OpenIncidentView } from '../../src/app/incidents-view.ts'
import type { EndpointView, StatusView, TaskView } from '../../src/app/status-view.ts'
import { announcementOf, headlineOf, iconOf, titleOf } from '../../src/page/headline.ts'
import { CHARTS, chartData } from '../../src/page/series.ts'
import { contributorsOf, deliveryOf, kapacitorOf, taskRows } from '../../src/page/standing.ts'
import { ago, duration, some, until } from '../../src/page/wording.ts'

const AT = '2026-05-28T12:00:00.000Z'
const LIVE = { state: 'live' } as const
const UP: EndpointView = { name: 'default', state: 'up', pending: 0, inFlight: 0 }

const STATUS: StatusView = {
  ...{
    version: '1.2.3',
    at: AT,
    startedAt: AT,
    state: 'fine',
    problems: [],
    delivering: true,
    durable: true,
  },
  sentence: 'Delivering. 3 incidents open, nothing waiting.',
  standing: '3 incidents open, nothing waiting.',
  incidents: { open: 3, byLevel: {} },
  self: { open: 0, troubles: [] },
  ...{
    pending: 0,
    deadLetters: 0,
    budget: { rate: 300, used: 1, reserved: 30 },
    endpoints: [UP],
    connections: 1,
    tasks: [],
  },
}
const PROBLEM = {
  severity: 'critical',
  code: 'endpoint-blocked',
  about: 'default',
  text: 'x',
  cure: 'y',
} as const

test('all is well: the sentence of the sidecar', t => {
  const headline = headlineOf(STATUS, LIVE, 0)
  t.deepEqual(headline, { tone: 'fine', verdict: 'Delivering.', rest: '3 incidents open, nothing waiting.' })
  t.is(titleOf(headline, 3), '✓ 3 open · Delivering · kapacitor-squadcast')
  t.is(titleOf(headline, 0), '✓ Delivering · kapacitor-squadcast')
  const idle = { ...STATUS, sentence: 'Ready, and no task of Kapacitor is connected.' }
  t.is(headlineOf(idle, LIVE, 0).verdict, 'Ready,')
})

test('something is wrong: whether it delivers, and to whom not', t => {
  const wrong: StatusView = { ...STATUS, state: 'critical', problems: [PROBLEM] }
  const verdict = (status: StatusView): string => headlineOf(status, LIVE, 0).verdict
  t.is(verdict(wrong), 'Delivering, but 1 problem may keep pages from coming.')
  t.is(verdict({ ...wrong, state: 'warning' }), 'Delivering, with 1 problem to look at.')
  const blocked: EndpointView = { ...UP, state: 'blocked' }
  t.is(verdict({ ...wrong, delivering: false, endpoints: [blocked] }), 'Not delivering.')
  const others = [UP, { ...blocked, name: 'storage' }]
  t.is(verdict({ ...wrong, delivering: false, endpoints: others }), 'Not delivering to storage.')
})

test('nobody answers: that it is so, and when it is tried again', t => {
  const { tone, verdict, rest } = headlineOf(STATUS, { state: 'away', retryAt: 5_000 }, 2_500)
  t.is(tone, 'unknown')
  t.true(`${verdict} ${rest}`.startsWith('The sidecar does not answer; trying again in 3s. '))
  t.regex(headlineOf(STATUS, { state: 'away', retryAt: 1 }, 2).rest, /^trying again now/)
  t.is(headlineOf(undefined, { state: 'connecting' }, 0).verdict, 'Connecting.')
  t.is(headlineOf(undefined, { state: 'locked' }, 0).verdict, 'The token is refused.')
})

test('the icon has another shape and colour for each state, and no character that ends an address', t => {
  const icons = (['fine', 'warning', 'critical', 'unknown'] as const).map(iconOf)
  t.is(new Set(icons).size, 4)
  for (const icon of icons) t.regex(icon, /^data:image\/svg\+xml,[\w%.~!*'()-]+$/)
})

test('what is announced has no durations', t => {
  const waiting = {
    ...STATUS,
    standing: '3 incidents open, 1 event waiting, the oldest for 5s.',
    problems: [PROBLEM],
  }
  t.is(
    announcementOf(headlineOf(waiting, LIVE, 0), waiting),
    'Delivering, with 1 problem to look at. endpoint blocked default. 3 incidents open.',
  )
  const away = headlineOf(STATUS, { state: 'away', retryAt: 5_000 }, 0)
  t.is(announcementOf(away, STATUS), 'The sidecar does not answer.')
})

const INCIDENT: OpenIncidentView = {
  ...{ id: 'cpu/a', endpoint: 'default', opening: 1, level: 'CRITICAL', state: 'open', openedAt: AT },
  tasks: [{ task: 'cpu', level: 'CRITICAL', groups: 2, told: 'CRITICAL' }],
}
const inTenSeconds = '2026-05-28T12:00:10.000Z'

test('an incident says what became of its page', t => {
  const says = (differing: Partial<OpenIncidentView>, endpoint: Partial<EndpointView> = {}): string =>
    deliveryOf({ ...INCIDENT, ...differing }, { ...STATUS, endpoints: [{ ...UP, ...endpoint }] }).text
  const waits = { pending: 1, attempts: 0, underWay: false }
  t.is(says({}), 'delivered')
  t.is(says({ state: 'muted' }), 'resolved by hand')
  t.is(says({ state: 'recovering' }), 'recovered; the resolve is held')
  t.is(says({ tasks: [{ ...INCIDENT.tasks[0]!, told: 'OK' }] }), 'nothing told yet')
  t.is(says({ delivery: { ...waits, underWay: true } }), 'being sent')
  t.is(says({ delivery: { ...waits, pending: 3 } }), 'waits for its turn, 3 wait')
  t.is(
    says({ delivery: { ...waits, attempts: 2, nextTryAt: inTenSeconds } }),
    '2 attempts failed, again in 10s',
  )
  const blocked = { state: 'blocked', nextTryAt: inTenSeconds } as const
  t.is(says({ delivery: { ...waits, attempts: 2 } }, blocked), 'default is blocked, again in 10s')
})

test('it says who contributes', t => {
  t.is(contributorsOf(INCIDENT), 'cpu (2 groups)')
  const of = (...tasks: readonly string[]): string =>
    contributorsOf({ ...INCIDENT, tasks: tasks.map(task => ({ ...INCIDENT.tasks[0]!, task, groups: 1 })) })
  t.is(of('', 'disk'), 'a post, disk')
  t.is(of('a', 'b', 'c', 'd', 'e', 'f'), 'a, b, c, d and 2 more')
  t.is(of(), 'nobody any more')
})

test('tasks in trouble come first, and the rates of their nodes are summed', t => {
  const node = { endpoint: 'default', connectedAt: AT, points: 1, pointsPerSecond: 1.5, withoutLevels: false }
  const task = (name: string, differing: Partial<TaskView> = {}): TaskView => ({
    ...{ task: name, state: 'alive', revived: 0, nodes: [], ...differing },
  })
  const rows = taskRows([
    task('b', {
      nodes: [
        { ...node, node: 'n1' },
        { ...node, node: 'n2', lastPointAt: AT },
      ],
    }),
    task('a'),
    task('gone', { state: 'gone' }),
    task('waits', { state: 'waiting' }),
    task('silent', { nodes: [{ ...node, node: 'n1', withoutLevels: true }] }),
    task('refused', { state: 'refused' }),
  ])
  t.deepEqual(
    rows.map(({ task }) => task.task),
    ['refused', 'silent', 'waits', 'a', 'b', 'gone'],
  )
  t.like(rows[4], { pointsPerSecond: 3, lastPointAt: AT, endpoints: 'default' })
})

test("it says how it stands with Kapacitor's API", t => {
  t.regex(kapacitorOf(STATUS), /^1 node connected\. Nobody looks after/)
  t.regex(kapacitorOf({ ...STATUS, kapacitor: { reachable: null } }), /not been asked/)
  t.regex(kapacitorOf({ ...STATUS, kapacitor: { reachable: true } }), /answers/)
  t.regex(kapacitorOf({ ...STATUS, kapacitor: { reachable: false } }), /does not answer: dead tasks/)
})

test('charts have minutes that end with the last step, and say what they come to', t => {
  const steps = 12
  const nothing = Array.from({ length: steps }, () => 0)
  const history = {
    everySeconds: 10,
    until: '2026-05-28T12:02:00.000Z',
    series: {
      ...{
        points: nothing.map((_, step) => step * 10),
        triggers: [1, ...nothing.slice(2), 2],
        resolves: nothing,
      },
      ...{ delivered: nothing, failed: nothing.map(() => 1), pending: nothing, openIncidents: nothing },
      oldestPendingSeconds: [0, ...nothing.slice(2), 75],
    },
  }
  const [points, events, deliveries, oldest] = CHARTS.map(spec => chartData(spec, history))
  const end = Date.parse(history.until) / 1000
  t.is(points!.x.at(-1), end)
  t.is(points!.until - points!.from, 3600)
  t.deepEqual(points!.y[0]!.slice(0, 3), [0, 1, 2])
  t.deepEqual(points!.totals, ['now 11, at most 11'])
  t.deepEqual(events!.x, [end - 90, end - 30])
  t.deepEqual(events!.y[0], [1, 2])
  t.deepEqual(events!.totals, ['3 triggers', '0 resolves'])
  t.deepEqual(deliveries!.y[1], [-6, -6], 'what failed hangs down')
  t.deepEqual(oldest!.totals, ['1m15s now, at most 1m15s'])
})

test('times are said as the sidecar says them', t => {
  t.deepEqual([0, 0.4, 59, 60, 65, 3600, 3660, 90_000, 180_000].map(duration), [
    ...['0s', '0s', '59s', '1m', '1m5s', '1h', '1h1m', '1d1h', '2d2h'],
  ])
  t.is(ago(AT, AT), 'now')
  t.is(ago(AT, inTenSeconds), '10s ago')
  t.is(until(inTenSeconds, AT), 'in 10s')
  t.is(until(AT, inTenSeconds), 'now')
  t.is(some(['a', 'b'], 2), 'a, b')
})
