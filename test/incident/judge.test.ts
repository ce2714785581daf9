// A stream's points, one after the other: their levels, what becomes of the incident, and what the event tells.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import { type Change, type EndpointPolicy, hasNoLevel, type Judgement } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { nodeWith, type PointParts, point, seconds, thresholds } from './points.ts'

class Node {
  readonly book: Book
  policy: EndpointPolicy = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }
  readonly judge: NodeJudge

  constructor(settings: Partial<NodeSettings> = {}, book = new Book()) {
    this.book = book
    this.judge = new NodeJudge(
      nodeWith(settings),
      book,
      () => this.policy,
      () => 0,
    )
  }

  point(parts: PointParts): Judgement {
    return this.judge.point(point({ dimensions: ['host'], tags: { host: 'alpha' }, ...parts }))
  }

  /** A point with nothing but a level. */
  level(level: string, parts: PointParts = {}): Judgement {
    return this.point({ ...parts, fields: { level, ...parts.fields } })
  }

  usage(usage: number, parts: PointParts = {}): Judgement {
    return this.point({ ...parts, fields: { usage, ...parts.fields } })
  }
}

/** `trigger OK>CRITICAL`; a change without an event is `no event`. */
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

const CPU = thresholds({ warn: '"usage" > 70', crit: '"usage" > 90', critReset: '"usage" < 80' })

test('a point with a level from upstream becomes an event of what it says', t => {
  const node = new Node()
  const judgement = node.level('CRITICAL', {
    at: 60,
    fields: { usage: 97.5, message: 'cpu is busy', id: 'cpu/alpha', duration: 5n },
  }) as Change
  t.is(judgement.opening, 1)
  t.is(judgement.endpoint, 'default')
  t.is(judgement.level, Level.critical)
  t.deepEqual(
    judgement.changes.map(({ change }) => change),
    ['open', 'contributor', 'told'],
  )
  t.deepEqual(judgement.event, {
    kind: 'trigger',
    incident: 'cpu/alpha',
    level: 'CRITICAL',
    previousLevel: 'OK',
    message: 'cpu is busy',
    time: seconds(60),
    duration: 5n,
    recoverable: true,
    task: 'cpu_alert',
    node: 'squadcast2',
    group: 'host=alpha',
    groupTags: { host: 'alpha' },
    series: [
      {
        name: 'cpu',
        tags: { host: 'alpha' },
        columns: ['time', 'usage'],
        values: [['1970-01-01T00:01:00Z', 97.5]],
      },
    ],
  })
})

test('a point without a level is no incident, and leaves an open one as it is', t => {
  const node = new Node()
  t.is(node.usage(97), 'unlevelled')
  node.level('WARNING')
  t.is(node.usage(97), 'unlevelled')
  t.is(told(node.level('WARNING')), 'unchanged')
})

test('an OK of a group that is not open is no event', t => {
  const node = new Node()
  t.is(node.level('OK'), 'unchanged')
  node.level('CRITICAL')
  t.is(node.level('OK', { tags: { host: 'beta' } }), 'unchanged')
  t.is(told(node.level('OK')), 'resolve CRITICAL>OK')
})

test('thresholds make events as their levels rise, and one resolve', t => {
  const node = new Node({ thresholds: CPU })
  t.deepEqual(
    [50, 75, 95, 85, 79, 75, 91, 60, 60].map(usage => told(node.usage(usage))),
    [
      'unchanged',
      'trigger OK>WARNING',
      'trigger WARNING>CRITICAL',
      'unchanged',
      'no event',
      'unchanged',
      'no event',
      'resolve CRITICAL>OK',
      'unchanged',
    ],
  )
})

test("a reset speaks of its own group's level", t => {
  const node = new Node({ thresholds: CPU })
  node.usage(95)
  const beta = { tags: { host: 'beta' } }
  t.is(told(node.usage(85, beta)), 'trigger OK>WARNING')
  t.is(told(node.usage(85)), 'unchanged')
})

test('a level of the point itself counts for nothing where the node has thresholds', t => {
  const node = new Node({ thresholds: CPU })
  t.is(node.usage(50, { fields: { level: 'CRITICAL' } }), 'unchanged')
  const event = eventOf(node.usage(95, { fields: { level: 'OK', id: 'x', message: 'm', duration: 5n } }))
  t.is(event.incident, 'cpu_alert:cpu:host=alpha')
  t.is(event.message, 'cpu_alert:cpu:host=alpha is CRITICAL')
  t.is(event.duration, 0n)
  t.deepEqual(event.series[0]?.columns, ['time', 'duration', 'id', 'level', 'message', 'usage'])
})

test('a point on which no condition can be evaluated is without a level, and leaves the incident open', t => {
  const node = new Node({ thresholds: CPU })
  t.is(node.point({ fields: { idle: 3 } }), 'unlevelled')
  node.usage(95)
  t.is(node.point({ fields: { usage: 'much' } }), 'unlevelled')
  t.is(told(node.usage(85)), 'unchanged')
  t.is(told(node.usage(10)), 'resolve CRITICAL>OK')
})

test("a level below the node's minLevel counts as OK", t => {
  const node = new Node({ minLevel: Level.warning })
  t.deepEqual(
    ['INFO', 'CRITICAL', 'WARNING', 'INFO', 'INFO', 'WARNING'].map(level => told(node.level(level))),
    ['unchanged', 'trigger OK>CRITICAL', 'no event', 'resolve WARNING>OK', 'unchanged', 'trigger OK>WARNING'],
  )
})

