// Everything that is wrong with a request, and the sentence that Kapacitor writes into its log for it.
import test from 'ava'
import { ALERT, type Asking, listening } from './listening.ts'

const alert = (changes: Readonly<Record<string, unknown>>): Asking => ({
  body: JSON.stringify({ ...ALERT, ...changes }),
})

const WRONG: readonly (readonly [what: string, asking: Asking, status: number, sentence: RegExp])[] = [
  ['an empty body', { body: '' }, 400, /is not JSON/],
  [
    'no JSON',
    { body: 'CPU is CRITICAL' },
    400,
    /is not JSON: correct the alert-template in \[\[httppost\]\], or/,
  ],
  ['half a JSON', { body: '{"id":"a","level":"CRIT' }, 400, /is not JSON/],
  ['brackets without end', { body: '['.repeat(500_000) }, 400, /is not JSON/],
  ['nested without end', { body: `${'['.repeat(200_000)}${']'.repeat(200_000)}` }, 400, /JSON/],
  ['a list', { body: '[]' }, 400, /no JSON object/],
  ['null', { body: 'null' }, 400, /no JSON object/],
  ['a text', { body: '"CRITICAL"' }, 400, /no JSON object/],
  ['no id', { body: '{"level":"OK"}' }, 422, /has no id/],
  ['an id that is no text', alert({ id: [] }), 422, /has no id/],
  [
    'the rows of |httpPost()',
    { body: '{"series":[{"name":"cpu","columns":["time","usage"],"values":[["t",95]]}]}' },
    422,
    /these are rows of \|httpPost\(\), and no alert: send \.post\(\) of an \|alert\(\) here/,
  ],
  ['an empty id', alert({ id: '' }), 422, /id is empty: give its \|alert\(\) an \.id\('...'\)/],
  ['no level', { body: '{"id":"a"}' }, 422, /has no level: it must be OK, INFO, WARNING or CRITICAL/],
  ['an unknown level', alert({ level: 'FATAL' }), 422, /level is 'FATAL': it must be OK, INFO, WARN/],
  ['a level that is no text', alert({ level: 3 }), 422, /level is '3'/],
  ['a level of no end', alert({ level: 'x'.repeat(5000) }), 422, /^.{0,150}$/s],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, /application\/json/],
  ['a text by its type', { headers: { 'content-type': 'text/plain' } }, 415, /must be application\/json/],
  ['a type that only begins so', { headers: { 'content-type': 'application/jsonp' } }, 415, /must be/],
  ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415, /not be compressed/],
  ['GET', { method: 'GET' }, 405, /GET is not for this path: use POST/],
  ['PUT', { method: 'PUT' }, 405, /PUT is not for this path: use POST/],
  ['DELETE', { method: 'DELETE', body: '' }, 405, /use POST/],
  [
    'a POST to what is read',
    { path: '/healthz' },
    405,
    /POST is not for this path: Kapacitor posts to \/v1\/alerts,/,
  ],
  ['another path', { path: '/' }, 404, /Kapacitor posts to \/v1\/alerts \(.*\/v1\/alerts\/ENDPOINT/],
  ['a path that was mistyped', { path: '/v1/alert' }, 404, /posts to \/v1\/alerts/],
  ['a path below an endpoint', { path: '/v1/alerts/ops/now' }, 404, /nothing at this path/],
  ['a slash in a name', { path: '/v1/alerts/a%2Fb' }, 404, /nothing at this path/],
  ['a name that is not decoded', { path: '/v1/alerts/%zz' }, 404, /nothing at this path/],
  [
    'a foreign host',
    { headers: { host: 'evil.example:9192' } },
    403,
    /host name are refused: name it in hosts/,
  ],
  ['a host that begins as ours', { headers: { host: '127.0.0.1.evil.example' } }, 403, /host name/],
  ['an address that was not dialled', { headers: { host: '192.0.2.7' } }, 403, /host name/],
  ['a foreign page', { headers: { origin: 'https://evil.example' } }, 403, /pages of another origin/],
  ['a page of another port', { headers: { origin: 'http://127.0.0.1:8888' } }, 403, /another origin/],
  [
    'an image of a foreign page',
    {
      method: 'GET',
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    },
    403,
    /pages of another site/,
  ],
  [
    'a post of a page of another port',
    { headers: { 'sec-fetch-site': 'same-site' } },
    403,
    /pages of another site/,
  ],
  [
    'a frame of a foreign page',
    {
      method: 'GET',
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    },
    403,
    /pages of another site/,
  ],
  ['a page from nowhere', { headers: { origin: 'null' } }, 403, /another origin/],
]

