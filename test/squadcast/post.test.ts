import { subscribe } from 'node:diagnostics_channel'
import { EventEmitter, once } from 'node:events'
import test from 'ava'
import { ANSWER_BYTES } from '../../src/squadcast/post.ts'
import { heldClock } from './clocks.ts'
import { codeOf, postTo, quiet } from './posting.ts'
import { deadPort, happening, httpServer, tcpServer } from './servers.ts'

/** Tells, by origin, when undici hands over a piece of an answer. */
const arrivals = new EventEmitter()
subscribe('undici:request:bodyChunkReceived', message => {
  arrivals.emit(String((message as { request: { origin: unknown } }).request.origin))
})

test('a post carries its body, its headers and the login of the URL', async t => {
  const seen: unknown[] = []
  const { port } = await httpServer(t, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { 'content-type': type, 'user-agent': agent, authorization, 'x-env': env } = request.headers
    seen.push(request.method, request.url, type, agent, authorization, env, body)
    response.writeHead(202).end('accepted')
  })
  const post = postTo(t, `http://me:p%20w@127.0.0.1:${port}/hook/KEY?a=b`, { headers: { 'X-Env': 'prod' } })
  t.deepEqual(await post.send('{"x":"ü"}', quiet), { kind: 'answered', status: 202, body: 'accepted' })
  t.deepEqual(seen, [
    'POST',
    '/hook/KEY?a=b',
    'application/json',
    'kapacitor-squadcast',
    `Basic ${btoa('me:p w')}`,
    'prod',
    '{"x":"ü"}',
  ])
})

test('a hundred posts in a row keep to the same connections', async t => {
  const { port, sockets } = await httpServer(t, (_, response) => response.end('ok'))
  const post = postTo(t, `http://127.0.0.1:${port}/`)
  for (let count = 0; count < 100; count += 1) {
    t.like(await post.send('{}', quiet), { kind: 'answered', status: 200 })
  }
  // Two, since undici looks at an idle connection before it uses it again, and has a second one by then.
  t.true(sockets.length <= 2, `${sockets.length} connections`)
})

test('posts at the same time use no more connections than allowed', async t => {
  const waiting: (() => void)[] = []
  const four = happening()
  const { port, sockets } = await httpServer(t, (_, response) => {
    waiting.push(() => response.end())
    if (waiting.length === 4) four.happen()
    if (waiting.length > 4) response.end()
  })
  const post = postTo(t, `http://127.0.0.1:${port}/`)
  const outcomes = Promise.all(Array.from({ length: 12 }, () => post.send('{}', quiet)))
  await four.happened
  for (const answer of waiting.splice(0, 4)) {
    waiting.push(() => {})
    answer()
  }
  t.true((await outcomes).every(({ kind }) => kind === 'answered'))
  t.is(sockets.length, 4)
})

test('a refused connection is a failure before anything was sent', async t => {
  const outcome = await postTo(t, `http://127.0.0.1:${await deadPort()}/`).send('{}', quiet)
  t.like(outcome, { kind: 'failed', begun: false })
  t.is(outcome.kind === 'failed' && codeOf(outcome.error), 'ECONNREFUSED')
})

test('a connection that is reset as soon as it stands is a failure', async t => {
  const { port } = await tcpServer(t, socket => socket.resetAndDestroy())
  t.like(await postTo(t, `http://127.0.0.1:${port}/`).send('{}', quiet), { kind: 'failed' })
})

test('a connection that is reset after the request was read may have carried it', async t => {
  const { port } = await tcpServer(t, socket => socket.once('data', () => socket.resetAndDestroy()))
  const outcome = await postTo(t, `http://127.0.0.1:${port}/`).send('{}', quiet)
  t.like(outcome, { kind: 'failed', begun: true })
  t.is(outcome.kind === 'failed' && codeOf(outcome.error), 'ECONNRESET')
})

test('an idle connection that the server closes is replaced, and nothing is sent twice', async t => {
  let requests = 0
  const { port, sockets } = await httpServer(t, (_, response) => {
    requests += 1
    response.end('ok')
  })
  const post = postTo(t, `http://127.0.0.1:${port}/`)
  await post.send('{}', quiet)
  const [first] = sockets
  const closed = once(first!, 'close')
  first!.end()
  await closed
  t.like(await post.send('{}', quiet), { kind: 'answered', status: 200 })
  t.deepEqual([requests, sockets.length], [2, 2])
})

test('a server that never answers runs into the limit in time', async t => {
  const clock = heldClock()
  const { port } = await tcpServer(t, socket => socket.once('data', clock.expire))
  const post = postTo(t, `http://127.0.0.1:${port}/`, {}, clock)
  const outcome = await post.send('{}', quiet)
  t.like(outcome, { kind: 'failed', begun: true })
  t.is(outcome.kind === 'failed' && codeOf(outcome.error), 'TIMEOUT')
})

test('an answer that trickles for ever ends at the limit in time with the status it began with', async t => {
  const { port } = await httpServer(t, (_, response) => {
    response.writeHead(503, { 'retry-after': '7' })
    response.write('busy')
  })
  const clock = heldClock()
  const attempt = postTo(t, `http://127.0.0.1:${port}/`, {}, clock).send('{}', quiet)
  await once(arrivals, `http://127.0.0.1:${port}`)
  clock.expire()
  t.deepEqual(await attempt, { kind: 'answered', status: 503, retryAfter: '7', body: 'busy' })
})