test("the higher of the node's and the endpoint's minLevel counts, as it is at each point", t => {
  const node = new Node({ minLevel: Level.warning })
  node.policy = { ...node.policy, minLevel: Level.critical }
  t.is(told(node.level('WARNING')), 'unchanged')
  node.policy = { ...node.policy, minLevel: Level.info }
  t.is(told(node.level('INFO')), 'unchanged')
  t.is(told(node.level('WARNING')), 'trigger OK>WARNING')
  node.policy = { ...node.policy, minLevel: Level.critical }
  t.is(told(node.level('WARNING')), 'resolve WARNING>OK')
})

test('an endpoint without retrigger on rise is told once', t => {
  const node = new Node()
  node.policy = { ...node.policy, retriggerOnRise: false }
  t.is(told(node.level('WARNING')), 'trigger OK>WARNING')
  t.is(told(node.level('CRITICAL')), 'no event')
  t.is(told(node.level('OK')), 'resolve CRITICAL>OK')
})

test('an event goes to the endpoint that the policy names, which need not be the one the script asked for', t => {
  const node = new Node({ endpoint: 'storage-team' })
  t.is((node.level('CRITICAL') as Change).endpoint, 'default')
})

test('noRecoveries closes without an event, and its events are not recoverable', t => {
  const node = new Node({ noRecoveries: true })
  t.false(eventOf(node.level('CRITICAL')).recoverable)
  const closed = node.level('OK') as Change
  t.is(closed.event, undefined)
  t.deepEqual(
    closed.changes.map(({ change }) => change),
    ['contributor', 'close'],
  )
})

test('groups with one id are one incident, and level and previousLevel are its highest', t => {
  const node = new Node({ thresholds: CPU, id: compileTemplate('the cluster') })
  const beta = { tags: { host: 'beta' } }
  t.is(told(node.usage(75)), 'trigger OK>WARNING')
  t.is(told(node.usage(95, beta)), 'trigger WARNING>CRITICAL')
  t.is(told(node.usage(95)), 'no event')
  t.is(told(node.usage(10, beta)), 'no event')
  t.is(told(node.usage(10)), 'resolve CRITICAL>OK')
})

test('two tasks on one book share an incident by its id', t => {
  const book = new Book()
  const cpu = new Node({ task: 'cpu' }, book)
  const memory = new Node({ task: 'memory' }, book)
  const shared = { fields: { id: 'alpha' } }
  t.is(told(cpu.level('CRITICAL', shared)), 'trigger OK>CRITICAL')
  t.is(told(memory.level('WARNING', shared)), 'trigger OK>WARNING')
  t.is(told(cpu.level('OK', shared)), 'no event')
  t.is(told(memory.level('OK', shared)), 'resolve WARNING>OK')
})

test('the group is without the level and id tags, so that it is the same at each level', t => {
  const node = new Node()
  const at = (level: string): Judgement =>
    node.point({ dimensions: ['alertID', 'host', 'level'], tags: { alertID: 'x', host: 'alpha', level } })
  const event = eventOf(at('WARNING'))
  t.is(event.group, 'host=alpha')
  t.deepEqual(event.groupTags, { host: 'alpha' })
  t.is(told(at('CRITICAL')), 'trigger WARNING>CRITICAL')
  t.is(told(at('OK')), 'resolve CRITICAL>OK')
})

test('a dimension that the point lacks is an empty value, and a stream without groups has none', t => {
  const node = new Node()
  t.is(eventOf(node.level('INFO', { tags: {} })).group, 'host=')
  const ungrouped = eventOf(node.level('INFO', { dimensions: [] }))
  t.is(ungrouped.group, 'nil')
  t.is(ungrouped.incident, 'cpu:nil')
  t.is(eventOf(node.level('INFO', { dimensions: [], byName: true })).incident, 'cpu:cpu')
})

test('points of an open incident that have no level say why, once, when the second in a row comes', t => {
  const node = new Node({ thresholds: thresholds({ crit: '"usage" > 90 OR "inodes" > 90' }) })
  const without = (judgement: Judgement) => {
    t.true(hasNoLevel(judgement))
    return typeof judgement === 'object' ? judgement.changes : []
  }
  t.deepEqual(without(node.usage(50)), [], 'nothing is open')
  node.usage(95)
  t.deepEqual(without(node.usage(50)), [])
  t.like(without(node.usage(50))[0], {
    change: 'without-level',
    group: 'host=alpha',
    why: 'have no "inodes"',
  })
  t.deepEqual(without(node.usage(50)), [])
  t.is(told(node.usage(95)), 'unchanged')
  t.deepEqual(without(node.usage(50)), [])
  t.deepEqual(without(node.usage(50)), [], 'the story has it')
  t.is(told(node.usage(50, { fields: { inodes: 1 } })), 'resolve CRITICAL>OK')
})

test('a field of the wrong type, and a level that is missing behind an alert, are named too', t => {
  const typed = new Node({ thresholds: thresholds({ crit: '"usage" > 90' }) })
  typed.usage(95)
  typed.point({ fields: { usage: 'high' } })
  t.like((typed.point({ fields: { usage: 'high' } }) as Change).changes[0], {
    why: 'have a string in "usage", for which "usage" > 90 cannot be evaluated',
  })
  const outside = new Node()
  outside.level('CRITICAL')
  outside.usage(1)
  t.like((outside.usage(1) as Change).changes[0], { why: 'have no level in a field or tag "level"' })
})
