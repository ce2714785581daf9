// Posts of an id as a contributor: what they tell, what they don't, and beside the nodes of tasks.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import { MAX_EVENT_BYTES } from '../../src/incident/bounded-event.ts'
import { encodeEvent, type IncidentEvent } from '../../src/incident/event.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import type { EndpointPolicy } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { judgePost, type PostedAlert, type PostJudgement } from '../../src/incident/posts.ts'
import { FoldedChanges } from './folded-changes.ts'
import { nodeWith, point, seconds, thresholds } from './points.ts'

const alert = (level: Level, changes: Partial<PostedAlert> = {}): PostedAlert => ({
  id: 'a',
  level,
  time: 0n,
  recoverable: true,
  series: [],
  ...changes,
})

class Stage {
  book = new Book()
  readonly stored = new FoldedChanges()
  policy: EndpointPolicy = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }

  post(level: Level, changes: Partial<PostedAlert> = {}): PostJudgement {
    const judged = judgePost(alert(level, changes), { book: this.book, policy: this.policy, at: 0 })
    for (const { changes } of judged.changes) this.stored.take(changes)
    return judged
  }

  restart(): void {
    this.book = new Book(structuredClone(this.stored.stored()), this.stored.lastOpening)
  }

  /** A node with thresholds whose incidents have the host as their id. */
  node(settings: Partial<NodeSettings> = {}): (host: string, usage: number) => IncidentEvent | undefined {
    const node = nodeWith({ thresholds: thresholds({ crit: '"usage" > 90' }), ...settings })
    const judge = new NodeJudge(
      { ...node, id: { render: ({ scope }) => scope.tag('host') ?? '' } as NonNullable<NodeSettings['id']> },
      this.book,
      () => this.policy,
      () => 0,
    )
    return (host, usage) => {
      const judgement = judge.point(point({ tags: { host }, dimensions: ['host'], fields: { usage } }))
      if (typeof judgement === 'string') return undefined
      this.stored.take(judgement.changes)
      return judgement.event
    }
  }
}

const eventOf = ({ changes }: PostJudgement): IncidentEvent | undefined => changes.at(-1)?.event

const notified = ({ changes }: PostJudgement): string[] =>
  changes
    .flatMap(({ event }) => event ?? [])
    .map(({ kind, level, previousLevel }) => `${kind} ${level} from ${previousLevel}`)

const told = (judgement: PostJudgement): string | undefined => notified(judgement).at(-1)

test('posts of an id are one contributor: each rise is told once, repeats and falls are not, OK resolves', t => {
  const stage = new Stage()
  const { ok, info, warning, critical } = Level
  const levels = [ok, info, info, critical, warning, critical, ok, ok, warning]
  t.deepEqual(
    levels.map(level => told(stage.post(level))),
    [
      undefined,
      'trigger INFO from OK',
      undefined,
      'trigger CRITICAL from INFO',
      undefined,
      undefined,
      'resolve OK from CRITICAL',
      undefined,
      'trigger WARNING from OK',
    ],
  )
})

test('what tells nothing says why', t => {
  const stage = new Stage()
  const why = (level: Level): string | undefined => stage.post(level).why
  t.is(why(Level.ok), 'OK, and no post of this id was open')
  t.is(why(Level.critical), undefined)
  t.is(why(Level.critical), 'CRITICAL, as the last post of this id')
  t.regex(why(Level.warning)!, /^WARNING is noted; it is not above what was told/)
  stage.node()('a', 99)
  t.is(why(Level.ok), 'OK is noted; a task still holds the incident open')
  stage.policy = { ...stage.policy, minLevel: Level.critical }
  t.is(
    why(Level.warning),
    "WARNING counts as OK (the endpoint's min-level is CRITICAL), and no post of this id was open",
  )
})

test('a change that tells nothing is a change of state all the same', t => {
  const stage = new Stage()
  stage.post(Level.critical)
  t.is(stage.post(Level.warning).changes.length, 1)
  t.deepEqual(stage.post(Level.warning).changes, [])
})

test('closed after it was resolved by hand, it says so and tells nothing', t => {
  const stage = new Stage()
  stage.post(Level.critical)
  stage.book.mute('default', 'a')
  const { why, changes } = stage.post(Level.ok)
  t.regex(why!, /resolved by hand/)
  t.is(changes.at(-1)?.event, undefined)
  t.is(stage.book.size, 0)
})

test('what the endpoint says about levels and rises holds for posts', t => {
  const stage = new Stage()
  stage.policy = { endpoint: 'ops', minLevel: Level.warning, retriggerOnRise: false }
  t.deepEqual(
    [Level.info, Level.warning, Level.critical, Level.info].map(level => told(stage.post(level))),
    [undefined, 'trigger WARNING from OK', undefined, 'resolve OK from CRITICAL'],
  )
})

