// The live feed: real WebSockets on loopback, one that does not read among them.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { ExecutionContext } from 'ava'
import test from 'ava'
import { WebSocket } from 'ws'
import { type FeedParts, FeedSockets } from '../../src/http/feed-sockets.ts'
import { Feed } from '../../src/telemetry/feed.ts'
import { FakeClock } from '../fakes/clock.ts'
import { heard, listening, type Stage } from './listening.ts'

const STARTED_AT = '2026-01-01T00:00:00.000Z'

interface Message {
  readonly type: 'hello' | 'status' | 'happening' | 'missed'
  readonly last?: number
  readonly count?: number
  readonly status?: unknown
  readonly happening?: { readonly number: number; readonly event: string; readonly [field: string]: unknown }
}

/** A page or a terminal at the other end. */
class Listener {
  readonly socket: WebSocket
  readonly messages: Message[] = []
  readonly closed: Promise<number>

  constructor(t: ExecutionContext, port: number, query = '', headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/feed${query}`, { headers })
    this.socket.on('message', text => this.messages.push(JSON.parse(String(text)) as Message))
    this.socket.on('error', () => {})
    this.closed = new Promise(resolve => this.socket.on('close', code => resolve(code)))
    t.teardown(() => this.socket.terminate())
  }

  async until(holds: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
    const signal = AbortSignal.timeout(20_000)
    while (!holds(this.messages)) await once(this.socket, 'message', { signal })
    return this.messages
  }

  /** Resolves once a happening of this name came. */
  async hears(event: string): Promise<string[]> {
    await this.until(messages => messages.some(({ happening }) => happening?.event === event))
    return this.messages.flatMap(({ happening }) => happening?.event ?? [])
  }
}

interface Scene {
  readonly feed: Feed
  readonly clock: FakeClock
  readonly stage: Stage
  listen(query?: string, headers?: Record<string, string>): Listener
  readonly sockets: FeedSockets
}

async function scene(t: ExecutionContext, { token }: { token?: string } = {}): Promise<Scene> {
  const clock = new FakeClock()
  const feed = new Feed(() => 0)
  let asked = 0
  const parts: FeedParts = {
    source: feed,
    status: () => ({ asked: ++asked }),
    hello: { version: '1.2.3', startedAt: STARTED_AT },
    after: clock.after.bind(clock),
  }
  const sockets = new FeedSockets(parts)
  t.teardown(() => sockets.stop())
  const upgrades = { '/feed': sockets.accept.bind(sockets) }
  const stage = await listening(t, { upgrades, ...(token !== undefined && { token }) })
  const listen = (query?: string, headers?: Record<string, string>) =>
    new Listener(t, stage.listener.port, query, headers)
  return { feed, clock, stage, listen, sockets }
}

test('it says who speaks, and then what happens as it happens', async t => {
  const { feed, listen } = await scene(t)
  feed.add('info', { event: 'before' }, '')
  const listener = listen()
  const [hello] = await listener.until(messages => messages.length > 0)
  t.like(hello, { type: 'hello', version: '1.2.3', last: 1 })
  feed.add('error', { event: 'blocked', endpoint: 'default' }, 'not accepted')
  t.deepEqual(await listener.hears('blocked'), ['blocked'])
  t.like(listener.messages.at(-1)!.happening, {
    endpoint: 'default',
    severity: 'error',
    text: 'not accepted',
  })
})

test('whoever comes back goes on where they stopped', async t => {
  const { feed, listen } = await scene(t)
  for (const event of ['one', 'two', 'three']) feed.add('info', { event }, '')
  t.deepEqual(await listen('?after=1').hears('three'), ['two', 'three'])
})

test('what is no longer known is counted as missed', async t => {
  const { feed, listen } = await scene(t)
  for (let n = 0; n < 2100; n++) feed.add('info', { event: 'old' }, '')
  feed.add('info', { event: 'new' }, '')
  const listener = listen('?after=50')
  await listener.hears('new')
  t.like(listener.messages[1], { type: 'missed', count: 51 })
})

test('no more than the newest that were asked for come, and what was skipped is counted', async t => {
  const { feed, listen } = await scene(t)
  for (const event of ['one', 'two', 'three', 'four']) feed.add('info', { event }, '')
  t.deepEqual(await listen('?recent=2').hears('four'), ['three', 'four'])
  const behind = listen('?after=1&recent=2')
  t.deepEqual(await behind.hears('four'), ['three', 'four'])
  t.like(behind.messages[1], { type: 'missed', count: 1 })
})

test('a number of an earlier process skips nothing of this one', async t => {
  const { feed, listen } = await scene(t)
  for (const event of ['one', 'two', 'three']) feed.add('info', { event }, '')
  t.deepEqual(await listen(`?after=2&started=${STARTED_AT}`).hears('three'), ['three'])
  t.deepEqual(await listen('?after=2&started=2025-12-31T00:00:00.000Z').hears('three'), [
    'one',
    'two',
    'three',
  ])
})

test('the status comes at once and every other second, for those who ask', async t => {
  const { clock, listen } = await scene(t)
  const asks = listen('?status')
  await asks.until(messages => messages.some(({ type }) => type === 'status'))
  const quiet = listen()
  await quiet.until(messages => messages.length === 1)
  await clock.advance(2000)
  await asks.until(messages => messages.filter(({ type }) => type === 'status').length === 2)
  t.deepEqual(asks.messages.at(-1)!.status, { asked: 2 })
  t.is(quiet.messages.length, 1)
})

test('filters are joined by and, repeated ones by or', async t => {
  const { feed, listen } = await scene(t)
  const first = listen('?task=cpu&task=disk&kind=trigger&kind=resolve')
  const second = listen('?incident=HOST=A&level=warning&endpoint=default')
  for (const { messages } of [first, second]) t.is(messages.length, 0)
  await Promise.all([first, second].map(listener => listener.until(messages => messages.length > 0)))
  const all = { incident: 'cpu:host=a', incidentLevel: 'CRITICAL', task: 'cpu', endpoint: 'default' }
  feed.add('info', { ...all, event: 'trigger' }, '')
  feed.add('info', { ...all, event: 'delivered' }, '')
  feed.add('info', { ...all, event: 'trigger', task: 'mem', incidentLevel: 'INFO' }, '')
  feed.add('info', { ...all, event: 'trigger', endpoint: 'storage' }, '')
  feed.add('info', { event: 'node-started', task: 'disk' }, '')
  feed.add('info', { ...all, event: 'resolve', incidentLevel: 'OK', task: 'disk' }, '')
  feed.add('info', { ...all, event: 'delivered', incidentLevel: 'OK', kind: 'resolve', task: 'disk' }, '')
  t.deepEqual(await first.hears('resolve'), ['trigger', 'trigger', 'resolve'])
  await second.until(messages => messages.length === 5)
  t.deepEqual(await second.hears('resolve'), ['trigger', 'delivered', 'resolve', 'delivered'])
})

test('a listener that does not read costs no more than its share, and is told what it missed', async t => {
  const { feed, listen } = await scene(t)
  const slow = listen()
  await slow.until(messages => messages.length === 1)
  slow.socket.pause()
  const before = process.memoryUsage().rss
  const text = 'x'.repeat(10_000)
  const SENT = 20_000
  for (let n = 0; n < SENT; n++) feed.add('info', { event: 'flood' }, text)
  t.true(process.memoryUsage().rss - before < 100 * 2 ** 20, '200 MB were sent')
  slow.socket.resume()
  // What waited is read first; then there is room again.
  const counted = (messages: readonly Message[]): number =>
    messages.filter(({ happening }) => happening?.event === 'flood').length
  const missed = (messages: readonly Message[]): number =>
    messages.reduce((sum, { count = 0 }) => sum + count, 0)
  await slow.until(messages => {
    feed.add('info', { event: 'after' }, '')
    return messages.some(({ type }) => type === 'missed')
  })
  await slow.hears('after')
  const afters = slow.messages.filter(({ happening }) => happening?.event === 'after').length
  t.true(missed(slow.messages) > 0 && afters > 0)
  t.true(counted(slow.messages) + missed(slow.messages) >= SENT)
})

test('one that is gone without a word is let go', async t => {
  const { clock, listen } = await scene(t)
  const gone = listen()
  await gone.until(messages => messages.length === 1)
  // Answers no ping from now on.
  gone.socket.pause()
  await clock.advance(20_000)
  await clock.advance(20_000)
  gone.socket.resume()
  t.is(await gone.closed, 1006)
})

test('when the sidecar stops, listeners are told so', async t => {
  const { listen, sockets } = await scene(t)
  const listener = listen()
  await listener.until(messages => messages.length === 1)
  sockets.stop()
  t.is(await listener.closed, 1001)
})

test('a page of another origin, a foreign host, and one without the token are refused', async t => {
  const open = await scene(t)
  const guarded = await scene(t, { token: 'right' })
  const refusals = [
    open.listen('', { origin: 'http://evil.example' }),
    open.listen('', { host: 'evil.example' }),
    guarded.listen(),
    guarded.listen('', { authorization: 'Bearer wrong' }),
  ]
  for (const { closed } of refusals) t.is(await closed, 1006)
  t.deepEqual(
    [...open.stage.refusals, ...guarded.stage.refusals].map(({ status }) => status),
    [403, 403, 401, 401],
  )
  const let_in = guarded.listen('', { authorization: 'Bearer right' })
  t.is((await let_in.until(messages => messages.length > 0))[0]!.type, 'hello')
})

test('another path, and another protocol, are answered in plain HTTP', async t => {
  const { stage } = await scene(t)
  const ask = async (path: string, protocol: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port: stage.listener.port })
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
    )
    return heard(socket)
  }
  t.regex(await ask('/elsewhere', 'websocket'), /^HTTP\/1\.1 404 Not Found\r\n/)
  t.regex(await ask('/healthz', 'h2c'), /^HTTP\/1\.1 200 OK\r\n.*alive/s)
})
