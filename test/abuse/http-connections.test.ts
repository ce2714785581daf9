// Peers of the local listener that hold connections, or never read: none of them costs more than its time, none keeps a
// post out, and none keeps the listener from stopping.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { Route } from '../../src/http/routes.ts'
import { heldMemory } from '../fakes/memory.ts'
import { listening, type Stage } from '../http/listening.ts'

const MIB = 1024 * 1024

/** One that keeps its half open after the other end has closed its own. */
async function stubborn(t: ExecutionContext, { listener }: Stage, request: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: listener.port, allowHalfOpen: true })
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(request)
  return socket
}

const upgradeOf = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...['Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket'],
    ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''],
  ].join('\r\n')

/** All that comes until the other end is gone, in whatever way. */
async function untilGone(socket: Socket): Promise<string> {
  let all = ''
  socket.on('data', chunk => {
    all += chunk
  })
  if (!socket.closed) await new Promise(resolve => socket.once('close', resolve))
  return all
}

/** Larger than what the kernel takes off us for a peer that does not read. */
const LARGE_BYTES = 16 * MIB
const LARGE: Route = {
  path: '/large',
  methods: { GET: () => ({ status: 200, type: 'text/plain', body: 'x'.repeat(LARGE_BYTES) }) },
}
const GET_LARGE = 'GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'

test('a refused upgrade is closed, though its peer never closes', async t => {
  const stage = await listening(t, { times: { answerMs: 100 }, token: 'secret' })
  for (const path of ['/feed', '/nothing']) {
    const socket = await stubborn(t, stage, upgradeOf(path))
    // Something to send is how it learns that the other end is gone.
    const prod = setInterval(() => socket.write('x'), 10)
    const answer = await untilGone(socket)
    clearInterval(prod)
    t.regex(answer, /^HTTP\/1\.1 401 /)
  }
})

test('the listener stops within its time, whatever its peers hold', async t => {
  const stage = await listening(t, { routes: [LARGE] })
  const refused = await stubborn(t, stage, upgradeOf('/nothing'))
  await once(refused, 'data')
  const unread = await stubborn(t, stage, GET_LARGE)
  unread.pause()
  const silent = await stubborn(t, stage, '')
  const half = await stubborn(t, stage, 'POST /v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\n')
  await stage.ask({})
  await stage.listener.stop(50)
  t.pass('it would not resolve while one is open')
  for (const socket of [refused, unread, silent, half]) socket.destroy()
})

// Alone: it counts all the memory of this process.
test.serial('answers that no one reads are bounded in memory, and posts are taken beside them', async t => {
  const limits = { connections: 512, bytesInFlight: 4 * LARGE_BYTES }
  const stage = await listening(t, { routes: [LARGE], limits, times: { answerMs: 60_000 } })
  const before = heldMemory()
  const deaf = await Promise.all(Array.from({ length: 200 }, () => stage.dial()))
  for (const socket of deaf) {
    socket.pause()
    socket.write(GET_LARGE)
  }
  while ((await stage.ask({ method: 'GET', path: '/large' })).status !== 503);
  t.is((await stage.ask({})).status, 202)
  const grown = heldMemory() - before
  t.true(grown < 16 * LARGE_BYTES, `${grown} bytes of ${200 * LARGE_BYTES} that were asked for`)
  for (const socket of deaf) socket.destroy()
  // Their places are free again.
  while ((await stage.ask({ method: 'GET', path: '/large' })).status !== 200);
})

test('an answer that is not read in its time is given up', async t => {
  const stage = await listening(t, { routes: [LARGE], times: { answerMs: 100 } })
  const socket = await stage.dial()
  socket.pause()
  socket.write(GET_LARGE)
  // The listener has written it before it takes the next request of this one.
  await stage.ask({})
  await stage.listener.stop(60_000)
  socket.resume()
  t.true((await untilGone(socket)).length < LARGE_BYTES)
})

test('connections beyond the limit push out the oldest that wait for their peer, never a post that is answered', async t => {
  const answer = Promise.withResolvers<{ event: 'trigger'; durable: true }>()
  const begun = Promise.withResolvers<void>()
  const stage = await listening(t, {
    limits: { connections: 10, bytesInFlight: MIB },
    take: () => {
      begun.resolve()
      return answer.promise
    },
  })
  const post = stage.ask({})
  await begun.promise
  const idle = await Promise.all(Array.from({ length: 50 }, () => stage.dial()))
  const gone = idle.slice(0, 30).map(socket => once(socket, 'close'))
  await Promise.all(gone)
  answer.resolve({ event: 'trigger', durable: true })
  t.is((await post).status, 202)
})
