// What an event tells, in a person's words: templates and what they see, durations, conditions, what a script
// adds. Each by way of a node's judge.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import { durationSince } from '../../src/incident/duration.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { nodeWith, type PointParts, point, seconds, thresholds } from './points.ts'

const judgeOf = (settings: Partial<NodeSettings>, book = new Book()): NodeJudge =>
  new NodeJudge(
    nodeWith(settings),
    book,
    () => POLICY,
    () => 0,
  )

const POLICY = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }

/** The events of some points of host alpha, one after the other. */
function eventsOf(settings: Partial<NodeSettings>, points: readonly PointParts[]): IncidentEvent[] {
  const judge = judgeOf(settings)
  return points.flatMap(parts => {
    const judgement = judge.point(point({ dimensions: ['host'], tags: { host: 'alpha' }, ...parts }))
    return (judgement as Change).event ?? []
  })
}

const EVERYTHING =
  '{{ .ID }}|{{ .Name }}|{{ .TaskName }}|{{ .Group }}|{{ .Level }}|{{ .Time }}|{{ .Duration }}|' +
  '{{ index .Tags "host" }}|{{ index .Fields "usage" }}'

const CPU = thresholds({ crit: '"usage" > 90' })
const BUSY: PointParts = { at: 0, fields: { usage: 97.5 } }
const IDLE: PointParts = { at: 90, fields: { usage: 3n } }

test('message and details see the incident as it is told, and details see the message', t => {
  const [trigger, resolve] = eventsOf(
    {
      thresholds: CPU,
      id: compileTemplate('cpu/{{ index .Tags "host" }}'),
      message: compileTemplate(EVERYTHING),
      details: compileTemplate('<b>{{ .Message }}</b> {{ .Level }}'),
    },
    [BUSY, IDLE],
  )
  t.is(trigger?.message, 'cpu/alpha|cpu|cpu_alert|host=alpha|CRITICAL|1970-01-01T00:00:00Z|0s|alpha|97.5')
  t.is(trigger?.details, `<b>${trigger?.message}</b> CRITICAL`)
  t.is(resolve?.message, 'cpu/alpha|cpu|cpu_alert|host=alpha|OK|1970-01-01T00:01:30Z|1m30s|alpha|3')
  t.is(resolve?.details, `<b>${resolve?.message}</b> OK`)
})

test('a message that is blank is as good as none', t => {
  const blank = eventsOf({ thresholds: CPU, message: compileTemplate(' {{ if false }}x{{ end }}\n') }, [BUSY])
  t.is(blank[0]?.message, 'cpu_alert:cpu:host=alpha is CRITICAL')
  const outside = eventsOf({}, [{ fields: { level: 'CRITICAL', id: 'a', message: '  ' } }])
  t.is(outside[0]?.message, 'a is CRITICAL')
})

test('the level in a text is the highest of the task, as the level of the event', t => {
  const settings = { thresholds: thresholds({ warn: '"usage" > 70', crit: '"usage" > 90' }) }
  const shared = { ...settings, id: compileTemplate('cluster') }
  const events = eventsOf(shared, [
    { fields: { usage: 75 } },
    { fields: { usage: 95 }, tags: { host: 'beta' } },
    { fields: { usage: 1 }, tags: { host: 'beta' } },
    { fields: { usage: 1 } },
  ])
  t.deepEqual(
    events.map(({ message }) => message),
    ['cluster is WARNING', 'cluster is CRITICAL', 'cluster is OK'],
  )
})

test('a message from upstream wins over the template, and the template over the default', t => {
  const critical = (fields: PointParts['fields'] = {}): PointParts => ({
    fields: { level: 'CRITICAL', ...fields },
  })
  const message = compileTemplate('from the script')
  const first = (settings: Partial<NodeSettings>, parts: PointParts) =>
    eventsOf(settings, [parts])[0]?.message
  t.is(first({ message }, critical({ message: 'from upstream' })), 'from upstream')
  t.is(first({ message }, critical()), 'from the script')
  t.is(first({}, critical()), 'cpu:host=alpha is CRITICAL')
})

