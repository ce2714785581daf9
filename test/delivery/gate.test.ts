import test from 'ava'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import {
  accepted,
  broken,
  forbidden,
  limited,
  ScriptedDestination,
  unreachable,
} from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

const of = (seq: number, incident: string) =>
  pending({ seq, incident, kind: 'resolve', openingReceived: true })

test('while an endpoint is down one probe goes out at a time, each from another incident', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, offer } = stage([endpoint(destination, { concurrency: 1 })])
  await offer(of(1, 'a'), of(2, 'b'), of(3, 'c'), of(4, 'd'))
  t.deepEqual(destination.order, ['a', 'b'])
  await clock.advance(200_000)
  t.deepEqual(destination.order.slice(0, 10), ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a', 'b'])
})

test('probes come at growing distances, and no more often than once a minute in the end', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, offer } = stage([endpoint(destination, { concurrency: 2 })])
  await offer(of(1, 'a'), of(2, 'b'))
  const seen: number[] = []
  for (let second = 0; second < 200; second += 1) {
    seen.push(destination.sent.length)
    await clock.advance(1_000)
  }
  t.deepEqual(
    [0, 1, 3, 7, 15, 31, 63, 123, 183].map(second => seen[second]),
    [2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
})

test('an incident that is new while the endpoint is down gets the next probe', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, offer } = stage([endpoint(destination)])
  await offer(of(1, 'a'), of(2, 'b'))
  await clock.advance(20_000)
  const before = destination.sent.length
  await offer(pending({ seq: 3, incident: 'new' }))
  t.is(destination.sent.length, before, 'it waits for its turn')
  await clock.advance(60_000)
  t.is(destination.order[before], 'new')
})

test('after an outage everything that waited goes out at once, in the order of urgency', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, offer, toldOf } = stage([endpoint(destination, { concurrency: 1 })])
  await offer(of(1, 'a'), of(2, 'b'), of(3, 'c'), of(4, 'd'), of(5, 'e'), pending({ seq: 6, incident: 'f' }))
  await clock.advance(100_000)
  destination.play({ '*': accepted })
  const before = destination.sent.length
  while (destination.sent.length === before) await clock.advance(1_000)
  const [probe, ...rest] = destination.seqs.slice(before)
  const order = [6, 1, 2, 3, 4, 5]
  t.deepEqual(
    rest,
    order.filter(seq => seq !== probe),
  )
  t.is(toldOf('endpointUp').length, 1)
})

test('a blocked endpoint is probed once a minute and goes on by itself when it is repaired', async t => {
  const destination = new ScriptedDestination(t, { '*': forbidden })
  const { clock, offer, dispatcher, ledger, toldOf } = stage([endpoint(destination)])
  await offer(of(1, 'a'), of(2, 'b'), of(3, 'c'))
  const first = destination.sent.length
  await clock.advance(59_000)
  t.is(destination.sent.length, first)
  t.is(dispatcher.status().endpoints[0]?.state, 'blocked')
  await clock.advance(241_000)
  t.is(destination.sent.length, first + 5)
  destination.play({ '*': accepted })
  await clock.advance(60_000)
  t.is(dispatcher.status().endpoints[0]?.state, 'up')
  t.is(dispatcher.status().endpoints[0]?.pending, 0)
  t.true(
    ledger.settlements.every(one => one.kind === 'coalesced' || one.attempts === 0),
    'blocked is no failure',
  )
  t.deepEqual(
    [toldOf('endpointDown').map(({ cause }) => cause), toldOf('endpointUp').map(({ cause }) => cause)],
    [['blocked'], ['blocked']],
  )
})

test('one blocked incident lets the others try at once', async t => {
  const destination = new ScriptedDestination(t, { a: [forbidden, accepted], b: [accepted] })
  const { clock, offer, ledger, dispatcher } = stage([endpoint(destination)])
  await offer(of(1, 'a'))
  t.is(dispatcher.status().endpoints[0]?.state, 'blocked', 'it is the only one')
  await offer(of(2, 'b'))
  t.deepEqual(ledger.storyOf(2), ['delivered'])
  t.is(dispatcher.status().endpoints[0]?.state, 'up')
  await clock.advance(59_000)
  t.deepEqual(ledger.storyOf(1), ['blocked'])
  await clock.advance(1_000)
  t.deepEqual(ledger.storyOf(1), ['blocked', 'delivered'])
})

