// Connections as they come in bad weather: half, slow, too large, many, and at the end.
import { once } from 'node:events'
import test from 'ava'
import type { Taken } from '../../src/http/intake.ts'
import { heldMemory } from '../fakes/memory.ts'
import { ALERT, ask, heard, listening, postOf } from './listening.ts'

/** Long enough for a busy machine to answer first what has an answer. */
const SHORT = { headersMs: 1000, requestMs: 1000, checkEveryMs: 20 }
const BODY = JSON.stringify(ALERT)
const MIB = 1024 * 1024

test('the connection is closed after the answer, whatever the sender wishes', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  socket.write(postOf(BODY, ['Connection: keep-alive']))
  const answer = await heard(socket)
  t.regex(answer, /^HTTP\/1\.1 202 /)
  t.regex(answer, /\r\nconnection: close\r\n/i)
})

test('half a request takes nothing, and is let go after its time', async t => {
  const stage = await listening(t, { times: SHORT })
  const socket = await stage.dial()
  socket.write(postOf(BODY).slice(0, -10))
  t.regex(await heard(socket), /^HTTP\/1\.1 408 /)
  t.deepEqual(stage.taken, [])
})

test('headers that drip in are let go after their time', async t => {
  const stage = await listening(t, { times: { ...SHORT, requestMs: 60_000 } })
  const socket = await stage.dial()
  socket.write('POST /v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: a')
  t.regex(await heard(socket), /^HTTP\/1\.1 408 /)
})

test('a connection on which nothing is said is let go too', async t => {
  const stage = await listening(t, { times: SHORT })
  const socket = await stage.dial()
  t.regex(await heard(socket), /^(HTTP\/1\.1 408 |$)/)
})

test('a sender who leaves in the middle takes nothing with it', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  socket.write(postOf(BODY).slice(0, -1))
  socket.destroy()
  t.is((await stage.ask({})).status, 202)
  t.is(stage.taken.length, 1)
  t.deepEqual([...stage.refusals, ...stage.failures], [])
})

test('a sender that ends its half before the body is whole takes nothing', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  socket.end(postOf(BODY).slice(0, -1))
  t.regex(await heard(socket), /^(HTTP\/1\.1 400 |$)/)
  t.deepEqual([...stage.taken, ...stage.failures], [])
})

test('byte by byte it is the same post', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  socket.setNoDelay(true)
  for (const byte of postOf(BODY)) socket.write(byte)
  t.regex(await heard(socket), /^HTTP\/1\.1 202 /)
  t.is(stage.taken.length, 1)
})

test('of requests one behind the other the first is taken, and the connection closed: the others are sent again', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  socket.write(postOf(BODY).repeat(3))
  const answer = await heard(socket)
  t.is(answer.match(/HTTP\/1\.1/g)?.length, 1)
  t.is(stage.taken.length, 1)
})

test('no HTTP at all is answered as such', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  socket.write('\x05\x12\x34 hello\r\n\r\n')
  t.regex(await heard(socket), /^HTTP\/1\.1 400 /)
})

test('a body of 1 MiB is taken, and of a longer one what a page needs, in whatever way its length is told', async t => {
  const stage = await listening(t)
  const sized = (size: number): string => {
    const empty = JSON.stringify({ ...ALERT, message: '' })
    return JSON.stringify({ ...ALERT, message: 'x'.repeat(size - empty.length) })
  }
  t.is((await stage.ask({ body: sized(MIB) })).status, 202)
  const chunked = { 'transfer-encoding': 'chunked' }
  t.is((await stage.ask({ body: sized(MIB), headers: chunked })).status, 202)
  const rows = Array.from({ length: 60_000 }, (_, at) => ['2026-05-28T20:26:40Z', at])
  const { id, level } = ALERT
  const series = [{ name: 'cpu', tags: { host: 'a' }, columns: ['time', 'usage'], values: rows }]
  for (const headers of [{}, chunked]) {
    const { status, body } = await stage.ask({
      body: JSON.stringify({ id, level, data: { series } }),
      headers,
    })
    t.is(status, 202)
    t.regex(body, /the body is over 1 MiB: what is behind that is left out/)
    t.is(stage.taken.at(-1)?.alert.id, id)
    t.is(stage.taken.at(-1)!.alert.series[0]!.values.length, 10_000)
    const late = await stage.ask({ body: JSON.stringify({ data: { series }, id, level }), headers })
    t.is(late.status, 413)
    t.regex(late.body, /^the body is over 1 MiB: let fewer points into the alert/)
  }
  t.is(stage.taken.length, 4)
})

// Alone: it counts all the memory of this process.
test.serial('of a body of 100 MB nothing stays in memory, and its sender gets the answer', async t => {
  const stage = await listening(t)
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, ' '), Buffer.from('\r\n')])
  const before = heldMemory()
  let most = 0
  const socket = await stage.dial()
  const answer = heard(socket)
  socket.write('POST /v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n')
  for (let sent = 1; sent <= 100; sent++) {
    if (!socket.write(chunk)) await once(socket, 'drain')
    if (sent % 10 === 0) most = Math.max(most, heldMemory() - before)
  }
  socket.write('0\r\n\r\n')
  t.regex(await answer, /^HTTP\/1\.1 413 /)
  t.true(most < 10 * MIB, `${most} bytes`)
  t.deepEqual(stage.taken, [])
})

test('a sender who never ends a body that is too large is let go after its time', async t => {
  const stage = await listening(t, { times: SHORT })
  const socket = await stage.dial()
  socket.write(`POST /v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${100 * MIB}\r\n\r\n{`)
  t.regex(await heard(socket), /^HTTP\/1\.1 413 /)
})

test('nobody is turned away for their number, while as many others stand in the way', async t => {
  const stage = await listening(t)
  const idle = await Promise.all(Array.from({ length: 300 }, () => stage.dial()))
  for (const socket of idle) socket.write('POST /v1/alerts HTTP/1.1\r\n')
  const replies = await Promise.all(Array.from({ length: 300 }, () => stage.ask({})))
  t.deepEqual([...new Set(replies.map(({ status }) => status))], [202])
  t.is(stage.taken.length, 300)
})

test('at the end a request under way is answered, and no other is accepted', async t => {
  const answer = Promise.withResolvers<Taken>()
  const begun = Promise.withResolvers<void>()
  const stage = await listening(t, {
    take: () => {
      begun.resolve()
      return answer.promise
    },
  })
  const reply = stage.ask({})
  await begun.promise
  const stopped = stage.listener.stop(10_000)
  await t.throwsAsync(ask(stage.listener.port, {}), undefined)
  answer.resolve({ event: 'trigger', durable: true })
  t.is((await reply).status, 202)
  await stopped
})

test('at the end half a request holds nobody up for longer than it may', async t => {
  const stage = await listening(t)
  const socket = await stage.dial()
  const answer = heard(socket).catch(() => 'reset')
  socket.write(postOf(BODY).slice(0, -1))
  t.is((await stage.ask({})).status, 202)
  await stage.listener.stop(100)
  t.regex(await answer, /^(|reset)$/)
  t.is(stage.taken.length, 1)
})
