// From a post to its answer: nothing is answered before it is committed, and where there is no room it says so.
import test from 'ava'
import { pino } from 'pino'
import { PostBox } from '../../src/app/post-box.ts'
import { Book } from '../../src/incident/book.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { PostedAlert } from '../../src/incident/posts.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import { httpTelemetry } from '../../src/telemetry/http-telemetry.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { FakeClock } from '../fakes/clock.ts'

const HOUR_MS = 3_600_000
const alert = (level: Level): PostedAlert => ({ id: 'a', level, time: 0n, recoverable: true, series: [] })

class Stage {
  readonly clock = new FakeClock()
  readonly metrics = new Metrics()
  readonly lines: { event: string; endpoint?: string; times?: number }[] = []
  readonly committed: (readonly Change[])[] = []
  readonly saved: StateChange[] = []
  commit: () => Promise<boolean> = async () => true
  readonly box = new PostBox({
    book: new Book(),
    clock: this.clock,
    endpointRules: name =>
      ['default', 'ops'].includes(name) ? { minLevel: Level.info, retriggerOnRise: true } : undefined,
    commit: changes => {
      this.committed.push(changes)
      return this.commit()
    },
    commitState: async changes => void this.saved.push(...changes),
    telemetry: httpTelemetry(
      pino({ base: null }, { write: line => void this.lines.push(JSON.parse(line)) }),
      this.metrics,
    ),
  })

  /** What has happened at least once. */
  async counted(name: string): Promise<unknown> {
    const [metric] = (await this.metrics.registry.getMetricsAsJSON()).filter(one => one.name.endsWith(name))
    return metric?.values
      .filter(({ value }) => value > 0)
      .map(({ value, labels }) => [Object.values(labels).join(), value])
  }
}

test('nothing is answered before the store has it', async t => {
  const stage = new Stage()
  const stored = Promise.withResolvers<boolean>()
  stage.commit = () => stored.promise
  let isAnswered = false
  const answer = stage.box.take(alert(Level.critical), '').then(taken => {
    isAnswered = true
    return taken
  })
  await new Promise(setImmediate)
  t.false(isAnswered)
  t.is(stage.committed.length, 1)
  stored.resolve(true)
  t.deepEqual(await answer, { event: 'trigger', durable: true })
})

test('while the disk takes nothing posts are taken, and it is said that they are not durable', async t => {
  const stage = new Stage()
  stage.commit = async () => false
  t.deepEqual(await stage.box.take(alert(Level.critical), ''), { event: 'trigger', durable: false })
  const taken = await stage.box.take(alert(Level.info), '')
  t.is(taken.event, null)
  t.false(taken.durable)
})

test('a repeat writes nothing', async t => {
  const stage = new Stage()
  await stage.box.take(alert(Level.critical), 'ops')
  const { event, durable } = await stage.box.take(alert(Level.critical), 'ops')
  t.deepEqual({ event, durable }, { event: null, durable: true })
  t.is(stage.committed.length, 1)
  t.deepEqual(await stage.counted('_posts_total'), [
    ['trigger', 1],
    ['no-event', 1],
  ])
})

test('what can never be stored is an error', async t => {
  const stage = new Stage()
  stage.commit = () => Promise.reject(new Error('a fault of our own'))
  await t.throwsAsync(stage.box.take(alert(Level.critical), ''), { message: 'a fault of our own' })
})

test('a name that nobody configured is told of once an hour, with the number of posts, and goes to default', async t => {
  const stage = new Stage()
  for (let n = 0; n < 3; n++) await stage.box.take(alert(Level.critical), 'opps')
  await stage.box.take(alert(Level.critical), 'other')
  await stage.clock.advance(HOUR_MS)
  await stage.box.take(alert(Level.ok), 'opps')
  t.deepEqual(
    stage.lines.map(({ event, endpoint, times }) => [event, endpoint, times]),
    [
      ['unknown-endpoint', 'opps', 1],
      ['unknown-endpoint', 'other', 1],
      ['unknown-endpoint', 'opps', 3],
    ],
  )
  t.is(stage.committed[0]?.[0]?.endpoint, 'default')
  t.deepEqual(await stage.counted('unknown_endpoint_posts_total'), [['', 5]])
})

test('how long an occurrence lasted is written once a minute and at the end, however many repeats come', async t => {
  const stage = new Stage()
  const repeat = async (time: bigint) => {
    await stage.box.take({ ...alert(Level.critical), time, duration: time }, '')
  }
  await repeat(0n)
  for (let n = 1; n <= 100; n++) await repeat(BigInt(n))
  t.deepEqual(stage.saved, [])
  await stage.clock.advance(60_000)
  await repeat(101n)
  t.deepEqual(stage.saved, [{ change: 'repeated', opening: 1, alertTime: 101n }])
  await stage.box.save()
  t.is(stage.saved.length, 1)
  await repeat(102n)
  await stage.box.save()
  t.like(stage.saved[1], { alertTime: 102n })
})