test('endpoints do not affect one another', async t => {
  const down = new ScriptedDestination(t, { '*': unreachable })
  const works = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer, dispatcher } = stage([
    endpoint(down, { name: 'down' }),
    endpoint(works, { name: 'works' }),
  ])
  for (let seq = 0; seq < 40; seq += 1) {
    await offer(pending({ seq, incident: `i${seq}`, endpoint: seq % 2 ? 'down' : 'works' }))
  }
  await clock.advance(10_000)
  t.is(works.sent.length, 20)
  t.deepEqual(
    dispatcher.status().endpoints.map(({ state, pending: left }) => [state, left]),
    [
      ['failing', 20],
      ['up', 0],
    ],
  )
})

test('an endpoint that is silent leaves the others their share of a small rate', async t => {
  const silent = new ScriptedDestination(t, {
    '*': Array.from({ length: 100 }, () => new Promise<typeof accepted>(() => {})),
  })
  const works = new ScriptedDestination(t, { '*': accepted })
  const settings = [endpoint(silent, { name: 'silent' }), endpoint(works, { name: 'works' })]
  const { offer } = stage(settings, { rate: 15 })
  await offer(
    ...Array.from({ length: 100 }, (_, seq) => pending({ seq, incident: `i${seq}`, endpoint: 'silent' })),
  )
  await offer({ ...of(100, 'a'), endpoint: 'works' }, pending({ seq: 101, incident: 'b', endpoint: 'works' }))
  t.deepEqual([silent.sent.length, works.order], [7, ['b', 'a']])
})

test('attempts under way when the gate closes do not put off the next probe', async t => {
  const gates = ['a', 'b', 'c', 'd'].map(
    incident => [incident, Promise.withResolvers<typeof broken>()] as const,
  )
  const script = Object.fromEntries(gates.map(([incident, gate]) => [incident, [gate.promise, accepted]]))
  const destination = new ScriptedDestination(t, script)
  const { clock, offer } = stage([endpoint(destination)])
  await offer(of(1, 'a'), of(2, 'b'), of(3, 'c'), of(4, 'd'))
  for (const [, gate] of gates) {
    gate.resolve(broken)
    await settled()
  }
  await clock.advance(999)
  t.is(destination.sent.length, 8, 'the first probe after a second, and then the rest')
})

test('a 429 to a probe neither opens the gate nor counts as a failure', async t => {
  const destination = new ScriptedDestination(t, { a: unreachable, b: unreachable })
  const { clock, offer, dispatcher, ledger } = stage([endpoint(destination)])
  await offer(of(1, 'a'), of(2, 'b'))
  destination.play({ a: limited(10_000), b: limited(10_000) })
  await clock.advance(5_000)
  t.is(destination.sent.length, 3)
  t.is(dispatcher.status().endpoints[0]?.state, 'failing')
  destination.play({ a: accepted, b: accepted })
  await clock.advance(6_000)
  t.is(dispatcher.status().endpoints[0]?.state, 'up')
  t.is(ledger.left().length, 0)
})

test('the incident that was tried last does not get the next probe, even when it is the most urgent', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, offer } = stage([endpoint(destination)])
  await offer(of(1, 'calm'))
  await offer(pending({ seq: 2, incident: 'urgent' }))
  await clock.advance(60_000)
  t.deepEqual(destination.order.slice(0, 6), ['calm', 'urgent', 'calm', 'urgent', 'calm', 'urgent'])
})

test('a retry stored before a restart goes out as soon as the endpoint works again', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const { clock, ledger, dispatcher } = stage([endpoint(destination)])
  const dueAt = clock.wallMs() + 50_000
  dispatcher.load(ledger.add([{ ...of(1, 'stored'), attempts: 5, dueAt }, of(2, 'a'), of(3, 'b')]), [])
  await settled()
  t.deepEqual(destination.order, ['a', 'b'])
  destination.play({ '*': accepted })
  await clock.advance(1_000)
  t.is(ledger.left().length, 0)
})
