// Batches: which point decides the level, which time the event has, what templates see, and which rows are told.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import type { Change, Judgement } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import type { FieldValue, Point } from '../../src/incident/point.ts'
import type { BatchHead } from '../../src/incident/rows.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { nodeWith, point, seconds, thresholds } from './points.ts'

const TMAX = seconds(1_000)

class Node {
  readonly book = new Book()
  readonly judge: NodeJudge

  constructor(settings: Partial<NodeSettings> = {}) {
    const policy = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }
    this.judge = new NodeJudge(
      nodeWith(settings),
      this.book,
      () => policy,
      () => 0,
    )
  }

  batch(points: readonly Point[], head: Partial<BatchHead> = {}): Judgement {
    const tags = new Map([['host', 'alpha']])
    const batch = this.judge.batch({ name: 'cpu', byName: false, tags, ...head })
    let deciding = points.at(-1)!
    for (const each of points) if (batch.point(each)) deciding = each
    return batch.end(TMAX, { count: points.length, first: points[0]!, deciding, rows: () => points })
  }

  usages(...usages: readonly number[]): Judgement {
    return this.batch(usages.map((usage, at) => one({ usage }, at)))
  }
}

/** A point inside a batch: no name, no dimensions. */
const one = (fields: Readonly<Record<string, FieldValue>>, at = 0): Point =>
  point({ name: '', at, tags: { host: 'alpha' }, fields })

const levelled = (...levels: readonly string[]): Point[] =>
  levels.map((level, at) => one({ level, usage: at }, at))

function told(judgement: Judgement): string {
  if (typeof judgement === 'string') return judgement
  const { event } = judgement
  return event ? `${event.kind} ${event.previousLevel}>${event.level}` : 'no event'
}

function eventOf(judgement: Judgement): IncidentEvent {
  const event = (judgement as Change).event
  if (!event) throw new Error(`no event: ${told(judgement)}`)
  return event
}

const inSeconds = (judgement: Judgement): bigint => eventOf(judgement).time / 1_000_000_000n

const CPU = thresholds({ warn: '"usage" > 70', crit: '"usage" > 90', critReset: '"usage" < 50' })

test('a batch has the level of its highest point', t => {
  const node = new Node({ thresholds: CPU })
  t.is(told(node.usages(10, 95, 75)), 'trigger OK>CRITICAL')
  t.is(told(node.usages(10, 20)), 'resolve CRITICAL>OK')
  t.is(node.usages(10, 20), 'unchanged')
})

test('with all, a batch has the level of its lowest point', t => {
  const node = new Node({ thresholds: CPU, all: true })
  t.is(node.usages(10, 95, 95), 'unchanged')
  t.is(told(node.usages(75, 95)), 'trigger OK>WARNING')
  t.is(told(node.usages(91, 95)), 'trigger WARNING>CRITICAL')
  t.is(told(node.usages(91, 95, 49)), 'resolve CRITICAL>OK')
})

test('every point is judged against the level before the batch, not by the points before it', t => {
  const node = new Node({ thresholds: CPU })
  t.is(told(node.usages(95)), 'trigger OK>CRITICAL')
  // 20 lets go and 60 alone would not hold, but before the batch it was CRITICAL: 60 keeps it up.
  t.is(told(node.usages(20, 60)), 'unchanged')
  t.is(told(node.usages(20, 30)), 'resolve CRITICAL>OK')
  // And after 95 within one batch, 60 is held up by nothing.
  const all = new Node({ thresholds: CPU, all: true })
  t.is(all.usages(95, 60), 'unchanged')
})

test('templates and the condition see the highest point, the first of equals, with all too', t => {
  const message = compileTemplate('{{ index .Fields "usage" }} of {{ .Name }} at {{ .Group }}')
  for (const all of [false, true]) {
    const event = eventOf(new Node({ thresholds: CPU, message, all }).usages(91, 99, 95, 98))
    t.is(event.message, '91 of cpu at host=alpha')
    t.is(event.condition, '"usage" > 90')
  }
  const event = eventOf(new Node({ thresholds: CPU, message, all: true }).usages(75, 99, 71))
  t.is(event.message, '99 of cpu at host=alpha')
  t.is(event.level, 'WARNING')
  t.is(event.condition, '"usage" > 70')
})

