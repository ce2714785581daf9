// A dead letter that is sent again: it takes its place among the events of its incident, by its number.
import test from 'ava'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import { accepted, ScriptedDestination, unreachable } from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

test('an event that is sent again goes before newer ones of its incident that wait', async t => {
  const destination = new ScriptedDestination(t, { a: [unreachable, accepted, accepted, accepted] })
  const { clock, offer } = stage([endpoint(destination, { coalesce: false })])
  await offer(pending({ seq: 5 }), pending({ seq: 6, kind: 'resolve' }))
  await offer(pending({ seq: 2, openingReceived: true }))
  await clock.advance(60_000)
  t.deepEqual(destination.seqs, [5, 2, 5, 6])
})

test('an event that is sent again never goes before one that is under way', async t => {
  const first = Promise.withResolvers<typeof accepted>()
  const destination = new ScriptedDestination(t, { a: [first.promise, accepted, accepted] })
  const { offer } = stage([endpoint(destination, { coalesce: false })])
  await offer(pending({ seq: 5 }), pending({ seq: 6, kind: 'resolve' }))
  await offer(pending({ seq: 2 }))
  t.deepEqual(destination.seqs, [5])
  first.resolve(accepted)
  await settled()
  t.deepEqual(destination.seqs, [5, 2, 6])
})