test('an OK of a node clears what was posted of the id, though the node never had it open', t => {
  const stage = new Stage()
  const node = stage.node()
  stage.post(Level.warning)
  t.is(node('b', 10), undefined)
  const resolve = node('a', 10)
  t.is(resolve?.kind, 'resolve')
  t.is(resolve?.previousLevel, 'WARNING')
  t.is(resolve?.task, 'cpu_alert')
  t.is(stage.book.size, 0)
  t.deepEqual(stage.stored.stored(), [])
})

test('it does so after a restart too', t => {
  const stage = new Stage()
  stage.post(Level.critical)
  stage.restart()
  t.is(stage.node()('a', 10)?.kind, 'resolve')
  t.deepEqual(stage.stored.stored(), [])
})

test('fed by posts and by a node it is one incident: one resolve, once both have recovered', t => {
  const stage = new Stage()
  const node = stage.node()
  t.is(told(stage.post(Level.warning)), 'trigger WARNING from OK')
  t.is(node('a', 99)?.kind, 'trigger')
  t.is(stage.book.size, 1)
  t.is(told(stage.post(Level.ok)), undefined)
  t.is(node('a', 10)?.kind, 'resolve')
  t.is(told(stage.post(Level.ok)), undefined)
})

test('an OK of one node clears posts, and leaves the incident to another that holds it', t => {
  const stage = new Stage()
  const one = stage.node()
  const other = stage.node({ task: 'other' })
  stage.post(Level.critical)
  other('a', 99)
  t.is(one('a', 10), undefined)
  t.deepEqual(
    stage.stored.stored().flatMap(({ contributors }) => contributors.map(({ task }) => task)),
    ['other'],
  )
  t.is(other('a', 10)?.kind, 'resolve')
})

test('once no post is open, an OK of a node that has nothing open is passed by as before', t => {
  const stage = new Stage()
  t.false(stage.book.canRecover('cpu_alert', 'squadcast2'))
  stage.post(Level.critical)
  t.true(stage.book.canRecover('cpu_alert', 'squadcast2'))
  stage.post(Level.critical, { id: 'b' })
  stage.post(Level.ok)
  t.true(stage.book.canRecover('cpu_alert', 'squadcast2'))
  stage.post(Level.ok, { id: 'b' })
  t.false(stage.book.canRecover('cpu_alert', 'squadcast2'))
})

test('the event carries what was posted, and what was not is made up for', t => {
  const stage = new Stage()
  const series = [
    {
      ...{ name: 'cpu', tags: { host: 'a', region: 'eu' } },
      ...{ columns: ['time', 'jiffies'], values: [['2026-05-28T20:26:55Z', 9_007_199_254_740_993n]] },
    },
  ]
  const full = alert(Level.critical, {
    ...{ message: 'hot', details: 'run', time: seconds(5), duration: 7n, recoverable: false, series },
  })
  t.deepEqual(eventOf(stage.post(Level.critical, full)), {
    ...{ kind: 'trigger', incident: 'a', level: 'CRITICAL', previousLevel: 'OK' },
    ...{ message: 'hot', details: 'run', time: seconds(5), duration: 7n, recoverable: false },
    ...{ task: '', node: 'post', group: 'host=a,region=eu', groupTags: { host: 'a', region: 'eu' }, series },
  })
  t.deepEqual(eventOf(stage.post(Level.ok, { time: seconds(8) })), {
    ...{ kind: 'resolve', incident: 'a', level: 'OK', previousLevel: 'CRITICAL', message: 'a is OK' },
    ...{ time: seconds(8), duration: seconds(3), recoverable: true },
    ...{ task: '', node: 'post', group: 'nil', groupTags: {}, series: [] },
  })
})

test('the event of a large alert is kept small, and says what was left out', t => {
  const values = Array.from({ length: 20_000 }, (_, row) => [String(row), 'x'.repeat(30)])
  const series = [{ name: 'cpu', tags: {}, columns: ['time', 'note'], values }]
  const event = eventOf(new Stage().post(Level.critical, { series }))!
  t.true(Buffer.byteLength(encodeEvent(event)) <= MAX_EVENT_BYTES)
  t.regex(event.cut!, /oldest rows/)
})

/** As Kapacitor posts it: the time of the alert, and how long the occurrence has lasted by then. Seconds. */
const at = (time: number, lasted: number, more: Partial<PostedAlert> = {}): Partial<PostedAlert> => ({
  time: seconds(time),
  duration: seconds(lasted),
  previousLevel: Level.critical,
  ...more,
})
const series = (host: string): PostedAlert['series'] => [
  { name: 'cpu', tags: { host }, columns: ['time'], values: [] },
]

