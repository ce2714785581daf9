import test from 'ava'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import {
  accepted,
  broken,
  limited,
  refused,
  ScriptedDestination,
  unreachable,
} from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

test('a failed event is retried with growing waits, without end', async t => {
  const destination = new ScriptedDestination(t, { a: broken })
  const { clock, offer, ledger } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  const waits = ledger.settlements.map(one => (one.kind === 'attempted' ? one.dueAt! - one.endedAt : 0))
  t.deepEqual(waits, [999])
  await clock.advance(3_600_000)
  t.true(destination.sent.length > 60)
  const all = ledger.settlements.map(one => (one.kind === 'attempted' ? one.dueAt! - one.endedAt : 0))
  t.deepEqual(all.slice(0, 7), [999, 1_998, 3_996, 7_992, 15_984, 31_968, 59_940])
})

test('after a 429 the whole organisation waits, and nothing counts as failed', async t => {
  const one = new ScriptedDestination(t, { a: [limited(30_000), accepted], c: [accepted] })
  const two = new ScriptedDestination(t, { b: [accepted] })
  const settings = [endpoint(one, { name: 'one' }), endpoint(two, { name: 'two' })]
  const { clock, offer, ledger, dispatcher, told } = stage(settings)
  await offer(pending({ seq: 1, endpoint: 'one' }))
  await offer(
    pending({ seq: 2, endpoint: 'two', incident: 'b' }),
    pending({ seq: 3, endpoint: 'one', incident: 'c' }),
  )
  await clock.advance(29_999)
  t.is(one.sent.length + two.sent.length, 1)
  t.deepEqual(
    dispatcher.status().endpoints.map(({ state }) => state),
    ['limited', 'limited'],
  )
  t.is(dispatcher.status().limitedUntil, clock.wallMs() + 1)
  await clock.advance(1)
  t.is(ledger.left().length, 0)
  t.true(ledger.settlements.every(settlement => settlement.kind === 'attempted' && settlement.attempts === 0))
  t.is(told.find(({ what }) => what === 'limited')?.waitMs, 30_000)
  t.false(told.some(({ what }) => what === 'endpointDown' || what === 'retrying'))
})

test('a 429 without end is asked again at its pace, and a second one puts the end off', async t => {
  const destination = new ScriptedDestination(t, { a: limited(10_000) })
  const { clock, offer } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  await clock.advance(100_000)
  t.is(destination.sent.length, 11)
})

test('a refused body is sent once more bare, at once, and then delivered', async t => {
  const destination = new ScriptedDestination(t, { a: [refused, accepted, accepted] })
  const { offer, ledger, told } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  await offer(pending({ seq: 2, kind: 'resolve' }))
  t.deepEqual(
    destination.sent.map(({ seq, bare }) => [seq, bare]),
    [
      [1, false],
      [1, true],
      [2, false],
    ],
  )
  t.deepEqual(ledger.storyOf(1), ['bare', 'delivered'])
  t.is(told.filter(({ what }) => what === 'refused').length, 1)
})

test('a bare body that is refused is a dead letter with the reason, and the lane goes on', async t => {
  const destination = new ScriptedDestination(t, { a: [refused, refused, accepted, refused, refused] })
  const { offer, ledger, dispatcher, toldOf } = stage([endpoint(destination)])
  const dead: PendingEvent[] = []
  dispatcher.onDead(event => dead.push(event))
  await offer(pending({ seq: 1 }))
  await offer(pending({ seq: 2 }))
  await offer(pending({ seq: 3, kind: 'resolve' }))
  t.deepEqual(
    [1, 2, 3].map(seq => ledger.storyOf(seq)),
    [['bare', 'dead'], ['delivered'], ['bare', 'dead']],
  )
  t.deepEqual(
    dead.map(({ seq }) => seq),
    [1],
    'only a trigger leaves its incident untold',
  )
  t.is(toldOf('dead').length, 2)
  const last = ledger.settlements.at(-1)
  t.is(last?.kind === 'attempted' ? last.text : '', '422')
  t.is(ledger.left().length, 0)
})

