// Nodes that are connected: which connection is live and which a replay, where events go, and who is told that
// nothing can be paged from a task.
import test from 'ava'
import { pino } from 'pino'
import type { EndpointRules } from '../../src/app/endpoint-policy.ts'
import { Tasks } from '../../src/app/tasks.ts'
import { Book } from '../../src/incident/book.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { Telemetry } from '../../src/telemetry/telemetry.ts'
import type { TaskLink } from '../../src/udf/task-link.ts'
import { nodeWith, point, thresholds } from '../incident/points.ts'

interface LogLine {
  readonly level: number
  readonly event: string
  readonly msg: string
  readonly [key: string]: unknown
}

const WARN = 40
const ERROR = 50
const READ_AT = 1234.5

class Stage {
  readonly log: LogLine[] = []
  readonly metrics = new Metrics()
  readonly book = new Book()
  readonly committed: Change[] = []
  readAt: number | undefined
  readonly rules = new Map<string, EndpointRules>([
    ['default', { minLevel: Level.info, retriggerOnRise: true }],
    ['storage', { minLevel: Level.warning, retriggerOnRise: false }],
  ])
  readonly tasks = new Tasks({
    book: this.book,
    clock: { monotonicMs: () => 0, wallMs: () => 0 },
    commit: async (changes, _, readAt) => {
      this.readAt = readAt
      return this.committed.push(...changes) > 0
    },
    endpointRules: name => this.rules.get(name),
    telemetry: new Telemetry(
      pino({ base: null }, { write: line => this.log.push(JSON.parse(line) as LogLine) }),
      this.metrics,
      () => 0,
    ),
  })

  start(settings: Partial<NodeSettings> = {}): TaskLink {
    return this.tasks.start(nodeWith(settings))
  }

  lines(event: string): LogLine[] {
    return this.log.filter(line => line.event === event)
  }

  withoutLevels(): string[] {
    return this.tasks
      .status()
      .filter(({ withoutLevels }) => withoutLevels)
      .map(({ task }) => task)
  }

  connections(): Promise<string> {
    return this.metrics.registry.getSingleMetricAsString('kapacitor_squadcast_connections')
  }
}

/** One point of host alpha, judged and committed as a session does it. */
async function take(link: TaskLink, level: string): Promise<string> {
  const judgement = link.judge.point(
    point({ tags: { host: 'alpha' }, dimensions: ['host'], fields: { level } }),
  )
  link.counted({ points: 1, unlevelled: judgement === 'unlevelled' ? 1 : 0 })
  if (typeof judgement === 'string') return judgement
  await link.commit([judgement], READ_AT)
  return judgement.event?.kind ?? 'no event'
}

const unlevelled = (points: number) => ({ points, unlevelled: points })

test('the first connection of a node is live: its changes are committed and its events told', async t => {
  const stage = new Stage()
  const link = stage.start()
  t.is(await take(link, 'CRITICAL'), 'trigger')
  t.is(stage.book.size, 1)
  t.is(stage.committed.length, 1)
  t.is(stage.readAt, READ_AT)
  t.like(stage.lines('node-started')[0], { task: 'cpu_alert', node: 'squadcast2', endpoint: 'default' })
  t.like(stage.lines('trigger')[0], { incident: 'cpu:host=alpha', incidentLevel: 'CRITICAL' })
})

test('a second connection of a live node is a replay: shown, and neither stored nor sent', async t => {
  const stage = new Stage()
  const live = stage.start()
  const replay = stage.start()
  t.is(await take(replay, 'CRITICAL'), 'trigger')
  t.is(await take(replay, 'OK'), 'resolve')
  t.deepEqual(stage.committed, [])
  t.is(stage.book.size, 0)
  t.like(stage.lines('replay-started')[0], { level: WARN, task: 'cpu_alert' })
  t.deepEqual(
    stage.lines('replayed').map(({ msg }) => msg),
    ['replay, not sent: trigger cpu:host=alpha CRITICAL', 'replay, not sent: resolve cpu:host=alpha OK'],
  )
  t.is(await take(live, 'WARNING'), 'trigger')
  t.is(stage.committed.length, 1)
})

test('a replay starts from nothing, whatever is open', async t => {
  const stage = new Stage()
  await take(stage.start(), 'CRITICAL')
  const replay = stage.start()
  t.is(await take(replay, 'OK'), 'unchanged')
  t.is(await take(replay, 'CRITICAL'), 'trigger')
  t.is(stage.book.size, 1)
})

