import test, { type ExecutionContext } from 'ava'
import { openPost, type PostSettings } from '../../src/squadcast/post.ts'
import { proxyFor } from '../../src/squadcast/tunnel.ts'
import { ProxyRefusal } from '../../src/squadcast/verdict.ts'
import { selfSigned } from './certificate.ts'
import { realClock } from './clocks.ts'
import { pipeThrough, proxy } from './proxy.ts'
import { deadPort, httpServer, httpsServer, tcpServer } from './servers.ts'

const certificate = selfSigned()
const quiet = new AbortController().signal

function postTo(t: ExecutionContext, url: string, settings: Partial<PostSettings>) {
  const post = openPost(
    {
      url: new URL(url),
      env: {},
      timeoutMs: 10_000,
      connections: 1,
      headers: {},
      ca: certificate.cert,
      ...settings,
    },
    realClock,
  )
  t.teardown(() => post.close())
  return post
}

for (const scheme of ['http', 'https'] as const) {
  test(`an ${scheme} URL is reached through the proxy of the environment, over one tunnel`, async t => {
    const target = scheme === 'https' ? httpsServer(t, certificate, reply) : httpServer(t, reply)
    const { port } = await target
    const way = await proxy(t)
    const env = { [`${scheme.toUpperCase()}_PROXY`]: `http://me:p%40w@127.0.0.1:${way.port}` }
    const post = postTo(t, `${scheme}://127.0.0.1:${port}/hook`, { env })
    for (let count = 0; count < 3; count += 1) {
      t.like(await post.send('{}', quiet), { kind: 'answered', status: 200, body: 'there' })
    }
    t.deepEqual(way.asked, [{ target: `127.0.0.1:${port}`, login: `Basic ${btoa('me:p@w')}` }])
  })
}

const reply: Parameters<typeof httpServer>[1] = (_, response) => response.end('there')

test('a proxy that itself speaks TLS is asked over TLS', async t => {
  const { port } = await httpsServer(t, certificate, reply)
  const way = await proxy(t, pipeThrough, certificate)
  const post = postTo(t, `https://127.0.0.1:${port}/`, { proxy: `https://127.0.0.1:${way.port}` })
  t.like(await post.send('{}', quiet), { kind: 'answered', body: 'there' })
  t.is(way.asked.length, 1)
})

test('a host in NO_PROXY is reached directly', async t => {
  const { port } = await httpsServer(t, certificate, reply)
  const way = await proxy(t)
  const env = { HTTPS_PROXY: `http://127.0.0.1:${way.port}`, NO_PROXY: 'elsewhere, 127.0.0.1' }
  t.like(await postTo(t, `https://127.0.0.1:${port}/`, { env }).send('{}', quiet), { kind: 'answered' })
  t.deepEqual(way.asked, [])
})

for (const status of [302, 403, 407, 502]) {
  test(`a proxy that answers ${status} to CONNECT is a refusal with nothing sent`, async t => {
    const way = await proxy(t, (_, socket) =>
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`),
    )
    const post = postTo(t, 'https://squadcast.invalid/', { proxy: `http://127.0.0.1:${way.port}` })
    const outcome = await post.send('{}', quiet)
    t.like(outcome, { kind: 'failed', begun: false })
    t.is(outcome.kind === 'failed' && outcome.error instanceof ProxyRefusal && outcome.error.status, status)
    t.is(way.asked.length, 1)
  })
}

test('a proxy that is not there is a failure with nothing sent', async t => {
  const post = postTo(t, 'https://squadcast.invalid/', { proxy: `http://127.0.0.1:${await deadPort()}` })
  const outcome = await post.send('{}', quiet)
  t.like(outcome, { kind: 'failed', begun: false })
  t.is(outcome.kind === 'failed' && (outcome.error as { code?: string }).code, 'PROXY_ECONNREFUSED')
})

test('a proxy that hangs up is asked once for each attempt, not again and again', async t => {
  const { port, sockets } = await tcpServer(t, socket => socket.once('data', () => socket.end()))
  const post = postTo(t, 'https://squadcast.invalid/', { proxy: `http://127.0.0.1:${port}` })
  for (let count = 0; count < 3; count += 1) {
    t.like(await post.send('{}', quiet), { kind: 'failed', begun: false })
  }
  t.is(sockets.length, 3)
})

test('a proxy that was silent and then speaks lets later attempts through', async t => {
  const { port } = await httpsServer(t, certificate, reply)
  let silent = true
  const way = await proxy(t, (request, socket) => {
    if (!silent) pipeThrough(request, socket)
  })
  const settings = { proxy: `http://127.0.0.1:${way.port}`, timeoutMs: 200 }
  const post = postTo(t, `https://127.0.0.1:${port}/`, settings)
  t.like(await post.send('{}', quiet), { kind: 'failed', begun: false })
  silent = false
  let outcome = await post.send('{}', quiet)
  for (let tries = 0; outcome.kind === 'failed' && tries < 20; tries += 1)
    outcome = await post.send('{}', quiet)
  t.like(outcome, { kind: 'answered', status: 200 })
})

const chosen = (url: string, env: Record<string, string>, explicit?: string) =>
  proxyFor({ url: new URL(url), env, proxy: explicit })?.host

test('the proxy follows the scheme of the URL, lower case first, and an explicit one wins', t => {
  const url = 'https://hooks.example.com/x'
  t.is(chosen(url, {}), undefined)
  t.is(chosen(url, { HTTPS_PROXY: '' }), undefined)
  t.is(chosen(url, { HTTPS_PROXY: 'http://up:1' }), 'up:1')
  t.is(chosen(url, { HTTPS_PROXY: 'up:1' }), 'up:1')
  t.is(chosen(url, { HTTPS_PROXY: 'http://up:1', https_proxy: 'http://low:2' }), 'low:2')
  t.is(chosen(url, { HTTP_PROXY: 'http://plain:3' }), undefined)
  t.is(chosen('http://hooks.example.com/x', { HTTP_PROXY: 'http://plain:3' }), 'plain:3')
  t.is(chosen(url, { HTTPS_PROXY: 'http://up:1', NO_PROXY: '*' }, 'http://own:4'), 'own:4')
})

test('NO_PROXY exempts names, all names below them, and only the port it names', t => {
  const direct = (url: string, list: string) =>
    chosen(url, { HTTPS_PROXY: 'http://up:1', NO_PROXY: list }) === undefined
  for (const list of [
    'example.com',
    '.example.com',
    '*.example.com',
    'a,EXAMPLE.com',
    'a example.com:443',
    '*',
  ]) {
    t.true(direct('https://hooks.example.com/', list), list)
  }
  for (const list of ['', 'ample.com', 'example.com:8443', 'example.org', ' , ']) {
    t.false(direct('https://hooks.example.com/', list), list)
  }
  for (const list of ['::1', '[::1]', '[::1]:8443']) t.true(direct('https://[::1]:8443/', list), list)
  t.false(direct('https://[::1]:8443/', '[::1]:443'))
})

test('an address of a proxy that makes no sense is refused without being quoted', t => {
  for (const address of ['http://', 'socks5://me:hush@x', 'http://me:hush@[x']) {
    const error = t.throws(() => chosen('https://x/', {}, address), { code: 'PROXY_INVALID' })
    t.notRegex(`${error}`, /hush/)
  }
})
