// The client of Kapacitor's HTTP API against a real server that answers as it is told to.
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { type KapacitorAddress, KapacitorClient, KapacitorError } from '../../src/kapacitor/client.ts'
import { FakeClock } from '../fakes/clock.ts'
import { selfSigned } from '../squadcast/certificate.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: string
}

type Reply = { readonly status?: number; readonly body: string } | 'hang' | 'reset'

const task = (id: string, rest: object = {}): object => ({
  ...{ id, status: 'enabled', executing: true, error: '', script: 'stream', type: 'stream' },
  ...{ 'last-enabled': '2026-01-01T00:00:00.5Z', modified: '2026-01-01T00:00:00.5Z', dot: 'digraph x {}' },
  ...rest,
})

async function server(
  t: ExecutionContext,
  reply: (seen: Seen) => Reply,
  { certificate, path = '' }: { certificate?: { key: string; cert: string }; path?: string } = {},
) {
  const seen: Seen[] = []
  const answer: RequestListener = async (request, response) => {
    const { method = '', url = '', headers } = request
    const one = { method, url, authorization: headers.authorization, body: await text(request) }
    seen.push(one)
    const chosen = reply(one)
    if (chosen === 'reset') request.socket.destroy()
    else if (chosen !== 'hang') response.writeHead(chosen.status ?? 200).end(chosen.body)
  }
  const listening: Server = certificate ? createHttps(certificate, answer) : createHttp(answer)
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    listening.close()
    listening.closeAllConnections()
  })
  const { port } = listening.address() as AddressInfo
  return { seen, url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}${path}` }
}

function client(t: ExecutionContext, address: KapacitorAddress) {
  const clock = new FakeClock()
  const made = new KapacitorClient(address, clock)
  t.teardown(() => made.close())
  return { clock, client: made }
}

const json = (value: unknown): Reply => ({ body: JSON.stringify(value) })

test('thousands of tasks are read a page after the other', async t => {
  const all = Array.from({ length: 2345 }, (_, n) => task(`t${n}`))
  const { url, seen } = await server(t, ({ url }) => {
    const query = new URL(url, 'http://x').searchParams
    const offset = Number(query.get('offset'))
    return json({ tasks: all.slice(offset, offset + Number(query.get('limit'))) })
  })
  const tasks = await client(t, { url }).client.tasks()
  t.is(tasks.length, all.length)
  t.true(seen.length > 5)
  t.deepEqual(tasks[7], {
    ...{ id: 't7', status: 'enabled', executing: true, error: '', script: 'stream' },
    ...{ lastEnabled: '2026-01-01T00:00:00.5Z', modified: '2026-01-01T00:00:00.5Z' },
  })
})

test('a task is asked for and changed under its path, with the login and below a path of its own', async t => {
  const { url, seen } = await server(t, () => json(task('a.b')), { path: '/behind/proxy' })
  const address = { url, username: 'ops', password: 'geheim' }
  const made = client(t, address).client
  await made.task('a.b')
  t.is((await made.setStatus('a.b', 'disabled'))?.id, 'a.b')
  t.is(await made.dot('a.b'), 'digraph x {}')
  const login = `Basic ${Buffer.from('ops:geheim').toString('base64')}`
  t.deepEqual(
    seen.map(({ method, url, body, authorization }) => [method, url, body, authorization === login]),
    [
      ['GET', '/behind/proxy/kapacitor/v1/tasks/a.b', '', true],
      ['PATCH', '/behind/proxy/kapacitor/v1/tasks/a.b', '{"status":"disabled"}', true],
      ['GET', '/behind/proxy/kapacitor/v1/tasks/a.b', '', true],
    ],
  )
})

test("a task that is not there is no error, and another's 404 is none of Kapacitor's", async t => {
  let error = 'no task exists'
  const { url } = await server(t, () => ({ status: 404, body: JSON.stringify({ error }) }))
  const made = client(t, { url }).client
  t.is(await made.task('x'), undefined)
  error = 'task does not exist, cannot update'
  t.is(await made.setStatus('x', 'enabled'), undefined)
  error = 'page not found'
  t.is((await t.throwsAsync<KapacitorError>(made.task('x')))?.code, 'not-kapacitor')
})

test('a topic is read with its exact times, and an unknown one is undefined', async t => {
  const { url } = await server(t, ({ url }) => {
    if (url.includes('nosuch'))
      return { status: 500, body: '{"error":"failed to get topic events: unknown topic \\"nosuch\\""}' }
    if (!url.endsWith('/events')) return json({ id: 'main:cpu:alert2', level: 'CRITICAL', collected: 4 })
    const state = { message: 'm', time: '2026-01-01T00:00:00.000000017Z', duration: '1s', level: 'CRITICAL' }
    return json({ events: [{ id: 'a/b c', state }] })
  })
  const made = client(t, { url }).client
  t.deepEqual(await made.topic('main:cpu:alert2'), {
    events: [{ id: 'a/b c', level: 3, time: 1_767_225_600_000_000_017n, message: 'm' }],
    collected: 4,
  })
  t.is(await made.topic('nosuch'), undefined)
})

for (const [what, reply, code] of [
  ['a login that is not taken', { status: 401, body: '{"error":"authorization failed"}' }, 'unauthorized'],
  ['a refusal', { status: 400, body: '{"error":"invalid TICKscript"}' }, 'refused'],
  ['a failure', { status: 500, body: '{"error":"boom"}' }, 'failed'],
  ['a redirect', { status: 302, body: '' }, 'not-kapacitor'],
  ['a page of something else', { body: '<html>' }, 'not-kapacitor'],
  ['JSON of something else', { body: '{"hello": 1}' }, 'not-kapacitor'],
  ['a status that nobody knows', json({ tasks: [task('a', { status: 'odd' })] }), 'not-kapacitor'],
  ['a connection that breaks', 'reset', 'unreachable'],
] as const)
  test(`an error has a code and a hint, and shows no password: ${what}`, async t => {
    const { url } = await server(t, () => reply)
    const made = client(t, { url, username: 'ops', password: 'geheim' }).client
    const error = await t.throwsAsync<KapacitorError>(made.tasks(), { instanceOf: KapacitorError })
    t.is(error?.code, code)
    t.true(error!.hint.length > 0)
    t.notRegex(inspect(error, { depth: 9 }) + JSON.stringify(error), /geheim|Basic/)
  })

test('nobody there is told as unreachable', async t => {
  const { url } = await server(t, () => 'reset')
  const dead = `http://127.0.0.1:${new URL(url).port === '1' ? 2 : 1}`
  const error = await t.throwsAsync<KapacitorError>(client(t, { url: dead }).client.tasks())
  t.is(error?.code, 'unreachable')
})

