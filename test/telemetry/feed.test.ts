// The feed: each line of the log as a value, numbered, the newest kept.
import test from 'ava'
import { Feed, type Happening } from '../../src/telemetry/feed.ts'
import { heardBy, type Log } from '../../src/telemetry/log.ts'

const NOON = Date.parse('2026-05-28T12:00:00Z')

function silentLog(): Log & { readonly written: string[] } {
  const written: string[] = []
  const line = (_: object, text: string): void => void written.push(text)
  return { written, level: 'info', debug: line, info: line, warn: line, error: line, fatal: line }
}

test('a line of the log is heard with its fields, its severity, its time and a number', t => {
  const feed = new Feed(() => NOON)
  const log = heardBy(feed, silentLog())
  log.warn({ event: 'retrying', seq: 7, incident: 'cpu/a' }, 'not delivered')
  t.deepEqual(feed.after(0), [
    {
      ...{ number: 1, at: '2026-05-28T12:00:00.000Z', severity: 'warn', event: 'retrying' },
      ...{ text: 'not delivered', seq: 7, incident: 'cpu/a' },
    },
  ])
})

test('what is below the level of the log is heard all the same, and what looks for mistakes is not', t => {
  const feed = new Feed(() => NOON)
  const written = silentLog()
  const log = heardBy(feed, written)
  log.level = 'error'
  log.info({ event: 'trigger' }, 'trigger')
  log.debug({ event: 'store-pruned' }, 'pruned')
  t.is(written.level, 'error', 'the log itself takes the level')
  t.deepEqual(
    feed.after(0).map(({ event }) => event),
    ['trigger'],
  )
  t.deepEqual(written.written, ['trigger', 'pruned'])
})

test('of an error only its message is heard', t => {
  const feed = new Feed(() => NOON)
  feed.add('error', { event: 'commit-failed', err: new Error('disk') }, 'not stored')
  t.like(feed.after(0)[0], { error: 'disk', err: undefined })
})

test('whoever was away goes on where they stopped; what is too old is forgotten', t => {
  const feed = new Feed(() => NOON)
  const COUNT = 2500
  for (let n = 0; n < COUNT; n++) feed.add('info', { event: `e${n + 1}` }, '')
  const kept = feed.after(0)
  t.is(kept.length, 2000)
  t.is(kept[0]!.number, 501)
  t.deepEqual(
    kept.map(({ number }) => `e${number}`),
    kept.map(({ event }) => event),
  )
  t.deepEqual(
    feed.after(2498).map(({ number }) => number),
    [2499, 2500],
  )
  t.deepEqual(feed.after(COUNT), [])
  t.is(feed.after(99_999).length, 2000, 'a number of another process says nothing')
})

test('a listener hears what comes until it has had enough', t => {
  const feed = new Feed(() => NOON)
  const heard: Happening[] = []
  const end = feed.subscribe(happening => heard.push(happening))
  feed.add('info', { event: 'trigger' }, '')
  end()
  feed.add('info', { event: 'resolve' }, '')
  t.deepEqual(
    heard.map(({ event }) => event),
    ['trigger'],
  )
})
