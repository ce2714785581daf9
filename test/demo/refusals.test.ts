import test from 'ava'
import { alert, post, setting, trigger } from './setting.ts'

const REFUSED: [source: 'kapacitor' | 'webhook', body: unknown, about: RegExp][] = [
  ['kapacitor', '{"id":', /JSON/],
  ['kapacitor', '[]', /object/],
  ['kapacitor', 'null', /object/],
  ['kapacitor', { level: 'OK', message: 'x' }, /^id /],
  ['kapacitor', { ...alert('x'), id: '' }, /^id /],
  ['kapacitor', { ...alert('x'), id: 7 }, /^id /],
  ['kapacitor', { id: 'x', message: 'x' }, /^level /],
  ['kapacitor', { id: 'x', level: 'OK' }, /^message /],
  ['webhook', { ...trigger, status: 'open' }, /^status /],
  ['webhook', { ...trigger, status: undefined }, /^status /],
  ['webhook', { ...trigger, message: '' }, /^message /],
  ['webhook', { ...trigger, description: undefined }, /^description /],
  ['webhook', { ...trigger, event_id: '' }, /^event_id /],
  ['webhook', { ...trigger, priority: 'P6' }, /^priority /],
  ['webhook', { ...trigger, priority: null }, /^priority /],
  ['webhook', { ...trigger, tags: ['a'] }, /^tags /],
  ['webhook', { ...trigger, tags: { host: 7 } }, /"host"/],
  ['webhook', { ...trigger, tags: { level: { value: 'x', color: 'red' } } }, /"level"/],
  ['webhook', { status: 'resolve' }, /^event_id /],
]

for (const [source, body, about] of REFUSED) {
  test(`the ${source} source refuses ${JSON.stringify(body)}`, async t => {
    const { standIn } = await setting(t)
    const answer = await post(standIn.url(source), body)
    t.is(answer.status, 400)
    t.regex(await answer.text(), about)
    t.deepEqual(standIn.ledger.history, [])
    t.like(standIn.requests, [{ status: 400, accepted: false }])
  })
}

test('bytes that are no UTF-8 are refused', async t => {
  const { standIn } = await setting(t)
  const body = Buffer.concat([
    Buffer.from('{"id":"'),
    Buffer.from([0xff]),
    Buffer.from('","level":"OK","message":""}'),
  ])
  t.is((await fetch(standIn.url('kapacitor'), { method: 'POST', body })).status, 400)
})

test('a body of 30 KB is accepted, and one byte more is not', async t => {
  const { standIn } = await setting(t)
  const url = standIn.url('kapacitor')
  const bare = JSON.stringify({ ...alert('cpu'), details: '' }).length
  const large = (extra: number) => ({ ...alert('cpu'), details: 'x'.repeat(30_000 - bare + extra) })
  t.is((await post(url, large(0))).status, 202)
  t.is((await post(url, large(1))).status, 413)
  t.is((await post(url, 'x'.repeat(3_000_000))).status, 413)
})

test('an unknown token, path or method is refused', async t => {
  const { standIn } = await setting(t)
  const url = standIn.url('kapacitor')
  t.is((await post(`${url}x`, alert('cpu'))).status, 404)
  t.is((await post(url.replace('kapacitor', 'mail'), alert('cpu'))).status, 404)
  t.is((await fetch(url)).status, 405)
  const strict = await setting(t, { unknownToken: 401 })
  t.is((await post(strict.standIn.url('webhook', 'guess'), trigger)).status, 401)
})
