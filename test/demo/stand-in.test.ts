import test from 'ava'
import { Agent, request } from 'undici'
import { byIdAndLevel } from '../../src/demo/incident-ledger.ts'
import { selfSigned } from '../squadcast/certificate.ts'
import { alert, post, resolve, setting, trigger } from './setting.ts'

test('through the Kapacitor source OK resolves, and any other level triggers', async t => {
  const { standIn, clock } = await setting(t)
  const url = standIn.url('kapacitor')
  t.is((await post(url, alert('cpu', 'WARNING'))).status, 202)
  t.like(standIn.ledger.open('cpu'), [{ number: 1, level: 'WARNING', message: 'cpu is WARNING' }])
  await clock.advance(1_000)
  t.is((await post(url, alert('cpu', 'OK'))).status, 202)
  t.deepEqual(standIn.ledger.open(), [])
  const at = Date.UTC(2026, 0, 1)
  t.deepEqual(standIn.ledger.history, [
    { at, what: 'opened', eventId: 'cpu', incident: 1 },
    { at: at + 1_000, what: 'resolved', eventId: 'cpu', incident: 1 },
  ])
})

test('through the webhook source the status decides', async t => {
  const { standIn } = await setting(t)
  const url = standIn.url('webhook')
  const tags = { host: 'a', level: { value: 'CRITICAL', color: '#ff0000' } }
  t.is((await post(url, { ...trigger, priority: 'P2', tags })).status, 202)
  t.like(standIn.ledger.open('cpu'), [{ priority: 'P2', level: 'CRITICAL', message: 'cpu is high' }])
  t.is((await post(url, resolve)).status, 202)
  t.deepEqual(standIn.ledger.open(), [])
})

test('a second trigger opens another incident, and one resolve closes both', async t => {
  const { standIn } = await setting(t)
  const url = standIn.url('kapacitor')
  for (const level of ['CRITICAL', 'CRITICAL']) await post(url, alert('cpu', level))
  await post(url, alert('disk'))
  t.is(standIn.ledger.open('cpu').length, 2)
  await post(url, alert('cpu', 'OK'))
  t.deepEqual(
    standIn.ledger.open().map(({ eventId }) => eventId),
    ['disk'],
  )
})

test('a resolve closes a hundred incidents at most, and one without any is noted', async t => {
  const { standIn } = await setting(t)
  const url = standIn.url('kapacitor')
  for (let count = 0; count < 103; count += 1) await post(url, alert('cpu'))
  await post(url, alert('cpu', 'OK'))
  t.deepEqual(
    standIn.ledger.open().map(({ number }) => number),
    [101, 102, 103],
  )
  await post(url, alert('cpu', 'OK'))
  await post(url, alert('cpu', 'OK'))
  t.like(standIn.ledger.history.at(-1), { what: 'nothing to resolve', eventId: 'cpu', incident: undefined })
})

test('a deduplication rule merges within its window, into open incidents of the same key', async t => {
  const deduplication = { windowMs: 300_000, key: byIdAndLevel }
  const { standIn, clock } = await setting(t, { deduplication })
  const url = standIn.url('kapacitor')
  const what = async (level: string) => {
    await post(url, alert('cpu', level))
    return standIn.ledger.history.at(-1)?.what
  }
  t.is(await what('WARNING'), 'opened')
  await clock.advance(300_000)
  t.is(await what('WARNING'), 'merged')
  t.is(await what('CRITICAL'), 'opened', 'an escalation is another key')
  await clock.advance(1)
  t.is(await what('WARNING'), 'opened', 'the window is over')
  t.is(await what('OK'), 'resolved')
  t.is(await what('WARNING'), 'opened', 'the incident was closed')
  t.deepEqual(
    standIn.ledger.incidents.map(({ merged }) => merged),
    [1, 0, 0, 0],
  )
})

test('services have their own incidents', async t => {
  const { standIn } = await setting(t, { tokens: ['first', 'second'] })
  await post(standIn.url('kapacitor'), alert('cpu'))
  await post(standIn.url('kapacitor', 'second'), alert('cpu', 'OK'))
  t.like(standIn.ledger.open('cpu'), [{ service: 'first' }])
})

test('over the rate of the plan every request of the window is answered 429', async t => {
  const { standIn, clock } = await setting(t, { plan: { rate: 2, phaseMs: 20_000 } })
  const send = async () => {
    const { status, headers } = await post(standIn.url('kapacitor'), alert('cpu'))
    return [status, headers.get('retry-after')]
  }
  t.deepEqual(await send(), [202, null])
  await clock.advance(15_500)
  t.deepEqual(await send(), [202, null])
  t.deepEqual(await send(), [429, '5'])
  await clock.advance(4_500)
  for (const expected of [202, 202, 429]) t.is((await send())[0], expected)
  await clock.advance(59_999)
  t.deepEqual(await send(), [429, '1'])
  await clock.advance(1)
  t.deepEqual(await send(), [202, null])
})

test('a 429 may come without saying when to try again', async t => {
  const { standIn } = await setting(t, { plan: { rate: 0, retryAfter: false } })
  const answer = await post(standIn.url('kapacitor'), alert('cpu'))
  t.deepEqual([answer.status, answer.headers.get('retry-after')], [429, null])
})

