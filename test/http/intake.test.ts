// What is taken, and what is answered.
import test from 'ava'
import { ALERT, listening } from './listening.ts'

test('an alert is taken with all that belongs to an incident, integers exact', async t => {
  const stage = await listening(t)
  const body = `{"id":"cpu/a","message":"hot","details":"run","time":"2026-05-28T20:26:55.123456789Z",
    "duration":9007199254740993,"level":"CRITICAL","data":{"series":[{"name":"cpu","tags":{"host":"a"},
    "columns":["time","jiffies","huge","big","none"],"values":[["t",9223372036854775807,1e+21,123456789012345678901,null]]},{}]},
    "previousLevel":"OK","recoverable":false,"unknown":{"a":1}}`
  t.deepEqual(JSON.parse((await stage.ask({ body })).body), {
    ...{ event: 'trigger', incident: 'cpu/a', level: 'CRITICAL', durable: true },
  })
  t.deepEqual(stage.taken[0]?.alert, {
    ...{ id: 'cpu/a', level: 3, message: 'hot', details: 'run', recoverable: false, previousLevel: 0 },
    time: 1_780_000_015_123_456_789n,
    duration: 9_007_199_254_740_993n,
    series: [
      {
        ...{ name: 'cpu', tags: { host: 'a' }, columns: ['time', 'jiffies', 'huge', 'big', 'none'] },
        values: [['t', 9_223_372_036_854_775_807n, 1e21, 123456789012345680000, null]],
      },
      { name: '', tags: {}, columns: [], values: [] },
    ],
  })
})

test('what old versions and other senders leave out has a meaning', async t => {
  const stage = await listening(t)
  for (const more of ['', ',"time":null,"data":null,"duration":null', ',"data":{"series":null}'])
    t.is((await stage.ask({ body: `{"id":"a","level":"OK"${more}}` })).status, 202)
  for (const { alert } of stage.taken)
    t.deepEqual(alert, { id: 'a', level: 0, time: 0n, timedByArrival: true, recoverable: true, series: [] })
})

test('times have any offset, and those outside of 64 bits are the nearest inside', async t => {
  const stage = await listening(t)
  const SECOND = 1_000_000_000n
  for (const [time, expected] of [
    ['1970-01-01T02:00:00+02:00', 0n],
    ['1969-12-31T23:30:00.5-00:30', SECOND / 2n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['1970-01-01t00:00:01.1234567891z', SECOND + 123_456_789n],
    ['0001-01-01T00:00:00Z', -(2n ** 63n)],
    ['9999-12-31T23:59:59Z', 2n ** 63n - 1n],
  ] as const) {
    await stage.ask({ body: JSON.stringify({ ...ALERT, time }) })
    t.is(stage.taken.at(-1)?.alert.time, expected, time)
  }
})

const escaped = (text: string): string => text.replaceAll('"', '&#34;').replaceAll("'", '&#39;')
const DEFAULT = JSON.stringify({
  Name: 'cpu',
  TaskName: 't',
  ID: 'a',
  Level: 'OK',
  Message: `it's "b" &lt; c`,
})

test("Kapacitor's default details are left out, an author's own are kept", async t => {
  const stage = await listening(t)
  const details = async (text: string): Promise<string | undefined> => {
    await stage.ask({ body: JSON.stringify({ ...ALERT, details: text }) })
    return stage.taken.at(-1)?.alert.details
  }
  for (const text of ['', ' \n', DEFAULT, `${escaped(DEFAULT)}\n`]) t.is(await details(text), undefined, text)
  for (const text of ['run <b>this</b>', '{"host":"a"}', '{ID}', '{&#34;ID&#34;', 'see {"ID":1}'])
    t.is(await details(text), text)
})

test('a long id is cut as everywhere, and one that is no good Unicode is made good', async t => {
  const stage = await listening(t)
  const reply = await stage.ask({ body: JSON.stringify({ ...ALERT, id: 'x'.repeat(5000) }) })
  const { incident } = JSON.parse(reply.body) as { incident: string }
  t.true(Buffer.byteLength(incident) <= 1024)
  t.is(stage.taken[0]?.alert.id, incident)
  await stage.ask({ body: '{"id":"a\\ud800b","level":"OK"}' })
  t.is(stage.taken[1]?.alert.id, 'a\ufffdb')
})

test('the path names the endpoint', async t => {
  const stage = await listening(t)
  for (const path of ['/v1/alerts', '/v1/alerts/', '/v1/alerts?x=/y', '/v1/alerts/ops', '/v1/alerts/o%20s'])
    t.is((await stage.ask({ path })).status, 202)
  t.deepEqual(
    stage.taken.map(({ endpoint }) => endpoint),
    ['', '', '', 'ops', 'o s'],
  )
})

test('without a content type, or with its charset, it is JSON', async t => {
  const stage = await listening(t)
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON'])
    t.is((await stage.ask({ headers: { 'content-type': type } })).status, 202)
  t.is((await stage.ask({})).status, 202)
})

test('what tells nothing is 200 with the reason', async t => {
  let durable = true
  const stage = await listening(t, { take: async () => ({ event: null, why: 'a repeat', durable }) })
  const plain = await stage.ask({})
  t.is(plain.status, 200)
  t.deepEqual(JSON.parse(plain.body), { event: null, why: 'a repeat' })
  durable = false
  t.deepEqual(JSON.parse((await stage.ask({})).body), { event: null, why: 'a repeat', durable: false })
})

test('while the disk takes nothing it is 202 all the same, and says so', async t => {
  const stage = await listening(t, { take: async () => ({ event: 'resolve', durable: false }) })
  const { status, body, headers } = await stage.ask({})
  t.is(status, 202)
  t.is(headers['content-type'], 'application/json')
  t.deepEqual(JSON.parse(body), {
    ...{ event: 'resolve', incident: 'cpu/a', level: 'CRITICAL', durable: false },
  })
})

test('HEAD is answered as GET, without the body', async t => {
  const stage = await listening(t)
  const get = await stage.ask({ method: 'GET', path: '/healthz' })
  const head = await stage.ask({ method: 'HEAD', path: '/healthz' })
  t.deepEqual([get.status, get.body], [200, 'alive\n'])
  t.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '6'])
})