test('what a replay made is not counted as an event', async t => {
  const stage = new Stage()
  const live = stage.start()
  await take(stage.start(), 'CRITICAL')
  t.is(stage.tasks.eventsMade, 0)
  t.false(
    (await stage.metrics.registry.metrics()).includes('events_total{kind="trigger",level="CRITICAL"} 1'),
  )
  await take(live, 'CRITICAL')
  await take(live, 'CRITICAL')
  t.is(stage.tasks.eventsMade, 1)
})

test('other nodes of the task and other tasks are no replays', t => {
  const stage = new Stage()
  stage.start()
  stage.start({ node: 'squadcast5' })
  stage.start({ task: 'memory_alert' })
  t.is(stage.lines('node-started').length, 3)
  t.deepEqual(stage.lines('replay-started'), [])
})

test('once the live connection has ended, the next one is live, and knows what is open', async t => {
  const stage = new Stage()
  const first = stage.start()
  await take(first, 'CRITICAL')
  first.ended('closed')
  const second = stage.start()
  t.is(await take(second, 'OK'), 'resolve')
  t.is(stage.committed.length, 2)
})

test('the end of a replay leaves the live connection live', t => {
  const stage = new Stage()
  stage.start()
  stage.start().ended('closed')
  stage.start()
  t.is(stage.lines('replay-started').length, 2)
})

test('a replay stays one when the live connection ends, and does not stand in for it', async t => {
  const stage = new Stage()
  const live = stage.start()
  const replay = stage.start()
  live.ended('closed')
  t.is(await take(replay, 'CRITICAL'), 'trigger')
  t.deepEqual(stage.committed, [])
  const next = stage.start()
  replay.ended('closed')
  await take(next, 'CRITICAL')
  t.is(stage.committed.length, 1)
  stage.start()
  t.is(stage.lines('replay-started').length, 2)
})

test('connections are counted as they come and go', async t => {
  const stage = new Stage()
  const link = stage.start()
  stage.start()
  t.regex(await stage.connections(), /connections\{task="cpu_alert"\} 2/)
  link.ended('reset')
  t.regex(await stage.connections(), /connections\{task="cpu_alert"\} 1/)
  t.like(stage.lines('node-ended')[0], { how: 'reset' })
})

test("a configured endpoint's rules hold", async t => {
  const stage = new Stage()
  const link = stage.start({ endpoint: 'storage' })
  t.is(await take(link, 'INFO'), 'unchanged')
  t.is(await take(link, 'WARNING'), 'trigger')
  t.is(await take(link, 'CRITICAL'), 'no event')
  t.true(stage.committed.every(({ endpoint }) => endpoint === 'storage'))
  t.deepEqual(stage.lines('unknown-endpoint'), [])
})

test('an endpoint that is not configured: its events go to default, by the rules of default, and loudly', async t => {
  const stage = new Stage()
  stage.rules.set('default', { minLevel: Level.critical, retriggerOnRise: true })
  const link = stage.start({ endpoint: 'nobody' })
  t.like(stage.lines('unknown-endpoint')[0], { level: ERROR, task: 'cpu_alert', endpoint: 'nobody' })
  t.is(stage.lines('node-started')[0]?.endpoint, 'default')
  t.is(await take(link, 'WARNING'), 'unchanged')
  t.is(await take(link, 'CRITICAL'), 'trigger')
  t.is(stage.committed[0]?.endpoint, 'default')
})

test('with no endpoint of either name events are kept for default all the same', async t => {
  const stage = new Stage()
  stage.rules.clear()
  t.is(await take(stage.start({ endpoint: 'nobody' }), 'INFO'), 'trigger')
  t.is(stage.committed[0]?.endpoint, 'default')
})

test('a change of the rules holds from the next point on', async t => {
  const stage = new Stage()
  const link = stage.start()
  stage.rules.set('default', { minLevel: Level.critical, retriggerOnRise: true })
  t.is(await take(link, 'WARNING'), 'unchanged')
})

test('a task that sends only points without levels is warned about once, with the line it lacks', t => {
  const stage = new Stage()
  const link = stage.start()
  t.deepEqual(stage.lines('without-levels'), [])
  for (let chunk = 0; chunk < 3; chunk++) link.counted(unlevelled(10))
  const [line, ...more] = stage.lines('without-levels')
  t.deepEqual(more, [])
  t.like(line, { level: WARN, task: 'cpu_alert', points: 10 })
  t.true(line?.msg.includes(".levelField('level')"))
  t.deepEqual(stage.withoutLevels(), ['cpu_alert'])
})