test('a new occurrence is notified although the OK of the last never came: withheld by .noRecoveries()', t => {
  const stage = new Stage()
  const never = { recoverable: false }
  t.deepEqual(notified(stage.post(Level.critical, at(0, 0, { ...never, previousLevel: Level.ok }))), [
    'trigger CRITICAL from OK',
  ])
  t.deepEqual(notified(stage.post(Level.critical, at(10, 10, never))), [])
  t.deepEqual(notified(stage.post(Level.critical, at(120, 0, never))), ['trigger CRITICAL from CRITICAL'])
  t.deepEqual(notified(stage.post(Level.critical, at(130, 10, never))), [])
  t.is(stage.book.size, 1, 'no recovery is sent, so it is the same incident')
  t.deepEqual(notified(stage.post(Level.ok, at(140, 0, never))), ['resolve OK from CRITICAL'])
})

test('where Kapacitor knows that the last one recovered, its resolve goes ahead of the new trigger', t => {
  const stage = new Stage()
  stage.post(Level.critical, at(0, 0))
  const { changes } = stage.post(Level.warning, at(20, 0, { previousLevel: Level.ok }))
  t.deepEqual(notified({ changes }), ['resolve OK from CRITICAL', 'trigger WARNING from OK'])
  const [resolve, trigger] = changes
  t.not(resolve!.opening, trigger!.opening)
  t.is(
    resolve!.event!.message,
    'a is OK: another occurrence began, and the recovery before it was never posted',
  )
  t.is(resolve!.event!.duration, seconds(20))
  t.is(stage.book.size, 1)
  t.deepEqual(notified(stage.post(Level.critical, at(30, 10))), ['trigger CRITICAL from WARNING'])
})

test('it is so after a restart of the sidecar, and of Kapacitor, whose duration then counts from its last alert', t => {
  const stage = new Stage()
  stage.post(Level.critical, at(0, 0))
  stage.restart()
  t.deepEqual(notified(stage.post(Level.critical, at(3600, 0, { previousLevel: Level.ok }))), [
    'resolve OK from CRITICAL',
    'trigger CRITICAL from OK',
  ])
  stage.post(Level.critical, at(3610, 10))
  t.deepEqual(notified(stage.post(Level.critical, at(3700, 90))), [], 'counted from 3610')
  stage.restart()
  t.deepEqual(notified(stage.post(Level.critical, at(3800, 200))), [])
})

test('a handler that lets nothing through before five minutes posts no alert with duration 0, and is understood', t => {
  const stage = new Stage()
  t.is(told(stage.post(Level.critical, at(300, 300))), 'trigger CRITICAL from OK')
  t.is(told(stage.post(Level.critical, at(310, 310))), undefined)
  t.is(told(stage.post(Level.critical, at(1300, 300))), 'trigger CRITICAL from CRITICAL')
  t.is(told(stage.post(Level.critical, at(1310, 310))), undefined)
})

test('an alert without a duration, late, or sent twice is a repeat', t => {
  const stage = new Stage()
  stage.post(Level.critical, at(100, 0))
  t.is(told(stage.post(Level.critical, { time: seconds(200) })), undefined)
  t.is(told(stage.post(Level.critical, at(50, 0))), undefined)
  t.is(told(stage.post(Level.critical, at(200, 0))), undefined)
  t.is(told(stage.post(Level.critical, at(201, 0))), 'trigger CRITICAL from CRITICAL')
})

test('a repeat stays one where an alert-template leaves out the time, or cuts it: arrivals are never even', t => {
  const stage = new Stage()
  const arrived = (ms: number, lasted: number) => ({
    time: BigInt(ms) * 1_000_000n,
    ...(lasted >= 0 && { duration: seconds(lasted) }),
    timedByArrival: true,
  })
  stage.post(Level.critical, arrived(0, 0))
  t.is(told(stage.post(Level.critical, arrived(10_040, 10))), undefined)
  t.is(told(stage.post(Level.critical, arrived(20_900, 20))), undefined)
  t.is(told(stage.post(Level.critical, arrived(120_000, 0))), 'trigger CRITICAL from CRITICAL')
  t.is(told(stage.post(Level.critical, arrived(120_005, 0))), undefined, 'posted by two topics')
  t.is(told(stage.post(Level.critical, arrived(130_100, 10))), undefined)
  const cut = (time: number, lasted: bigint) => ({ id: 'cut', time: seconds(time), duration: lasted })
  stage.post(Level.critical, cut(0, 0n))
  // From 0.9 s to 10.3 s.
  t.is(told(stage.post(Level.critical, cut(10, 9_400_000_000n))), undefined)
  t.is(told(stage.post(Level.critical, cut(20, 0n))), 'trigger CRITICAL from CRITICAL')
})

