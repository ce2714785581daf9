import test from 'ava'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import { accepted, forbidden, limited, ScriptedDestination, unreachable } from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

test('events of an endpoint that is no longer configured are kept and shown, and not sent', async t => {
  const destination = new ScriptedDestination(t, { a: [accepted] })
  const { clock, ledger, offer, dispatcher } = stage([endpoint(destination)])
  await offer(
    pending({ seq: 1, endpoint: 'removed' }),
    pending({ seq: 2 }),
    pending({ seq: 3, endpoint: 'removed', kind: 'resolve' }),
  )
  await clock.advance(600_000)
  t.deepEqual(destination.seqs, [2])
  t.is(ledger.left().length, 2, 'not even coalesced')
  t.like(
    dispatcher.status().endpoints.find(({ name }) => name === 'removed'),
    { state: 'removed', pending: 2, inFlight: 0 },
  )
})

test('an endpoint that comes back sends what was kept for it', async t => {
  const before = new ScriptedDestination(t, {})
  const after = new ScriptedDestination(t, { a: [accepted] })
  const { offer, dispatcher } = stage([endpoint(before)])
  await offer(pending({ seq: 1, endpoint: 'back' }))
  void dispatcher.reconfigure({ endpoints: [endpoint(after, { name: 'back' })], rate: 10 })
  await settled()
  t.deepEqual(after.seqs, [1])
  t.deepEqual(
    dispatcher.status().endpoints.map(({ name }) => name),
    ['back'],
    'an endpoint without events is forgotten',
  )
})

test('a replaced destination is closed after its last answer, and one that stays is not', async t => {
  const gate = Promise.withResolvers<typeof accepted>()
  const old = new ScriptedDestination(t, { a: [gate.promise] })
  const kept = new ScriptedDestination(t, {})
  const next = new ScriptedDestination(t, { b: [accepted] })
  const { offer, dispatcher, ledger } = stage([endpoint(old), endpoint(kept, { name: 'kept' })])
  await offer(pending({ seq: 1 }))
  const replaced = dispatcher.reconfigure({
    endpoints: [endpoint(next), endpoint(kept, { name: 'kept' })],
    rate: 10,
  })
  await offer(pending({ seq: 2, incident: 'b' }))
  t.deepEqual([old.closed, next.seqs], [0, [2]])
  gate.resolve(accepted)
  await replaced
  t.deepEqual([old.closed, kept.closed, next.closed], [1, 0, 0])
  t.deepEqual(ledger.storyOf(1), ['delivered'])
})

test('after a repair of the configuration everything is tried at once', async t => {
  const wrong = new ScriptedDestination(t, { '*': forbidden })
  const right = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer, dispatcher, ledger, toldOf } = stage([endpoint(wrong)])
  await offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }), pending({ seq: 3, incident: 'c' }))
  await clock.advance(10_000)
  void dispatcher.reconfigure({ endpoints: [endpoint(right)], rate: 100 })
  t.is(dispatcher.status().endpoints[0]?.state, 'blocked', 'until an answer says otherwise')
  await settled()
  t.is(ledger.left().length, 0)
  t.is(toldOf('endpointUp').length, 1)
})

test('another rate and another concurrency hold from the next attempt on', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { offer, dispatcher } = stage([endpoint(destination, { concurrency: 1 })], { rate: 1 })
  const events = [1, 2, 3, 4, 5].map(seq => pending({ seq, incident: `i${seq}` }))
  await offer(...events)
  t.is(destination.sent.length, 1)
  await dispatcher.reconfigure({ endpoints: [endpoint(destination, { concurrency: 4 })], rate: 4 })
  await settled()
  t.deepEqual([destination.sent.length, destination.closed], [4, 0])
})

test('the status tells what waits, since when, and when it goes on', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, offer, dispatcher } = stage([endpoint(destination)], { rate: 50 })
  t.deepEqual(dispatcher.status(), {
    endpoints: [{ name: 'default', state: 'up', pending: 0, inFlight: 0 }],
    budget: { rate: 50, used: 0, reserved: 5 },
  })
  const start = clock.wallMs()
  await offer(pending({ seq: 1, createdAt: start - 9_000 }))
  await clock.advance(500)
  const [single] = dispatcher.status().endpoints
  t.like(single, { state: 'failing', pending: 1, oldestCreatedAt: start - 9_000, nextTryAt: start + 999 })
  t.is(single?.lastAnswer?.answer.text, 'retry')
  t.is(single?.lastAnswer?.at, start)
  await offer(pending({ seq: 2, incident: 'b', createdAt: start }))
  const [shut] = dispatcher.status().endpoints
  t.like(shut, { state: 'failing', pending: 2, nextTryAt: start + 500 + 999 })
  destination.play({ '*': accepted })
  await clock.advance(1_000)
  t.like(dispatcher.status(), { endpoints: [{ state: 'up', pending: 0 }] })
  t.is(dispatcher.status().endpoints[0]?.nextTryAt, undefined)
  t.is(dispatcher.status().budget.used, 4)
})

test('while the organisation is limited the status says until when', async t => {
  const destination = new ScriptedDestination(t, { '*': limited(20_000) })
  const { clock, offer, dispatcher } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  t.like(dispatcher.status().endpoints[0], { state: 'limited', nextTryAt: clock.wallMs() + 20_000 })
})

test('while the budget is used up the status says when there is room again', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer, dispatcher } = stage([endpoint(destination)], { rate: 1 })
  await offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }))
  await clock.advance(1_000)
  t.like(dispatcher.status().endpoints[0], { state: 'up', pending: 1, nextTryAt: clock.wallMs() + 59_100 })
})
