import test from 'ava'
import { pending } from './pending.ts'
import { accepted, broken, refused, ScriptedDestination, unreachable } from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

const of = (seq: number, incident: string) =>
  pending({ seq, incident, kind: 'resolve', openingReceived: true })

test('a poisoned event on a healthy endpoint holds nobody', async t => {
  const destination = new ScriptedDestination(t, { poison: broken, '*': accepted })
  const { clock, ledger, offer, dispatcher } = stage([endpoint(destination)])
  await offer(pending({ seq: 0, incident: 'poison' }))
  for (let seq = 1; seq <= 200; seq += 1) {
    await offer(pending({ seq, incident: `healthy ${seq}` }))
    t.deepEqual(ledger.storyOf(seq), ['delivered'], `event ${seq}`)
    await clock.advance(1_700)
  }
  t.true(ledger.storyOf(0).length > 5, 'it goes on being tried')
  t.is(dispatcher.status().endpoints[0]?.pending, 1)
})

test('many poisoned events hold the others only until each has shown that it is poisoned', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { clock, ledger, offer } = stage([endpoint(destination)])
  for (let seq = 0; seq < 20; seq += 1) {
    destination.play({ [`poison ${seq}`]: broken })
    await offer(pending({ seq, incident: `poison ${seq}` }))
  }
  for (let seq = 100; seq < 103; seq += 1) {
    await offer(pending({ seq, incident: `healthy ${seq}` }))
    await clock.advance(60_000)
    t.deepEqual(ledger.storyOf(seq), ['delivered'], `event ${seq}`)
  }
  for (let seq = 103; seq < 200; seq += 1) {
    await offer(pending({ seq, incident: `healthy ${seq}` }))
    t.deepEqual(ledger.storyOf(seq), ['delivered'], `event ${seq}`)
    await clock.advance(3_000)
  }
})

test('an incident that failed while others got through keeps its own wait when the endpoint comes back', async t => {
  const destination = new ScriptedDestination(t, { poison: broken, '*': accepted })
  const { clock, offer } = stage([endpoint(destination)])
  const triesOfPoison = () => destination.order.filter(incident => incident === 'poison').length
  await offer(of(1, 'poison'))
  await offer(of(2, 'healthy'))
  await clock.advance(5_000)
  destination.play({ '*': unreachable })
  await offer(of(3, 'a'), of(4, 'b'))
  destination.play({ '*': accepted })
  const before = triesOfPoison()
  await clock.advance(1_000)
  t.true(destination.seqs.includes(3) && destination.seqs.includes(4))
  t.is(triesOfPoison(), before)
})

test('a poisoned incident that is probed during an outage keeps its own wait afterwards', async t => {
  const destination = new ScriptedDestination(t, { poison: broken, '*': accepted })
  const { clock, offer, ledger } = stage([endpoint(destination)])
  const triesOfPoison = () => destination.order.filter(incident => incident === 'poison').length
  await offer(of(1, 'poison'))
  await offer(of(2, 'healthy'))
  await clock.advance(30_000)
  destination.play({ '*': unreachable })
  await offer(of(3, 'a'), of(4, 'b'))
  const beforeOutage = triesOfPoison()
  while (triesOfPoison() === beforeOutage) await clock.advance(1_000)
  destination.play({ '*': accepted })
  const before = triesOfPoison()
  while (ledger.left().length > 1) await clock.advance(1_000)
  t.is(triesOfPoison(), before)
})

test('an incident whose body was refused in between fails afresh', async t => {
  const destination = new ScriptedDestination(t, { a: [broken, refused, broken], b: [broken] })
  const { clock, offer, dispatcher } = stage([endpoint(destination)])
  await offer(of(1, 'a'))
  await clock.advance(1_000)
  await offer(of(2, 'b'))
  await offer(of(3, 'c'))
  t.is(dispatcher.status().endpoints[0]?.state, 'failing')
  t.deepEqual(destination.order, ['a', 'a', 'a', 'b'], 'two incidents failed in a row, so the third waits')
})

test('the next event of an incident that was poisoned fails afresh', async t => {
  const lines = [broken, broken, accepted, ...Array.from({ length: 9 }, () => broken)]
  const destination = new ScriptedDestination(t, { a: lines, healthy: [accepted], b: [broken] })
  const { clock, offer, ledger } = stage([endpoint(destination)])
  await offer(of(1, 'a'), of(2, 'a'))
  await offer(of(3, 'healthy'))
  while (ledger.storyOf(2).length === 0) await clock.advance(1_000)
  await offer(of(4, 'b'))
  await offer(of(5, 'c'))
  t.is(destination.order.at(-1), 'b', 'two incidents failed in a row, so the third waits')
})