test('a bare event that then fails is retried bare', async t => {
  const destination = new ScriptedDestination(t, { a: [refused, broken, accepted] })
  const { clock, offer, ledger } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  await clock.advance(2_000)
  t.deepEqual(
    destination.sent.map(({ bare }) => bare),
    [false, true, true],
  )
  t.deepEqual(ledger.storyOf(1), ['bare', 'retry', 'delivered'])
})

test('a destination that breaks its promise never to reject is a failed attempt like any other', async t => {
  const rejected = Promise.reject(new Error('https://secret'))
  rejected.catch(() => {})
  const destination = new ScriptedDestination(t, { a: [rejected, accepted] })
  const { clock, offer, ledger } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  const [first] = ledger.settlements
  t.like(first, { outcome: 'retry', received: 'maybe', text: 'the attempt broke off inside the sidecar' })
  await clock.advance(1_000)
  t.deepEqual(ledger.storyOf(1), ['retry', 'delivered'])
})

test('a settlement carries the answer as it was', async t => {
  const destination = new ScriptedDestination(t, { a: [accepted] })
  const { offer, ledger, clock, toldOf } = stage([endpoint(destination)])
  await offer(pending({ seq: 1, createdAt: clock.wallMs() - 1_500 }))
  t.deepEqual(ledger.settlements, [
    {
      kind: 'attempted',
      seq: 1,
      attempt: 0,
      endedAt: clock.wallMs(),
      outcome: 'delivered',
      received: 'yes',
      status: 202,
      text: '202',
      latencyMs: 5,
      attempts: 0,
    },
  ])
  t.is(toldOf('delivered')[0]?.latencyMs, 1_500)
})

test('the latency of what this process read counts from the reading, whatever the wall clock does', async t => {
  const destination = new ScriptedDestination(t, { a: [accepted] })
  const { offer, clock, toldOf } = stage([endpoint(destination)])
  await clock.advance(400)
  const readAt = clock.monotonicMs() - 2.5
  await offer(pending({ seq: 1, createdAt: clock.wallMs() - 7_200_000, readAt }))
  t.is(toldOf('delivered')[0]?.latencyMs, 2.5)
})

test('an event that may have been received is never dropped, one that certainly was not gives way', async t => {
  const destination = new ScriptedDestination(t, { a: [broken, accepted, accepted], b: [unreachable] })
  const { clock, offer, ledger, toldOf } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }))
  await offer(pending({ seq: 3, kind: 'resolve' }), pending({ seq: 4, incident: 'b', kind: 'resolve' }))
  await clock.advance(60_000)
  t.deepEqual(ledger.storyOf(1), ['retry', 'delivered'])
  t.deepEqual(ledger.storyOf(3), ['delivered'])
  t.deepEqual([ledger.storyOf(2), ledger.storyOf(4)], [['retry', 'coalesced'], ['coalesced']])
  t.is(toldOf('coalesced').length, 2)
})

test('an event under way that proves not received gives way to what came meanwhile', async t => {
  const gate = Promise.withResolvers<typeof unreachable>()
  const destination = new ScriptedDestination(t, { a: [gate.promise] })
  const { offer, ledger } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  await offer(pending({ seq: 2, kind: 'resolve' }))
  t.is(ledger.left().length, 2)
  gate.resolve(unreachable)
  await settled()
  t.deepEqual([ledger.storyOf(1), ledger.storyOf(2)], [['retry', 'coalesced'], ['coalesced']])
  t.is(ledger.left().length, 0)
})

test('without coalescing every event is sent', async t => {
  const destination = new ScriptedDestination(t, { a: [unreachable, accepted, accepted, accepted] })
  const { clock, offer } = stage([endpoint(destination, { coalesce: false })])
  await offer(pending({ seq: 1 }))
  await offer(pending({ seq: 2 }), pending({ seq: 3, kind: 'resolve' }))
  await clock.advance(2_000)
  t.deepEqual(destination.seqs, [1, 1, 2, 3])
})
