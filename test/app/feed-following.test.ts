// The feed is followed over a sidecar that goes away, comes back, or is another one, on real sockets.
import test, { type ExecutionContext } from 'ava'
import type { AskingError } from '../../src/app/asking-http.ts'
import { type Followed, followFeed } from '../../src/app/feed-following.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import { Feed } from '../../src/telemetry/feed.ts'
import { deadPort, httpServer, tcpServer } from '../squadcast/servers.ts'
import { at, life } from './feed-life.ts'

function follow(
  t: ExecutionContext,
  port: number,
  filters = '',
  from?: { startedAt: string; number: number },
) {
  const over = new AbortController()
  t.teardown(() => over.abort())
  const around = { clock: systemClock, signal: over.signal }
  const following = followFeed(at(port), new URLSearchParams(filters), { from, around })
  const next = async (): Promise<string> => {
    const { value } = await following.next()
    return value === undefined ? 'over' : said(value)
  }
  return { next, over }
}

const said = (followed: Followed): string =>
  followed.what === 'happening'
    ? `${followed.happening.number} ${followed.happening.event}`
    : followed.what === 'back'
      ? `back${followed.isAnother ? ', another' : ''}`
      : followed.what

/** Lets sockets be read. */
const turn = (): Promise<false> => new Promise(resolve => setImmediate(() => resolve(false)))

const add = (feed: Feed, ...events: string[]): void => {
  for (const event of events) feed.add('info', { event }, '')
}

test('it goes on where it stopped, and says that it was away', async t => {
  const port = await deadPort()
  const feed = new Feed(() => 0)
  const end = await life(t, feed, { port, startedAt: 'first' })
  add(feed, 'old')
  const { next, over } = follow(t, port)
  const first = next()
  // It listens from some moment on, and hears nothing of before.
  const heard = first.then(() => true)
  while (!(await Promise.race([heard, turn()]))) add(feed, 'a')
  t.regex(await first, /^\d+ a$/)
  const known = feed.last
  for (let number = Number((await first).split(' ')[0]) + 1; number <= known; number++)
    t.is(await next(), `${number} a`)
  await end()
  t.is(await next(), 'lost')
  add(feed, 'meanwhile')
  const back = next()
  await life(t, feed, { port, startedAt: 'first' })
  t.is(await back, 'back')
  t.is(await next(), `${known + 1} meanwhile`)
  const last = next()
  over.abort()
  t.is(await last, 'over')
})

test('a sidecar that was started anew is heard from its start, though its numbers are higher already', async t => {
  const port = await deadPort()
  const feed = new Feed(() => 0)
  add(feed, 'one', 'two')
  const { next } = follow(t, port, '', { startedAt: 'first', number: 2 })
  const end = await life(t, feed, { port, startedAt: 'first' })
  const lost = next()
  await end()
  t.is(await lost, 'lost')
  const another = new Feed(() => 0)
  add(another, 'ready', 'trigger', 'delivered', 'resolve')
  await life(t, another, { port, startedAt: 'second' })
  t.is(await next(), 'back, another')
  const heard = [await next(), await next(), await next(), await next()]
  t.deepEqual(heard, ['1 ready', '2 trigger', '3 delivered', '4 resolve'])
})

test('the filters are those of the feed, and a gap is told', async t => {
  const port = await deadPort()
  const feed = new Feed(() => 0)
  for (let n = 0; n < 2100; n++) add(feed, 'noise')
  add(feed, 'trigger')
  await life(t, feed, { port, startedAt: 'first' })
  const { next } = follow(t, port, 'kind=trigger', { startedAt: 'first', number: 1 })
  t.is(await next(), 'missed')
  t.is(await next(), '2101 trigger')
})

test('nobody at the first try is an error with its code, and so is who refuses or is somebody else', async t => {
  const { port: refuses } = await httpServer(t, (_, response) => response.writeHead(401).end('a token'))
  const { port: other } = await httpServer(t, (_, response) => response.end('hello'))
  const { port: mail } = await tcpServer(t, socket => socket.end('220 ready\r\n'))
  const { port: silent } = await tcpServer(t, () => {})
  const codes = [
    [await deadPort(), 'unanswered'],
    [refuses, 'unauthorized'],
    [other, 'not-a-sidecar'],
    [mail, 'not-a-sidecar'],
    [silent, 'timeout'],
  ] as const
  for (const [port, code] of codes) {
    const error = await t.throwsAsync<AskingError>(follow(t, port).next())
    t.is(error.code, code)
  }
})
