// What alert-templates write that is not quite JSON.
import test from 'ava'
import fc from 'fast-check'
import { tolerantJson } from '../../src/http/tolerant-json.ts'
import { listening } from './listening.ts'

const READ: readonly (readonly [what: string, text: string, read: object])[] = [
  [
    'quotes in a text',
    '{"m":"host "db1" is "bad", see "it"","l":"OK"}',
    { m: 'host "db1" is "bad", see "it"', l: 'OK' },
  ],
  ['HTML', '{"m":"<a href="x">y</a>","l":"OK"}', { m: '<a href="x">y</a>', l: 'OK' }],
  ['line breaks', '{"m":"one\ntwo\t\r\n","l":"OK"}', { m: 'one\ntwo\t\r\n', l: 'OK' }],
  [
    'an escape that is none',
    String.raw`{"m":"C:\data \d \"x\"","l":"OK"}`,
    { m: String.raw`C:\data \d "x"`, l: 'OK' },
  ],
  [
    'floats without a word',
    '{"a":NaN,"b":+Inf,"c":-Inf,"d":1.5}',
    { a: 'NaN', b: '+Inf', c: '-Inf', d: 1.5 },
  ],
  ['a large int', '{"a":9007199254740993,"b":NaN}', { a: 9_007_199_254_740_993n, b: 'NaN' }],
  ['no value', '{"a":<no value>,"b":,"c":<nil>,"d":}', { a: '<no value>', c: '<nil>' }],
  ['commas too many', '{"a":[1,2,],"b":"x",}', { a: [1, 2], b: 'x' }],
  [
    'what Go prints',
    '{"time":2026-05-28 20:26:40.5 +0000 UTC,"duration":1m30s,"tags":map[host:a cpu:b],"data":&{cpu map[host:a]}}',
    {
      time: '2026-05-28 20:26:40.5 +0000 UTC',
      duration: '1m30s',
      tags: 'map[host:a cpu:b]',
      data: '&{cpu map[host:a]}',
    },
  ],
  ['lists of texts', '{"a":["x "y" z","b"],"c":NaN}', { a: ['x "y" z', 'b'], c: 'NaN' }],
]

for (const [what, text, read] of READ)
  test(`it is read: ${what}`, t => {
    t.deepEqual(tolerantJson(text), read)
  })

for (const text of [
  '',
  'CPU is CRITICAL',
  '[]',
  '{"id":"a","level":"CRIT',
  '{"a":1',
  '{"a":[1',
  '{"a":1}{"b":2}',
  "{'a':1}",
  '{"a":1}]',
  '{a:1}',
])
  test(`it is not read: ${text}`, t => {
    t.is(tolerantJson(text), undefined)
  })

test('brackets and quotes without end take no time to speak of', t => {
  for (const part of ['[', '{"a":', '"', '" ', '","x', String.raw`\"`, '\\', ' ', '[]'])
    t.is(tolerantJson(`{"a":"b","c":[${part.repeat(300_000)}`), undefined)
})

test('of a text that was cut all is read that was there', t => {
  t.deepEqual(tolerantJson('{"id":"a","data":{"values":[["x",1],["y', true), {
    id: 'a',
    data: { values: [['x', 1], []] },
  })
  t.deepEqual(tolerantJson('{"id":"a","n":1,"lev', true), { id: 'a', n: 1 })
})

test('what is JSON is read as JSON reads it', t => {
  const objects = fc.object({
    values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
    maxDepth: 3,
  })
  fc.assert(
    fc.property(objects, value => {
      const text = JSON.stringify(value)
      t.deepEqual(tolerantJson(text), JSON.parse(text))
    }),
  )
})

test('such a post is taken, and the sender hears of it', async t => {
  const stage = await listening(t)
  const { status, body } = await stage.ask({
    body: '{"id":"cpu/a","level":"CRITICAL","message":"host "a"\nis bad","value":NaN}',
  })
  t.is(status, 202)
  t.is(stage.taken[0]?.alert.message, 'host "a"\nis bad')
  t.regex(body, /not quite JSON/)
})
