import test from 'ava'
import { Level } from '../../src/incident/level.ts'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import { accepted, broken, ScriptedDestination, unreachable } from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

test('events of one incident are sent one after the other, in the order they came', async t => {
  const first = Promise.withResolvers<typeof accepted>()
  const destination = new ScriptedDestination(t, { a: [first.promise, accepted, accepted] })
  const { offer } = stage([endpoint(destination, { coalesce: false })])
  await offer(pending({ seq: 1 }), pending({ seq: 2 }), pending({ seq: 3, kind: 'resolve' }))
  t.deepEqual(destination.seqs, [1])
  first.resolve(accepted)
  await settled()
  t.deepEqual(destination.seqs, [1, 2, 3])
  t.is(destination.mostUnderWay, 1)
})

test('a retried event holds the later ones of its incident back', async t => {
  const destination = new ScriptedDestination(t, { a: [broken, broken, accepted, accepted] })
  const { clock, offer } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  await offer(pending({ seq: 2, kind: 'resolve' }))
  await clock.advance(60_000)
  t.deepEqual(destination.seqs, [1, 1, 1, 2])
})

test('incidents do not wait for one another', async t => {
  const never = new Promise<typeof accepted>(() => {})
  const destination = new ScriptedDestination(t, { a: [never], b: [accepted], c: [accepted] })
  const { ledger, offer } = stage([endpoint(destination)])
  await offer(
    pending({ seq: 1 }),
    pending({ seq: 2, incident: 'b' }),
    pending({ seq: 3, incident: 'c', kind: 'resolve' }),
  )
  t.deepEqual(ledger.storyOf(2), ['delivered'])
  t.deepEqual(ledger.storyOf(3), ['delivered'])
})

test('no more incidents are under way than the endpoint allows', async t => {
  const gates = Array.from({ length: 20 }, () => Promise.withResolvers<typeof accepted>())
  const script = Object.fromEntries(gates.map((gate, index) => [`i${index}`, [gate.promise]]))
  const destination = new ScriptedDestination(t, script)
  const { offer, dispatcher } = stage([endpoint(destination, { concurrency: 3 })])
  await offer(...gates.map((_, index) => pending({ seq: index, incident: `i${index}` })))
  t.is(destination.sent.length, 3)
  t.is(dispatcher.status().endpoints[0]?.inFlight, 3)
  for (const gate of gates) gate.resolve(accepted)
  await settled()
  t.is(destination.sent.length, 20)
  t.is(destination.mostUnderWay, 3)
})

test('CRITICAL triggers go first, the newest before the others, then resolves, then the rest', async t => {
  const gate = Promise.withResolvers<typeof accepted>()
  const destination = new ScriptedDestination(t, { door: [gate.promise], '*': accepted })
  const { offer } = stage([endpoint(destination, { concurrency: 1 })])
  await offer(pending({ seq: 1, incident: 'door' }))
  await offer(
    pending({ seq: 2, incident: 'warning, old', level: Level.warning }),
    pending({ seq: 3, incident: 'critical, old' }),
    pending({ seq: 4, incident: 'resolve, old', kind: 'resolve' }),
    pending({ seq: 5, incident: 'info', level: Level.info }),
    pending({ seq: 6, incident: 'resolve, new', kind: 'resolve' }),
    pending({ seq: 7, incident: 'critical, new' }),
    pending({ seq: 8, incident: 'warning, new', level: Level.warning }),
  )
  gate.resolve(accepted)
  await settled()
  t.deepEqual(destination.seqs, [1, 7, 3, 4, 6, 2, 5, 8])
})

test('among endpoints, too, the most urgent event goes first', async t => {
  const one = new ScriptedDestination(t, { '*': accepted })
  const two = new ScriptedDestination(t, { '*': accepted })
  const settings = [endpoint(one, { name: 'one' }), endpoint(two, { name: 'two' })]
  const { offer, clock } = stage(settings, { rate: 1 })
  await offer(
    pending({ seq: 1, endpoint: 'one', incident: 'x', level: Level.warning }),
    pending({ seq: 2, endpoint: 'two', incident: 'y' }),
  )
  t.deepEqual([one.seqs, two.seqs], [[], [2]])
  await clock.advance(61_000)
  t.deepEqual([one.seqs, two.seqs], [[1], [2]])
})

test('an event says how late it is, and never less than nothing when the wall clock was set back', async t => {
  const destination = new ScriptedDestination(t, { a: [unreachable, accepted], b: [accepted] })
  const { clock, offer } = stage([endpoint(destination)])
  const createdAt = clock.wallMs()
  await offer(pending({ seq: 1, createdAt }))
  await clock.advance(60_000)
  clock.jumpWall(-3_600_000)
  await offer(pending({ seq: 2, incident: 'b', createdAt }))
  t.deepEqual(
    destination.sent.map(({ lateByMs }) => lateByMs),
    [0, 999, 0],
  )
})