test('resolves, merged triggers and refused bodies count for the rate, other organisations do not', async t => {
  const { standIn } = await setting(t, {
    plan: { rate: 3 },
    deduplication: { windowMs: 1e6, key: byIdAndLevel },
  })
  const url = standIn.url('kapacitor')
  t.is((await post(`${url}x`, alert('cpu'))).status, 404)
  await post(url, alert('cpu'))
  await post(url, alert('cpu'))
  t.is((await post(url, 'no JSON')).status, 400)
  t.is((await post(standIn.url('webhook'), resolve)).status, 429)
})

test('every request is kept with its time, its body and its answer', async t => {
  const { standIn, clock } = await setting(t)
  await clock.advance(5_000)
  await post(standIn.url('webhook'), resolve)
  await post(standIn.url('kapacitor'), 'no JSON')
  const at = Date.UTC(2026, 0, 1) + 5_000
  t.like(standIn.requests, [
    { number: 1, at, method: 'POST', bytes: 37, body: resolve, status: 202, accepted: true },
    { number: 2, at, body: 'no JSON', status: 400, accepted: false },
  ])
})

test('scripted answers come in order, and then all is well', async t => {
  const { standIn } = await setting(t)
  standIn.faults.next({ kind: 'answer', status: 503, headers: { 'x-a': 'b' }, body: 'away' }, 2)
  standIn.faults.next({ kind: 'answer', status: 404 })
  const seen: number[] = []
  for (let count = 0; count < 4; count += 1) {
    seen.push((await post(standIn.url('kapacitor'), alert('cpu'))).status)
  }
  t.deepEqual(seen, [503, 503, 404, 202])
  t.is(standIn.ledger.incidents.length, 1)
})

test('a rule fails the requests that it picks, until the repair', async t => {
  const { standIn } = await setting(t)
  const url = standIn.url('kapacitor')
  standIn.faults.whenever(({ body }) =>
    (body as { id?: string }).id === 'poison' ? { kind: 'answer', status: 500 } : undefined,
  )
  t.is((await post(url, alert('poison'))).status, 500)
  t.is((await post(url, alert('cpu'))).status, 202)
  standIn.faults.repair()
  t.is((await post(url, alert('poison'))).status, 202)
})

test('a request that hangs stays open until the sender leaves', async t => {
  const { standIn } = await setting(t)
  standIn.faults.next({ kind: 'hang' })
  const leaving = new AbortController()
  const { signal } = leaving
  const hanging = fetch(standIn.url('kapacitor'), {
    method: 'POST',
    body: JSON.stringify(alert('cpu')),
    signal,
  })
  await standIn.received(1)
  leaving.abort()
  await t.throwsAsync(hanging, { name: 'AbortError' })
  t.like(standIn.requests, [{ status: undefined, accepted: false }])
  t.deepEqual(standIn.ledger.history, [])
})

test('a reset connection has done nothing, a lost answer has', async t => {
  const { standIn } = await setting(t)
  standIn.faults.next({ kind: 'reset' })
  standIn.faults.next({ kind: 'lost answer' })
  await t.throwsAsync(post(standIn.url('kapacitor'), alert('cpu')))
  t.deepEqual(standIn.ledger.history, [])
  await t.throwsAsync(post(standIn.url('kapacitor'), alert('cpu')))
  t.is(standIn.ledger.open('cpu').length, 1)
  t.like(standIn.requests[1], { status: undefined, accepted: true })
})

test('a slow answer comes when the clock says so', async t => {
  const { standIn, clock } = await setting(t)
  standIn.faults.next({ kind: 'slow', ms: 5_000 })
  const answer = post(standIn.url('kapacitor'), alert('cpu'))
  await standIn.received(1)
  await clock.advance(4_999)
  t.deepEqual(standIn.ledger.history, [])
  await clock.advance(1)
  t.is((await answer).status, 202)
})

test('one can wait for what happens', async t => {
  const { standIn } = await setting(t)
  const waits = Promise.all([
    standIn.received(3),
    standIn.accepted(2),
    standIn.until(({ ledger }) => ledger.open().length === 0 && ledger.incidents.length > 0),
  ])
  standIn.faults.next({ kind: 'answer', status: 500 })
  for (const level of ['CRITICAL', 'CRITICAL', 'OK'])
    await post(standIn.url('kapacitor'), alert('cpu', level))
  await waits
  await standIn.received(1)
  t.is(standIn.requests.length, 3)
})

test('it speaks TLS when it is given a certificate', async t => {
  const certificate = selfSigned()
  const { standIn } = await setting(t, { tls: certificate })
  const dispatcher = new Agent({ connect: { ca: certificate.cert } })
  t.teardown(() => dispatcher.destroy())
  const send = () =>
    request(standIn.url('webhook'), { dispatcher, method: 'POST', body: JSON.stringify(trigger) })
  standIn.faults.next({ kind: 'reset' })
  await t.throwsAsync(send())
  t.is((await send()).statusCode, 202)
})

test('closing cuts off what is open, and the port can be used again', async t => {
  const { standIn } = await setting(t)
  const port = Number(new URL(standIn.url('kapacitor')).port)
  standIn.faults.next({ kind: 'hang' })
  const hanging = post(standIn.url('kapacitor'), alert('cpu'))
  await standIn.received(1)
  await standIn.close()
  await t.throwsAsync(hanging)
  const { standIn: successor } = await setting(t, { port })
  t.is((await post(successor.url('kapacitor'), alert('cpu'))).status, 202)
})