test('it is reminded of it, as long as it sends nothing else', async t => {
  const stage = new Stage()
  const link = stage.start()
  link.counted(unlevelled(10))
  link.counted(unlevelled(5))
  stage.tasks.remindOfMissingLevels()
  t.deepEqual(
    stage.lines('without-levels').map(({ points }) => points),
    [10, 15],
  )
  await take(link, 'OK')
  stage.tasks.remindOfMissingLevels()
  t.is(stage.lines('without-levels').length, 2)
  t.deepEqual(stage.withoutLevels(), [])
})

test('a task that sent a level once may send any number of points without', t => {
  const stage = new Stage()
  const link = stage.start()
  link.counted({ points: 10, unlevelled: 9 })
  link.counted(unlevelled(1_000))
  stage.tasks.remindOfMissingLevels()
  t.deepEqual(stage.lines('without-levels'), [])
})

test('a task that is silent, or has left, is not reminded', t => {
  const stage = new Stage()
  stage.start({ task: 'silent' })
  const gone = stage.start({ task: 'gone' })
  gone.counted(unlevelled(1))
  gone.ended('closed')
  const before = stage.lines('without-levels').length
  stage.tasks.remindOfMissingLevels()
  t.is(stage.lines('without-levels').length, before)
  t.deepEqual(stage.withoutLevels(), [])
})

test('where the node has conditions, the cure is another', t => {
  const stage = new Stage()
  stage.start({ thresholds: thresholds({ crit: '"usge" > 90' }) }).counted(unlevelled(1))
  const text = stage.lines('without-levels')[0]?.msg ?? ''
  t.true(text.includes('no condition of the node could be evaluated'))
  t.false(text.includes('levelField'))
})

test('points are counted by task, and those without levels apart', async t => {
  const stage = new Stage()
  stage.start().counted({ points: 7, unlevelled: 3 })
  const metrics = await stage.metrics.registry.metrics()
  t.true(metrics.includes('kapacitor_squadcast_points_total{task="cpu_alert"} 7'))
  t.true(metrics.includes('kapacitor_squadcast_unlevelled_points_total{task="cpu_alert"} 3'))
})

test('what is played for a task that is live at any node of its own is history; for another task it is news', async t => {
  const stage = new Stage()
  stage.start({ task: 'cpu', node: 'squadcast2' })
  const history = stage.start({ task: 'cpu', node: 'replay' })
  t.is(history.isReplay, true)
  t.is(await take(history, 'CRITICAL'), 'trigger')
  t.deepEqual(stage.committed, [])
  t.like(stage.lines('replay-started'), [{ task: 'cpu', node: 'replay' }])

  const news = stage.start({ task: 'staging', node: 'replay' })
  t.is(news.isReplay, false)
  await take(news, 'CRITICAL')
  t.is(stage.committed.length, 1)
})

test('what is played for a task that Kapacitor has is history, and the log says why', t => {
  const stage = new Stage()
  t.is(stage.tasks.start(nodeWith({ task: 'cpu', node: 'replay' }), true).isReplay, true)
  t.regex(stage.lines('replay-started')[0]!.msg, /one that Kapacitor has.*nothing of it is sent/)
})

test('an open incident whose points cannot be evaluated is warned about, and is in the status until they can', async t => {
  const stage = new Stage()
  const link = stage.start({ thresholds: thresholds({ crit: '"used" > 95 OR "inodes" > 95' }) })
  const send = async (fields: Record<string, number>, host = 'a'): Promise<void> => {
    const judgement = link.judge.point(point({ dimensions: ['host'], tags: { host }, fields }))
    if (typeof judgement === 'object') await link.commit([judgement], READ_AT)
  }
  const stuck = () => stage.tasks.status()[0]!.stuck
  await send({ used: 97 })
  await send({ used: 40 })
  t.is(stuck(), undefined, 'one point may lack it')
  await send({ used: 40 })
  t.like(stuck(), { incidents: 1, incident: 'cpu_alert:cpu:host=a', why: 'have no "inodes"' })
  t.regex(stuck()!.fix, /\.crit\('\.\.\.'\) of its own/)
  const [line] = stage.lines('incident-stuck')
  t.like(line, { level: WARN, task: 'cpu_alert', incident: 'cpu_alert:cpu:host=a' })
  t.regex(line!.msg, /is open and cannot end: its points have no "inodes"$/)
  for (let n = 0; n < 3; n++) await send({ used: n === 0 ? 99 : 40 }, 'b')
  t.is(stuck()?.incidents, 2)
  t.is(stage.lines('incident-stuck').length, 1, 'once an hour')
  await send({ used: 40, inodes: 3 })
  t.is(stuck()?.incident, 'cpu_alert:cpu:host=b')
  await send({ used: 40, inodes: 3 }, 'b')
  t.is(stuck(), undefined)
})
