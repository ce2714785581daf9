// What happened since a moment: of the feed, and before that of the store; each happening once, and in order.
import test, { type ExecutionContext } from 'ava'
import type { AskingError } from '../../src/app/asking-http.ts'
import { followFeed } from '../../src/app/feed-following.ts'
import { feedPast } from '../../src/app/feed-past.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import type { Settings } from '../../src/config/settings.ts'
import { Feed } from '../../src/telemetry/feed.ts'
import { NOW, newEvent, open, openingCommit, settlement, storePath } from '../outbox/stored.ts'
import { deadPort, tcpServer } from '../squadcast/servers.ts'
import { at, life } from './feed-life.ts'

const MINUTE = 60_000
const around = { clock: systemClock, signal: new AbortController().signal }

/** What is asked, of a sidecar at a port and a store that need not be there. */
const past = (port: number, since: number, { store = '/nonexistent', filters = '' } = {}) =>
  feedPast(
    { http: at(port), store: { path: store } } as Settings,
    { since, filters: new URLSearchParams(filters) },
    around,
  )

/** A feed whose happenings are a minute apart from NOW on. */
async function listening(t: ExecutionContext, events: readonly string[]): Promise<number> {
  let now = NOW
  const feed = new Feed(() => now)
  for (const event of events) {
    feed.add('info', { event }, event)
    now += MINUTE
  }
  const port = await deadPort()
  await life(t, feed, { port, startedAt: 'first' })
  return port
}

test('what the feed knows is cut by time and by the filters, and is followed from its end', async t => {
  const port = await listening(t, ['ready', 'trigger', 'delivered', 'trigger', 'stopping'])
  const { happenings, history, place, older } = await past(port, NOW + 2 * MINUTE, {
    filters: 'kind=trigger',
  })
  t.deepEqual(
    happenings.map(({ number, event }) => [number, event]),
    [[4, 'trigger']],
  )
  t.deepEqual([history, older], [[], undefined])
  t.deepEqual(place, { startedAt: 'first', number: 5 })
})

test("what is older is the store's: events as they were made, and what became of them, up to where the feed begins", async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  for (const n of [1, 2]) await outbox.commit({ ...openingCommit(n), at: NOW - 10 * MINUTE + n })
  await outbox.commit({ at: NOW - 9 * MINUTE, changes: [], events: [newEvent(3, 1, 'resolve')] })
  // The feed has this one itself.
  await outbox.commit({ at: NOW + 1, changes: [], events: [newEvent(4, 2, 'resolve')] })
  const [first, second] = await outbox.claim([1, 2], NOW)
  await outbox.settle([
    settlement(first!.attempt, 1, { endedAt: NOW - 9 * MINUTE }),
    settlement(second!.attempt, 2, {
      endedAt: NOW - 8 * MINUTE,
      outcome: 'dead',
      received: 'no',
      text: '400: no',
    }),
  ])
  const port = await listening(t, ['ready'])
  const { history, happenings, older } = await past(port, NOW - 60 * MINUTE, { store: path })
  t.deepEqual(
    history.map(({ event, incident, seq }) => [event, incident, seq]),
    [
      ['trigger', 'cpu:1', 1],
      ['trigger', 'cpu:2', 2],
      ['resolve', 'cpu:1', 3],
      ['delivered', 'cpu:1', 1],
      ['dead-letter', 'cpu:2', 2],
    ],
  )
  t.like(history[0], { history: true, message: 'event 1', incidentLevel: 'CRITICAL', task: 'cpu_alert' })
  t.like(history[4], { severity: 'error', answer: '400: no', kind: 'trigger' })
  t.is(happenings.length, 1)
  t.deepEqual(older, {
    from: new Date(NOW - 60 * MINUTE).toISOString(),
    until: new Date(NOW).toISOString(),
  })
  const some = await past(port, NOW - 9.5 * MINUTE, { store: path, filters: 'kind=resolve&kind=delivered' })
  t.deepEqual(
    some.history.map(({ event }) => event),
    ['resolve', 'delivered'],
  )
})

test('a store that cannot be read is said so, with where the story begins', async t => {
  const port = await listening(t, ['ready'])
  const { history, happenings, older } = await past(port, NOW - MINUTE)
  t.deepEqual([history.length, happenings.length], [0, 1])
  t.is(older!.until, new Date(NOW).toISOString())
  t.regex(older!.why!, /there is no store/)
})

test('a feed that holds more than a connection takes at once is read without a gap, by who follows on', async t => {
  const feed = new Feed(() => NOW)
  const KEPT = 2000
  for (let n = 0; n < KEPT; n++) feed.add('info', { event: 'ready' }, 'x'.repeat(4000))
  const port = await deadPort()
  await life(t, feed, { port, startedAt: 'first' })
  const { happenings, place } = await past(port, NOW)
  const numbers = happenings.map(({ number }) => number)
  t.true(numbers.length < KEPT, 'all of it fits: this shows nothing')
  const following = followFeed(at(port), new URLSearchParams(), { from: place, around })
  for await (const followed of following) {
    if (followed.what === 'happening') numbers.push(followed.happening.number)
    if (numbers.length === place.number + 100) break
  }
  t.deepEqual(
    numbers,
    Array.from({ length: numbers.length }, (_, index) => index + 1),
  )
})

test('who takes the connection and says nothing is no sidecar that remembers nothing', async t => {
  const { port } = await tcpServer(t, () => {})
  const error = await t.throwsAsync<AskingError>(past(port, NOW))
  t.is(error.code, 'timeout')
})