test('an answer that does not come ends after ten seconds', async t => {
  const asked = Promise.withResolvers<void>()
  const { url } = await server(t, () => {
    asked.resolve()
    return 'hang'
  })
  const { clock, client: made } = client(t, { url })
  const answer = t.throwsAsync<KapacitorError>(made.tasks())
  await asked.promise
  await clock.advance(10_000)
  t.is((await answer)?.code, 'timeout')
  t.is(clock.waiting, 0)
})

test('a list without an end is none of Kapacitor', async t => {
  const page = Array.from({ length: 200 }, (_, n) => task(`t${n}`))
  const { url } = await server(t, () => json({ tasks: page }))
  t.is((await t.throwsAsync<KapacitorError>(client(t, { url }).client.tasks()))?.code, 'not-kapacitor')
})

test('with ca-file a certificate of one’s own is trusted, and without it not', async t => {
  const certificate = selfSigned()
  const { url } = await server(t, () => json({ tasks: [] }), { certificate })
  t.deepEqual(await client(t, { url, ca: certificate.cert }).client.tasks(), [])
  t.is((await t.throwsAsync<KapacitorError>(client(t, { url }).client.tasks()))?.code, 'unreachable')
})

test('the API is never asked for a topic with a slash: it takes the name for another, or never answers', async t => {
  const { url, seen } = await server(t, () => json({}))
  const made = client(t, { url }).client
  for (const topic of ['infra/checks', '/', '/x', '//', 'a/', '', '.', '..', '../tasks'])
    t.is(await made.topic(topic), undefined, topic)
  t.deepEqual(seen, [])
})

test('a backup is the database between two lists of topics, and a refusal is an error', async t => {
  let status = 200
  const { url, seen } = await server(t, ({ url }) =>
    url.endsWith('/storage/backup') ? { status, body: 'bytes' } : json({ topics: null }),
  )
  const made = client(t, { url }).client
  t.deepEqual(await made.backup(), {
    ...{ before: { topics: null }, database: Buffer.from('bytes'), after: { topics: null } },
  })
  t.deepEqual(
    seen.map(({ url }) => url.split('/v1')[1]),
    ['/alerts/topics', '/storage/backup', '/alerts/topics'],
  )
  status = 403
  t.is((await t.throwsAsync<KapacitorError>(made.backup()))?.code, 'unauthorized')
})
