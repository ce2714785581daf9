// When the fallback is used: once for each incident, one at a time, with rests after failures. On a clock that only the
// test moves, with a store and a way that are scripts.
import test from 'ava'
import { Fallback } from '../../src/app/fallback.ts'
import type { Failure } from '../../src/app/fallback-command.ts'
import { Secret } from '../../src/config/secret.ts'
import type { FallbackSettings } from '../../src/config/settings.ts'
import type { UntakenRow } from '../../src/outbox/watched.ts'
import { FakeClock } from '../fakes/clock.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const COMMAND: FallbackSettings = { afterMs: 5 * MINUTE, way: { command: ['page'] } }
const BY_URL: FallbackSettings = { afterMs: MINUTE, way: { url: new Secret('https://page.test/secret') } }

const row = (opening: number, since: number): UntakenRow => ({
  ...{ opening, seq: opening, endpoint: 'default', incident: `cpu:${opening}`, task: 'cpu', since },
  ...{ body: 'not an event', isDead: false, answer: null },
})

/** `until` of a fallback: what waits since when, by opening. */
function scene() {
  const clock = new FakeClock()
  const waiting = new Map<number, number>()
  const told: string[] = []
  const failed: string[] = []
  const around: { answer: () => Promise<Failure>; noteFails: boolean } = {
    answer: async () => undefined,
    noteFails: false,
  }
  const fallback = new Fallback({
    ...{ clock, host: 'here' },
    outbox: {
      async untaken(until, details) {
        const rows = [...waiting].filter(([, since]) => since <= until).map(([n, since]) => row(n, since))
        return { openings: rows.map(({ opening }) => opening), first: rows.slice(0, details) }
      },
      async toldByFallback(openings) {
        if (around.noteFails) throw new Error('no')
        for (const opening of openings) waiting.delete(opening)
      },
    },
    endpoints: () => [],
    async tell({ way }, { kind, count, incidents }, signal) {
      told.push(`${Object.keys(way)} ${kind} ${count} ${incidents[0]?.id}`)
      const aborted = new Promise<Failure>(resolve =>
        signal.addEventListener('abort', () => resolve({ reason: 'ended' })),
      )
      return Promise.race([around.answer(), aborted])
    },
    happened: {
      fallbackTold() {},
      fallbackFailed: ({ reason, inMs }) => failed.push(`${reason} ${inMs / SECOND}`),
    },
  })
  const waits = (...openings: readonly number[]): void => {
    for (const opening of openings) waiting.set(opening, clock.wallMs())
  }
  return { clock, waiting, waits, told, failed, around, fallback }
}

test('what was not taken for long enough is told once', async t => {
  const { clock, waits, told, fallback } = scene()
  fallback.configure(COMMAND)
  waits(1)
  await clock.advance(5 * MINUTE - SECOND)
  t.deepEqual(told, [])
  await clock.advance(10 * SECOND)
  t.deepEqual(told, ['command incident 1 cpu:1'])
  await clock.advance(60 * MINUTE)
  t.is(told.length, 1)
  t.like(fallback.status(), { way: 'command', untold: 0, last: { outcome: 'told', count: 1 } })
})

test('what was taken in time is not told', async t => {
  const { clock, waiting, waits, told, fallback } = scene()
  fallback.configure(COMMAND)
  waits(1)
  await clock.advance(4 * MINUTE)
  waiting.delete(1)
  await clock.advance(10 * MINUTE)
  t.deepEqual(told, [])
})

test('without a fallback the store is asked nothing', async t => {
  const { clock, waits, told, fallback } = scene()
  waits(1)
  fallback.configure(undefined)
  await clock.advance(60 * MINUTE)
  t.deepEqual(told, [])
  t.is(clock.waiting, 0)
  t.is(fallback.status(), undefined)
})

test('ten thousand are told by ten and a summary, one at a time', async t => {
  const { clock, waits, told, around, fallback } = scene()
  let atOnce = 0
  around.answer = async () => {
    t.is(++atOnce, 1)
    await new Promise<void>(resolve => clock.after(SECOND, resolve))
    atOnce--
    return undefined
  }
  waits(...Array.from({ length: 10_000 }, (_, n) => n + 1))
  fallback.configure(COMMAND)
  await clock.advance(10 * MINUTE)
  t.is(told.length, 11)
  t.is(told[10], 'command summary 9990 cpu:11')
})

test('a failure is told and tried again, the later the more often; another incident goes first', async t => {
  const { clock, waits, told, failed, around, fallback } = scene()
  around.answer = async () => ({ reason: 'left with 1' })
  waits(1, 2)
  fallback.configure(COMMAND)
  await clock.advance(6 * MINUTE)
  t.deepEqual(failed, ['left with 1 10', 'left with 1 20', 'left with 1 40'])
  t.deepEqual(told, ['command incident 1 cpu:1', 'command incident 1 cpu:2', 'command incident 1 cpu:1'])
  t.like(fallback.status(), { untold: 2, last: { outcome: 'failed', reason: 'left with 1' } })
  around.answer = async () => undefined
  await clock.advance(MINUTE)
  t.deepEqual(told.slice(3), ['command incident 1 cpu:2', 'command incident 1 cpu:1'])
})

test('what was told and could not be noted is no reason to tell it without end', async t => {
  const { clock, waits, told, failed, around, fallback } = scene()
  around.noteFails = true
  waits(1)
  fallback.configure(COMMAND)
  await clock.advance(6 * MINUTE)
  t.is(told.length, 3)
  t.is(failed[0], 'told, and the store could not note it 10')
})

test('another way is used from now on, and tried at once', async t => {
  const { clock, waits, told, around, fallback } = scene()
  around.answer = async () => ({ reason: 'left with 1' })
  waits(1)
  fallback.configure(COMMAND)
  await clock.advance(20 * MINUTE)
  const before = told.length
  around.answer = async () => undefined
  fallback.configure(BY_URL)
  await clock.advance(0)
  t.deepEqual(told.slice(before), ['url incident 1 cpu:1'])
  fallback.configure(undefined)
  waits(2)
  await clock.advance(60 * MINUTE)
  t.is(told.length, before + 1)
})

test('asked to stop, it gives what is under way a moment, and then ends it', async t => {
  const { clock, waiting, waits, told, around, fallback } = scene()
  around.answer = () => new Promise(() => {})
  waits(1)
  fallback.configure(COMMAND)
  await clock.advance(6 * MINUTE)
  const stopped = fallback.stop()
  await clock.advance(5 * SECOND)
  await stopped
  t.is(told.length, 1)
  t.true(waiting.has(1), 'the next start tells it')
  t.is(clock.waiting, 0)
})
