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
    this.stored.take(judged.change?.changes ?? [])
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

const told = ({ change }: PostJudgement): string | undefined =>
  change?.event && `${change.event.kind} ${change.event.level} from ${change.event.previousLevel}`

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
  t.is(stage.post(Level.warning).change?.changes.length, 1)
  t.is(stage.post(Level.warning).change, undefined)
})

test('closed after it was resolved by hand, it says so and tells nothing', t => {
  const stage = new Stage()
  stage.post(Level.critical)
  stage.book.mute('default', 'a')
  const { why, change } = stage.post(Level.ok)
  t.regex(why!, /resolved by hand/)
  t.is(change?.event, undefined)
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
  t.deepEqual(stage.post(Level.critical, full).change?.event, {
    ...{ kind: 'trigger', incident: 'a', level: 'CRITICAL', previousLevel: 'OK' },
    ...{ message: 'hot', details: 'run', time: seconds(5), duration: 7n, recoverable: false },
    ...{ task: '', node: 'post', group: 'host=a,region=eu', groupTags: { host: 'a', region: 'eu' }, series },
  })
  t.deepEqual(stage.post(Level.ok, { time: seconds(8) }).change?.event, {
    ...{ kind: 'resolve', incident: 'a', level: 'OK', previousLevel: 'CRITICAL', message: 'a is OK' },
    ...{ time: seconds(8), duration: seconds(3), recoverable: true },
    ...{ task: '', node: 'post', group: 'nil', groupTags: {}, series: [] },
  })
})

test('the event of a large alert is kept small, and says what was left out', t => {
  const values = Array.from({ length: 20_000 }, (_, row) => [String(row), 'x'.repeat(30)])
  const series = [{ name: 'cpu', tags: {}, columns: ['time', 'note'], values }]
  const event = new Stage().post(Level.critical, { series }).change!.event!
  t.true(Buffer.byteLength(encodeEvent(event)) <= MAX_EVENT_BYTES)
  t.regex(event.cut!, /oldest rows/)
})
