import test from 'ava'
import type { Outage } from '../../src/delivery/ledger.ts'
import { FakeClock } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import {
  accepted,
  broken,
  forbidden,
  refused,
  ScriptedDestination,
  unreachable,
} from './scripted-destination.ts'
import { endpoint, type Stage, stage } from './stage.ts'

const over = ({ toldOf }: Stage) =>
  toldOf('outageOver').map(({ what, ...outage }) => outage as unknown as Outage)
const written = ({ ledger }: Stage): Outage[] => [...ledger.outages.values()]

/** Time for the probe that finds out that the endpoint works again. */
const PROBE_MS = 60_000

test('an outage ends with one summary: from when to when, and what became of what waited', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const here = stage([endpoint(destination)])
  const { clock, offer } = here
  const from = clock.wallMs()
  await offer(pending({ seq: 1, incident: 'a' }), pending({ seq: 2, incident: 'b' }))
  await offer(pending({ seq: 3, incident: 'c' }), pending({ seq: 4, incident: 'c', kind: 'resolve' }))
  await offer(pending({ seq: 5, incident: 'd' }), pending({ seq: 6, incident: 'e', opening: 2 }))
  await clock.advance(600_000)
  t.deepEqual(over(here), [])
  destination.play({ '*': accepted, d: [refused, refused] })
  await clock.advance(PROBE_MS)
  const [summary, ...more] = over(here)
  t.deepEqual(more, [])
  t.like(summary, { endpoint: 'default', from, cause: 'failing', deliveredLate: 3, unseen: 1, dead: 1 })
  t.true(summary!.back! > from + 600_000 && summary!.over! >= summary!.back!)
  t.deepEqual(written(here), [summary!])
})

test('what comes after the return belongs to no outage', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const here = stage([endpoint(destination)], { rate: 4 })
  await here.offer(
    pending({ seq: 1 }),
    pending({ seq: 2, incident: 'b' }),
    pending({ seq: 3, incident: 'c' }),
  )
  destination.play({ '*': accepted })
  while (here.toldOf('endpointUp').length === 0) await here.clock.advance(1_000)
  await here.offer(pending({ seq: 4, incident: 'new' }))
  await here.clock.advance(200_000)
  t.is(over(here).length, 1)
  t.is(over(here)[0]?.deliveredLate, 3)
  t.is(here.ledger.left().length, 0)
})

test('an endpoint that goes down again before it has caught up goes on with the same outage', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const here = stage([endpoint(destination, { concurrency: 1 })])
  const of = (seq: number) => pending({ seq, incident: `i${seq}`, kind: 'resolve', openingReceived: true })
  const from = here.clock.wallMs()
  await here.offer(of(1), of(2), of(3), of(4))
  // The probe gets through, and nothing after it.
  destination.play({ i3: [accepted], '*': forbidden })
  await here.clock.advance(300_000)
  t.deepEqual(over(here), [])
  t.like(written(here), [{ from, cause: 'blocked', deliveredLate: 1 }])
  t.false('back' in written(here)[0]!)
  destination.play({ '*': accepted })
  await here.clock.advance(PROBE_MS)
  t.like(over(here), [{ from, cause: 'blocked', deliveredLate: 4, unseen: 0, dead: 0 }])
})

test('an outage goes on over a restart, with what was counted before', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const first = stage([endpoint(destination)])
  const from = first.clock.wallMs()
  await first.offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }))
  await first.offer(pending({ seq: 3, incident: 'c' }), pending({ seq: 4, incident: 'c', kind: 'resolve' }))
  const ledger = first.ledger.reopened()
  destination.play({ '*': accepted })
  const clock = new FakeClock(first.clock.wallMs())
  const next = stage([endpoint(destination)], { ledger, clock })
  next.dispatcher.load(ledger.left(), [], [...ledger.outages.values()])
  await clock.advance(PROBE_MS)
  t.like(over(next), [{ from, deliveredLate: 2, unseen: 1, dead: 0 }])
})

test('an outage whose events are all gone by the next start is over', async t => {
  const here = stage([endpoint(new ScriptedDestination(t, {}))])
  const left: Outage = {
    ...{ endpoint: 'removed', from: 1, cause: 'failing', answer: 'refused' },
    ...{ deliveredLate: 5, unseen: 0, dead: 0 },
  }
  here.dispatcher.load([], [], [left])
  t.like(over(here), [{ ...left, over: here.clock.wallMs() }])
})

test('a single failure among others that get through is no outage', async t => {
  const destination = new ScriptedDestination(t, { poison: broken, '*': accepted })
  const here = stage([endpoint(destination)])
  await here.offer(pending({ seq: 1, incident: 'a' }), pending({ seq: 2, incident: 'poison' }))
  await here.offer(pending({ seq: 3, incident: 'b' }))
  t.deepEqual([over(here), written(here)], [[], []])
})

test('a store that takes no summary holds nothing up', async t => {
  const destination = new ScriptedDestination(t, { '*': unreachable })
  const here = stage([endpoint(destination)])
  here.ledger.outage = () => Promise.reject(new Error('full'))
  await here.offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }))
  destination.play({ '*': accepted })
  await here.clock.advance(PROBE_MS)
  t.is(here.ledger.left().length, 0)
  t.is(over(here).length, 1)
})
