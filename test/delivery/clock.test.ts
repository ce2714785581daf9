// The wall clock of a machine may be set, forward or back, at any time. Waiting must not notice.
import test from 'ava'
import type { Answer } from '../../src/delivery/destination.ts'
import { FakeClock } from '../fakes/clock.ts'
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

const DAY_MS = 86_400_000
const JUMPS = {
  'a day forward': DAY_MS,
  'ten years forward': 3_650 * DAY_MS,
  'a day back': -DAY_MS,
  'ten years back': -3_650 * DAY_MS,
}

const WAITS: Record<string, [answer: Answer, waitMs: number]> = {
  'a retry': [broken, 999],
  'the probe of a blocked endpoint': [forbidden, 60_000],
  'what waits after a 429': [limited(30_000), 30_000],
}

for (const [jump, ms] of Object.entries(JUMPS)) {
  for (const [what, [answer, waitMs]] of Object.entries(WAITS)) {
    test(`${what} comes at its time when the wall clock jumps ${jump}`, async t => {
      const destination = new ScriptedDestination(t, { a: [answer, accepted] })
      const { clock, offer, ledger } = stage([endpoint(destination)])
      await offer(pending({ seq: 1 }))
      clock.jumpWall(ms)
      await clock.advance(waitMs - 1)
      t.is(destination.sent.length, 1, 'not hurried')
      await clock.advance(1)
      t.is(destination.sent.length, 2, 'not stalled')
      t.is(ledger.left().length, 0)
    })
  }

  test(`an endpoint that is down is probed at its pace while the wall clock jumps ${jump}`, async t => {
    const destination = new ScriptedDestination(t, { '*': unreachable })
    const { clock, offer, dispatcher } = stage([endpoint(destination, { concurrency: 2 })])
    await offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }))
    const seen: number[] = []
    for (let second = 0; second < 64; second++) {
      seen.push(destination.sent.length)
      if (second % 5 === 0) clock.jumpWall(ms)
      await clock.advance(1_000)
    }
    t.deepEqual(
      [0, 1, 3, 7, 15, 31, 63].map(second => seen[second]),
      [2, 3, 4, 5, 6, 7, 8],
    )
    destination.play({ '*': accepted })
    await clock.advance(60_000)
    t.is(dispatcher.status().endpoints[0]?.pending, 0)
  })

  test(`a retry stored before the wall clock jumped ${jump} comes within a minute of the restart`, async t => {
    const destination = new ScriptedDestination(t, { a: [accepted] })
    const before = new FakeClock()
    const clock = new FakeClock(before.wallMs() + ms)
    const { dispatcher, ledger } = stage([endpoint(destination)], { clock })
    const dueAt = before.wallMs() + 30_000
    dispatcher.load(ledger.add([pending({ seq: 1, attempts: 6, certain: false, dueAt })]), [])
    await clock.advance(60_000)
    t.is(destination.sent.length, 1)
    t.is(ledger.left().length, 0)
  })
}

test('the order of events is the order they came in, whatever the wall clock said of each', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer } = stage([endpoint(destination, { coalesce: false, concurrency: 1 })])
  const jumps = Object.values(JUMPS)
  const events = Array.from({ length: 20 }, (_, index) => {
    clock.jumpWall(jumps[index % jumps.length]!)
    const kind = index % 2 ? 'resolve' : 'trigger'
    return pending({ seq: index + 1, kind, createdAt: clock.wallMs(), openingReceived: index % 2 === 1 })
  })
  await offer(...events)
  t.deepEqual(
    destination.seqs,
    events.map(({ seq }) => seq),
  )
})