for (const [what, asking, status, sentence] of WRONG)
  test(`${what}: ${status} and a sentence, and nothing is taken`, async t => {
    const stage = await listening(t)
    const reply = await stage.ask(asking)
    t.is(reply.status, status)
    t.regex(reply.body, sentence)
    t.notRegex(reply.body, /\n/)
    t.is(reply.headers.connection, 'close')
    t.deepEqual(stage.taken, [])
    t.deepEqual(
      stage.refusals.map(refusal => refusal.status),
      [status],
    )
    t.is((await stage.ask({})).status, 202)
  })

test('a wrong method is told which are right', async t => {
  const stage = await listening(t)
  t.is((await stage.ask({ method: 'GET' })).headers.allow, 'POST')
  t.is((await stage.ask({ path: '/healthz' })).headers.allow, 'GET, HEAD')
})

test('a mistake of our own is a 500 with a sentence, and is told', async t => {
  const mistake = new Error('our own')
  const stage = await listening(t, { take: () => Promise.reject(mistake) })
  const reply = await stage.ask({})
  t.is(reply.status, 500)
  t.is(reply.body, 'the sidecar could not do it, through a fault of its own: its log says more')
  t.deepEqual(stage.failures, [mistake])
  t.deepEqual(stage.refusals, [])
})

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`

test('with a token nobody does without it, as bearer or as the password', async t => {
  const stage = await listening(t, { token: 's3:cret' })
  const status = async (authorization?: string, path = '/v1/alerts'): Promise<number> =>
    (await stage.ask({ path, headers: authorization === undefined ? {} : { authorization } })).status
  for (const right of ['Bearer s3:cret', 'bearer s3:cret', basic('kapacitor:s3:cret'), basic(':s3:cret')])
    t.is(await status(right), 202, right)
  const wrong = ['Bearer s3:cre', 'Bearer', '', 's3:cret', 'Digest s3:cret', basic('s3:cret'), basic('a:b')]
  for (const one of [undefined, ...wrong]) t.is(await status(one), 401, one)
  t.is(await status(undefined, '/nothing'), 401)
  t.is(stage.taken.length, 4)
  const { body, headers } = await stage.ask({ headers: { authorization: 'Bearer other' } })
  t.regex(body, /^the token is wrong: send the one of the sidecar's token-file/)
  t.is(headers['www-authenticate'], 'Basic realm="kapacitor-squadcast", Bearer realm="kapacitor-squadcast"')
  t.regex((await stage.ask({})).body, /^a token is needed/)
  const ofPage = await stage.ask({ headers: { 'x-requested-with': 'page' } })
  t.is(
    ofPage.headers['www-authenticate'],
    'Bearer realm="kapacitor-squadcast"',
    'nobody is asked by a browser',
  )
  t.is((await stage.ask({ method: 'GET', path: '/healthz' })).status, 200)
})

test('own names are accepted, with the port or without', async t => {
  const stage = await listening(t, { hosts: ['Sidecar.example', 'other.example:8080'] })
  const hosts = ['localhost', 'LOCALHOST:1', '127.0.0.1:9192', '[::1]:9192', 'sidecar.example:80']
  for (const host of [...hosts, 'SIDECAR.EXAMPLE', 'other.example:8080'])
    t.is((await stage.ask({ headers: { host } })).status, 202, host)
  t.is((await stage.ask({ headers: { host: 'other.example' } })).status, 403)
  const origin = 'http://localhost:9192'
  t.is((await stage.ask({ headers: { host: 'localhost:9192', origin } })).status, 202)
})

test('the status page may be opened by a link from anywhere, and by its own requests', async t => {
  const stage = await listening(t)
  const open = { method: 'GET', path: '/healthz' }
  for (const headers of [
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ])
    t.is((await stage.ask({ ...open, headers })).status, 200)
})