test('a connection that comes too late is given up unused, and later posts go through', async t => {
  const seen: string[] = []
  const { port } = await httpServer(t, async (request, response) => {
    seen.push(Buffer.concat(await request.toArray()).toString())
    response.end()
  })
  const clock = heldClock()
  const post = postTo(t, `http://127.0.0.1:${port}/`, { connections: 1 }, clock)
  const late = post.send('late', quiet)
  clock.expire()
  t.like(await late, { kind: 'failed', begun: false })
  t.like(await post.send('on time', quiet), { kind: 'answered', status: 200 })
  t.deepEqual(seen, ['on time'])
})

test('a redirect is an answer, and is not followed', async t => {
  const urls: (string | undefined)[] = []
  const { port } = await httpServer(t, (request, response) => {
    urls.push(request.url)
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  t.like(await postTo(t, `http://127.0.0.1:${port}/here`).send('{}', quiet), {
    kind: 'answered',
    status: 307,
  })
  t.deepEqual(urls, ['/here'])
})

test('an informational answer is not yet the answer', async t => {
  const { port } = await httpServer(t, (_, response) => {
    response.writeProcessing()
    response.writeHead(202).end()
  })
  t.like(await postTo(t, `http://127.0.0.1:${port}/`).send('{}', quiet), { kind: 'answered', status: 202 })
})

test('a 200 whose body breaks is a 200', async t => {
  const { port } = await httpServer(t, (_, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('half', () => response.destroy())
  })
  const outcome = await postTo(t, `http://127.0.0.1:${port}/`).send('{}', quiet)
  t.deepEqual(outcome, { kind: 'answered', status: 200, body: 'half' })
})

test('an answer that is no HTTP is a failure', async t => {
  const { port } = await tcpServer(t, socket => socket.once('data', () => socket.end('220 mail ready\r\n')))
  t.like(await postTo(t, `http://127.0.0.1:${port}/`).send('{}', quiet), { kind: 'failed', begun: true })
})

test('of an answer of 100 MB no more than 64 KB is taken', async t => {
  const size = 100 * 1024 * 1024
  const chunk = Buffer.alloc(64 * 1024, 'x')
  let written = 0
  const over = happening()
  const { port } = await httpServer(t, (_, response) => {
    response.writeHead(200, { 'content-length': size })
    response.on('close', over.happen)
    const more = () => {
      while (written < size && !response.destroyed) {
        written += chunk.length
        if (!response.write(chunk)) break
      }
    }
    response.on('drain', more)
    more()
  })
  const outcome = await postTo(t, `http://127.0.0.1:${port}/`).send('{}', quiet)
  t.like(outcome, { kind: 'answered', status: 200 })
  t.is(outcome.kind === 'answered' && outcome.body.length, ANSWER_BYTES)
  await over.happened
  // What lies in the buffers of both sockets has been written too.
  t.true(written < size / 2, `${written} bytes`)
})

test('an abort in the middle ends the attempt at once, with the request begun', async t => {
  const arrived = happening()
  const { port, sockets } = await httpServer(t, arrived.happen)
  const leaving = new AbortController()
  const attempt = postTo(t, `http://127.0.0.1:${port}/`).send('{}', leaving.signal)
  await arrived.happened
  const closed = once(sockets[0]!, 'close')
  leaving.abort()
  const outcome = await attempt
  t.like(outcome, { kind: 'failed', begun: true })
  t.is(outcome.kind === 'failed' && codeOf(outcome.error), 'CUT_SHORT')
  await closed
})

test('with an abort before the attempt nothing is sent', async t => {
  const { port, sockets } = await httpServer(t, (_, response) => response.end())
  const outcome = await postTo(t, `http://127.0.0.1:${port}/`).send('{}', AbortSignal.abort())
  t.like(outcome, { kind: 'failed', begun: false })
  t.is(sockets.length, 0)
})

test('closing waits for the attempt under way, and an attempt afterwards fails', async t => {
  const arrived = happening()
  let answer = () => {}
  const { port } = await httpServer(t, (_, response) => {
    answer = () => response.end('done')
    arrived.happen()
  })
  const post = postTo(t, `http://127.0.0.1:${port}/`)
  const attempt = post.send('{}', quiet)
  await arrived.happened
  const closed = post.close()
  answer()
  t.like(await attempt, { kind: 'answered', status: 200, body: 'done' })
  await closed
  t.like(await post.send('{}', quiet), { kind: 'failed', begun: false })
})

test('headers that cannot be sent are refused by name, without their value', t => {
  const wrong = [{ 'bad name': 'hush' }, { 'X-Key': 'hush\r\nX: y' }, { 'Content-Length': 'hush' }]
  for (const headers of wrong as Record<string, string>[]) {
    const error = t.throws(() => postTo(t, 'http://127.0.0.1:1/', { headers }), { code: 'HEADER_INVALID' })
    t.notRegex(`${error?.message}${error?.cause}`, /hush/)
  }
})