test("the time is the deciding point's; for OK and with all it is the batch's", t => {
  const node = new Node({ thresholds: CPU })
  t.is(inSeconds(node.usages(10, 75, 95, 95)), 2n)
  t.is(inSeconds(node.usages(10, 10)), 1_000n)
  t.is(inSeconds(new Node({ thresholds: CPU, all: true }).usages(95, 95)), 1_000n)
})

test('a point on which no condition can be evaluated says nothing of its batch', t => {
  const node = new Node({ thresholds: CPU })
  const mixed = node.batch([one({ idle: 1 }), one({ usage: 95 }, 1), one({ usage: 'much' }, 2)])
  t.is(told(mixed), 'trigger OK>CRITICAL')
  t.is(inSeconds(mixed), 1n)
  t.is(node.batch([one({ idle: 1 }), one({ idle: 2 })]), 'unlevelled')
  t.is(told(node.usages(10)), 'resolve CRITICAL>OK')
})

test("with levels from upstream, the time is the newest point's, and for OK the batch's", t => {
  const node = new Node()
  t.is(inSeconds(node.batch(levelled('WARNING', 'WARNING', 'WARNING'))), 2n)
  t.is(inSeconds(node.batch(levelled('OK', 'OK'))), 1_000n)
})

test('a batch of which no point has a level is without one', t => {
  t.is(new Node().usages(99, 99), 'unlevelled')
})

test("conditions see the batch's tags before the point's own", t => {
  const given = thresholds({ crit: '"host" == \'alpha\' AND "cpu" == \'cpu1\'' })
  const of = (cpu: string) => point({ name: '', tags: { host: 'beta', cpu }, fields: { usage: 1 } })
  t.is(told(new Node({ thresholds: given }).batch([of('cpu0'), of('cpu1')])), 'trigger OK>CRITICAL')
  t.is(told(new Node({ thresholds: given }).batch([of('cpu0')])), 'unchanged')
})

test("the group is the batch's tags, sorted, without the level and the id that upstream put there", t => {
  const node = new Node()
  const at = (level: string): Judgement =>
    node.batch([one({ usage: 1 })], {
      tags: new Map([
        ['region', 'eu'],
        ['level', level],
        ['host', 'alpha'],
        ['alertID', 'cpu/alpha'],
      ]),
    })
  const event = eventOf(at('WARNING'))
  t.is(event.group, 'host=alpha,region=eu')
  t.deepEqual(event.groupTags, { host: 'alpha', region: 'eu' })
  t.is(event.incident, 'cpu/alpha')
  t.deepEqual(event.series[0]?.tags, { host: 'alpha', region: 'eu' })
  t.is(told(at('CRITICAL')), 'trigger WARNING>CRITICAL')
  t.is(told(at('OK')), 'resolve CRITICAL>OK')
})

test('a batch without tags is the group nil; by measurement it is led by the name', t => {
  const none = new Map<string, string>()
  t.is(eventOf(new Node().batch(levelled('INFO'), { tags: none })).incident, 'cpu:nil')
  t.is(eventOf(new Node().batch(levelled('INFO'), { byName: true })).group, 'cpu\nhost=alpha')
  t.is(eventOf(new Node({ thresholds: CPU }).usages(95)).incident, 'cpu_alert:cpu:host=alpha')
})

test('id, message and duration from upstream are read off the newest point', t => {
  const of = (id: string, at: number) =>
    one({ level: 'CRITICAL', id, message: `m ${at}`, duration: BigInt(at) }, at)
  const event = eventOf(new Node().batch([of('x', 1), of('y', 2)]))
  t.is(event.incident, 'y')
  t.is(event.message, 'm 2')
  t.is(event.duration, 2n)
})

test('all rows of a batch are told, without what upstream added', t => {
  const event = eventOf(new Node().batch(levelled('INFO', 'INFO')))
  t.deepEqual(event.series, [
    {
      name: 'cpu',
      tags: { host: 'alpha' },
      columns: ['time', 'usage'],
      values: [
        ['1970-01-01T00:00:00Z', 0],
        ['1970-01-01T00:00:01Z', 1],
      ],
    },
  ])
})

test('batches of two groups are two contributors', t => {
  const node = new Node({ thresholds: CPU, id: compileTemplate('cluster') })
  const beta = { tags: new Map([['host', 'beta']]) }
  t.is(told(node.usages(95)), 'trigger OK>CRITICAL')
  t.is(told(node.batch([one({ usage: 75 })], beta)), 'no event')
  t.is(told(node.usages(10)), 'no event')
  t.is(told(node.batch([one({ usage: 10 })], beta)), 'resolve WARNING>OK')
})