test('another series of the same id is notified, and resolves nothing', t => {
  const stage = new Stage()
  stage.post(Level.critical, at(0, 0, { series: series('a') }))
  const other = at(5, 0, { series: series('b'), previousLevel: Level.ok })
  t.deepEqual(notified(stage.post(Level.critical, other)), ['trigger CRITICAL from CRITICAL'])
  t.is(told(stage.post(Level.critical, at(10, 10, { series: series('a') }))), undefined)
  t.is(told(stage.post(Level.critical, at(15, 10, { series: series('b') }))), undefined)
})

test('a duration that can only be of another unit tells nothing of an occurrence', t => {
  const stage = new Stage()
  stage.post(Level.critical, at(0, 0))
  t.is(told(stage.post(Level.critical, { time: seconds(10), duration: 10n })), undefined)
  t.is(
    told(stage.post(Level.critical, { time: seconds(20), duration: 0n })),
    'trigger CRITICAL from CRITICAL',
  )
})

test('a late post of another group at another level makes no occurrence of what went on before', t => {
  const stage = new Stage()
  stage.post(Level.warning, at(90, 0, { series: series('a') }))
  stage.post(Level.critical, at(100, 10, { series: series('a') }))
  t.is(told(stage.post(Level.warning, at(50, 0, { series: series('b') }))), undefined)
  for (const restart of [false, true]) {
    if (restart) stage.restart()
    t.is(told(stage.post(Level.critical, at(110, 20, { series: series('a') }))), undefined)
  }
})

test('a new occurrence notifies where only first triggers do, and after it was resolved by hand', t => {
  const stage = new Stage()
  stage.policy = { ...stage.policy, retriggerOnRise: false }
  stage.post(Level.warning, at(0, 0))
  t.is(told(stage.post(Level.critical, at(5, 5))), undefined)
  t.is(told(stage.post(Level.warning, at(10, 0))), 'trigger WARNING from CRITICAL')
  stage.book.mute('default', 'a')
  t.deepEqual(notified(stage.post(Level.critical, at(15, 5))), [], 'resolved by hand')
  t.deepEqual(notified(stage.post(Level.critical, at(20, 0))), ['trigger CRITICAL from OK'])
})

test('below the level that opens an incident a new occurrence is none', t => {
  const stage = new Stage()
  stage.policy = { ...stage.policy, minLevel: Level.critical }
  stage.post(Level.critical, at(0, 0))
  t.deepEqual(notified(stage.post(Level.warning, at(10, 0))), ['resolve OK from CRITICAL'])
})

test('while a task holds the incident open, a new occurrence of its posts notifies and ends nothing', t => {
  const stage = new Stage()
  stage.node()('a', 99)
  stage.post(Level.critical, at(0, 0))
  t.deepEqual(notified(stage.post(Level.critical, at(10, 0, { previousLevel: Level.ok }))), [
    'trigger CRITICAL from OK',
  ])
  t.is(stage.book.size, 1)
  t.is(told(stage.post(Level.ok, at(20, 10))), undefined)
})

test('with a repeat interval a post that long after the last that notified is a reminder; without one it is none', t => {
  const stage = new Stage()
  const hour = 3600
  stage.post(Level.critical, at(0, 0))
  t.is(told(stage.post(Level.critical, at(hour, hour))), undefined)
  stage.policy = { ...stage.policy, postRepeatInterval: seconds(hour) }
  t.is(told(stage.post(Level.critical, at(hour - 1, hour - 1))), undefined)
  t.is(told(stage.post(Level.critical, at(hour, hour))), 'trigger CRITICAL from CRITICAL')
  t.is(told(stage.post(Level.critical, at(hour + 600, hour + 600))), undefined)
  stage.restart()
  t.is(told(stage.post(Level.critical, at(2 * hour, 2 * hour))), 'trigger CRITICAL from CRITICAL')
  stage.book.mute('default', 'a')
  t.is(told(stage.post(Level.critical, at(3 * hour, 3 * hour))), undefined)
})

test('posts whose times lie further apart than 64 bits can say have the longest duration', t => {
  const stage = new Stage()
  stage.post(Level.critical, { time: -(2n ** 63n) })
  t.is(eventOf(stage.post(Level.ok, { time: 2n ** 63n - 1n }))?.duration, 2n ** 63n - 1n)
})