test('there are no details where the script has no template for them', t => {
  t.false('details' in eventsOf({ thresholds: CPU }, [BUSY])[0]!)
})

test("the duration is upstream's, else counted from the opening by the points' clocks", t => {
  const at = (seconds: number, level: string, duration?: bigint): PointParts => ({
    at: seconds,
    fields: { level, ...(duration !== undefined && { duration }) },
  })
  const events = eventsOf({}, [at(100, 'INFO'), at(160, 'WARNING'), at(200, 'CRITICAL', 7n), at(220, 'OK')])
  t.deepEqual(
    events.map(({ duration }) => duration),
    [0n, seconds(60), 7n, seconds(120)],
  )
})

test('a duration that 64 bits cannot hold is the longest that they can', t => {
  const [first, last] = [-(2n ** 63n), 2n ** 63n - 1n]
  t.is(durationSince(first, last), last)
  t.is(durationSince(-5n, last), last)
  t.is(durationSince(0n, last), last)
  t.is(durationSince(last, first), 0n)
  t.is(durationSince(3n, 10n), 7n)
  const events = eventsOf({}, [
    { at: -9_000_000_000, fields: { level: 'CRITICAL' } },
    { at: 9_000_000_000, fields: { level: 'OK' } },
  ])
  t.is(events.at(-1)?.duration, last)
})

test('a point from before the opening makes no negative duration', t => {
  const events = eventsOf({}, [
    { at: 100, fields: { level: 'WARNING' } },
    { at: 40, fields: { level: 'OK' } },
  ])
  t.is(events[1]?.kind, 'resolve')
  t.is(events[1]?.time, seconds(40))
  t.is(events[1]?.duration, 0n)
})

test('the condition told is the first that holds, and a resolve has none', t => {
  const given = thresholds({
    warn: '"usage" > 70',
    crit: ['"usage" > 90', '"load" > 8'],
    critReset: '"usage" < 50 AND "load" < 4',
  })
  const conditions = (...points: readonly PointParts[]) =>
    eventsOf({ thresholds: given }, points).map(({ condition }) => condition)
  const of = (usage: number, load: number): PointParts => ({ fields: { usage, load } })
  t.deepEqual(conditions(of(75, 9), of(10, 1)), ['"load" > 8', undefined])
  t.deepEqual(conditions(of(95, 9)), ['"usage" > 90'])
  t.deepEqual(conditions(of(75, 1), of(95, 1)), ['"usage" > 70', '"usage" > 90'])
})

test('a level that only its reset keeps up is told with its first condition', t => {
  const book = new Book()
  const judge = judgeOf(
    { thresholds: thresholds({ crit: ['"a" > 1', '"a" > 2'], critReset: '"a" < 0' }) },
    book,
  )
  const of = (a: number): Change => judge.point(point({ fields: { a } })) as Change
  const { opening, event } = of(3)
  book.untell(opening, 'default', event!.incident, 'cpu_alert')
  t.is(of(0.5).event?.condition, '"a" > 1')
})

test('a level from upstream has no condition', t => {
  t.false('condition' in eventsOf({}, [{ fields: { level: 'INFO' } }])[0]!)
})

test('what a script adds by tag and priority is in each event, and nothing is where it adds nothing', t => {
  const added = { priority: 'P2', labels: [['team', 'storage'] as const, ['team', 'disk'] as const] }
  for (const event of eventsOf({ thresholds: CPU, ...added }, [BUSY, IDLE])) {
    t.is(event.priority, 'P2')
    t.deepEqual(event.labels, [
      ['team', 'storage'],
      ['team', 'disk'],
    ])
  }
  const [plain] = eventsOf({ thresholds: CPU }, [BUSY])
  t.false('priority' in plain!)
  t.false('labels' in plain!)
})

test('an event of an enormous point is cut to what a store can keep', t => {
  const [event] = eventsOf({ thresholds: CPU }, [{ fields: { usage: 95, note: 'x'.repeat(1e6) } }])
  t.regex(event?.cut ?? '', /^Left out for size: /)
})
