import test from 'ava'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { Level } from '../../src/incident/level.ts'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import { accepted, broken, ScriptedDestination } from './scripted-destination.ts'
import { endpoint, type Stage, stage } from './stage.ts'

async function load({ ledger, dispatcher }: Stage, events: readonly PendingEvent[]): Promise<void> {
  dispatcher.load(ledger.add(events), [])
  await settled()
}

const level = [Level.critical, Level.warning, Level.info] as const
const backlog = Array.from({ length: 100_000 }, (_, seq) =>
  pending({ seq, incident: `host=${seq % 90_000}`, opening: seq, level: level[seq % 3]! }),
)

test('a backlog of 100,000 events loads in a moment and starts with the most urgent', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const here = stage([endpoint(destination)], { rate: 300 })
  here.ledger.add(backlog)
  const start = performance.now()
  here.dispatcher.load(backlog, [])
  const took = performance.now() - start
  t.log(`${Math.round(took)} ms`)
  await settled()
  t.is(destination.sent.length, 300)
  t.true(destination.seqs.every(seq => seq % 3 === 0))
  t.is(destination.seqs[0], 89_997, 'the newest CRITICAL that heads its lane')
  // Some 400 ms on a small machine; whatever is quadratic would take minutes.
  t.true(took < 5_000, `${took} ms`)
})

test('a backlog drains completely, in order within each incident', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const here = stage([endpoint(destination, { coalesce: false })], { rate: 1_000_000 })
  const events = backlog
    .slice(0, 3_000)
    .map((event, seq) => ({ ...event, seq, incident: `host=${seq % 500}` }))
  await load(here, events)
  while (here.ledger.left().length > 0) await here.clock.advance(1_000)
  t.is(destination.sent.length, 3_000)
  const last = new Map<string, number>()
  for (const { incident, seq } of destination.sent) {
    t.true(seq > (last.get(incident) ?? -1))
    last.set(incident, seq)
  }
})

test('what waits is coalesced at load, and the store is told', async t => {
  const destination = new ScriptedDestination(t, { b: [accepted] })
  const here = stage([endpoint(destination)])
  await load(here, [
    pending({ seq: 1 }),
    pending({ seq: 2, incident: 'b' }),
    pending({ seq: 3, kind: 'resolve' }),
    pending({ seq: 4, incident: 'b' }),
  ])
  t.deepEqual(destination.seqs, [4])
  t.deepEqual(
    here.ledger.settlements.slice(0, 3).map(one => (one.kind === 'coalesced' ? [one.seq, one.by] : one)),
    [
      [1, 3],
      [3, 3],
      [2, 4],
    ],
  )
})

test('a stored retry keeps its time over a restart, but never more than a minute', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const here = stage([endpoint(destination)])
  const wall = here.clock.wallMs()
  await load(here, [
    pending({ seq: 1, incident: 'soon', attempts: 3, certain: false, dueAt: wall + 20_000 }),
    pending({ seq: 2, incident: 'past', attempts: 3, certain: false, dueAt: wall - 5_000 }),
    pending({ seq: 3, incident: 'clock was ahead', attempts: 1, certain: false, dueAt: wall + 86_400_000 }),
  ])
  t.deepEqual(destination.seqs, [2])
  await here.clock.advance(19_999)
  t.deepEqual(destination.seqs, [2])
  await here.clock.advance(1)
  t.deepEqual(destination.seqs, [2, 1])
  await here.clock.advance(40_000)
  t.deepEqual(destination.seqs, [2, 1, 3])
})

test('the waits of an event go on growing after a restart', async t => {
  const destination = new ScriptedDestination(t, { a: broken })
  const here = stage([endpoint(destination)])
  await load(here, [pending({ seq: 1, attempts: 4, certain: false })])
  const [first] = here.ledger.settlements
  t.is(first?.kind === 'attempted' ? first.dueAt! - first.endedAt : 0, 15_984)
})

test('an event that the store no longer has is not sent, and its lane goes on', async t => {
  const destination = new ScriptedDestination(t, { a: [accepted], b: [accepted] })
  const here = stage([endpoint(destination, { coalesce: false })])
  const events = here.ledger.add([
    pending({ seq: 1 }),
    pending({ seq: 2 }),
    pending({ seq: 3, incident: 'b' }),
  ])
  here.ledger.forget(1)
  here.dispatcher.load(events, [])
  await settled()
  t.deepEqual(destination.seqs.sort(), [2, 3])
  t.is(here.dispatcher.status().endpoints[0]?.pending, 0)
})

test('what is offered before the load waits for it, and comes after what it brings', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const here = stage([endpoint(destination, { coalesce: false })], { awaitsLoad: true })
  const [first, second, third] = [1, 2, 3].map(seq => pending({ seq, incident: 'a' }))
  const other = pending({ seq: 4, incident: 'b' })
  here.ledger.add([first!, second!, third!, other])
  here.dispatcher.offer([third!])
  here.dispatcher.offer([other])
  await settled()
  t.deepEqual(destination.seqs, [])
  t.is(here.dispatcher.waiting('default', 'a'), undefined)
  here.dispatcher.load([first!, second!], [])
  await settled()
  t.deepEqual(
    destination.sent.filter(({ incident }) => incident === 'a').map(({ seq }) => seq),
    [1, 2, 3],
  )
  t.true(destination.seqs.includes(4))
})

test('what was withdrawn is not sent: before the load, while it waits, and once it is found missing', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const here = stage([endpoint(destination, { concurrency: 1 })], { awaitsLoad: true, rate: 1_000_000 })
  const [early, first, waiting, claimed, last] = ['e', 'a', 'b', 'c', 'd'].map((incident, n) =>
    pending({ seq: n + 1, incident }),
  )
  here.dispatcher.offer([early!])
  here.dispatcher.withdraw([early!])
  here.dispatcher.load(here.ledger.add([first!]), [])
  // One is under way: these have to wait for it. The ledger has the last alone.
  here.dispatcher.offer([waiting!])
  here.dispatcher.withdraw([waiting!])
  here.ledger.add([last!])
  here.dispatcher.offer([claimed!, last!])
  await settled()
  t.deepEqual(destination.seqs, [first!.seq, last!.seq])
  t.is(here.dispatcher.status().endpoints[0]?.pending, 0)
})
