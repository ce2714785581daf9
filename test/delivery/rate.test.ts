import test from 'ava'
import fc from 'fast-check'
import type { Answer, Destination } from '../../src/delivery/destination.ts'
import { Level } from '../../src/incident/level.ts'
import { FakeClock, settled } from '../fakes/clock.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { pending } from './pending.ts'
import { accepted, broken, limited, ScriptedDestination } from './scripted-destination.ts'
import { endpoint, type Stage, stage } from './stage.ts'
import { mostInOneMinute } from './windows.ts'

/** True time: the machine's time that neither a restart nor a jump of the wall clock touches. */
class World {
  readonly received: number[] = []
  #before = 0
  clock = new FakeClock()
  ledger = new MemoryLedger()

  get now(): number {
    return this.#before + this.clock.monotonicMs()
  }

  /** The monotonic clock of a new process starts anew; the wall clock goes on. */
  reboot(): void {
    this.#before = this.now
    this.clock = new FakeClock(this.clock.wallMs())
    this.ledger = this.ledger.reopened()
  }
}

/** Takes a while; the request arrives at once or at the very end of it. */
class SlowReceiver implements Destination {
  readonly #world: World
  readonly #manners: { readonly takes: number; readonly answer: Answer }[]
  #next = 0

  constructor(world: World, manners: { readonly takes: number; readonly answer: Answer }[]) {
    this.#world = world
    this.#manners = manners
  }

  async send(): Promise<Answer> {
    const { takes, answer } = this.#manners[this.#next++ % this.#manners.length]!
    const { clock, received } = this.#world
    if (takes % 2 === 0) received.push(this.#world.now)
    if (takes > 0) await new Promise<void>(resolve => clock.after(takes, resolve))
    if (takes % 2 === 1) received.push(this.#world.now)
    return answer
  }

  async close(): Promise<void> {}
}

const turns = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ pass: fc.integer({ min: 0, max: 40_000 }) }) },
    { weight: 2, arbitrary: fc.record({ jump: fc.integer({ min: -7_200_000, max: 0 }) }) },
    { weight: 1, arbitrary: fc.record({ leave: fc.constantFrom('stop' as const, 'crash' as const) }) },
  ),
  { minLength: 5, maxLength: 25 },
)
const manners = fc.array(
  fc.record({ takes: fc.nat(9_000), answer: fc.constantFrom(accepted, accepted, broken, limited(3_000)) }),
  { minLength: 1, maxLength: 20 },
)

async function leave(how: 'stop' | 'crash', world: World, { dispatcher }: Stage): Promise<void> {
  if (how === 'crash') return
  const stopped = dispatcher.stop(500)
  await world.clock.advance(500)
  await stopped
}

test('no minute at the receiver holds more than the rate, over restarts and with a wall clock that is set back', async t => {
  const rates = fc.integer({ min: 1, max: 40 })
  await fc.assert(
    fc.asyncProperty(rates, turns, manners, async (rate, list, manner) => {
      const world = new World()
      const receiver = new SlowReceiver(world, manner)
      const start = () => stage([endpoint(receiver)], { rate, clock: world.clock, ledger: world.ledger })
      let now = start()
      const level = [Level.info, Level.warning, Level.critical] as const
      await now.offer(
        ...Array.from({ length: 400 }, (_, seq) =>
          pending({ seq, incident: `i${seq}`, level: level[seq % 3]! }),
        ),
      )
      for (const turn of list) {
        if ('pass' in turn) await world.clock.advance(turn.pass)
        else if ('jump' in turn) world.clock.jumpWall(turn.jump)
        else {
          await leave(turn.leave, world, now)
          world.reboot()
          now = start()
          now.dispatcher.load(world.ledger.left(), world.ledger.pastAttempts())
          await settled()
        }
      }
      return mostInOneMinute(world.received) <= rate
    }),
    { numRuns: 150 },
  )
  t.pass()
})

test('the rate is used: a backlog goes out as fast as it allows', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer } = stage([endpoint(destination)], { rate: 30 })
  await offer(...Array.from({ length: 100 }, (_, seq) => pending({ seq, incident: `i${seq}` })))
  t.is(destination.sent.length, 30)
  await clock.advance(61_000)
  t.is(destination.sent.length, 60)
  await clock.advance(61_000)
  t.is(destination.sent.length, 90)
})

test('when the wall clock jumps forward or back, nothing is held back or hurried', async t => {
  for (const jump of [86_400_000, -86_400_000]) {
    const destination = new ScriptedDestination(t, { first: [broken, accepted], '*': accepted })
    const { clock, offer } = stage([endpoint(destination)], { rate: 10 })
    const level = Level.warning
    await offer(pending({ seq: 0, incident: 'first', level }))
    await offer(
      ...Array.from({ length: 20 }, (_, seq) => pending({ seq: seq + 1, incident: `i${seq}`, level })),
    )
    t.is(destination.sent.length, 9)
    clock.jumpWall(jump)
    await clock.advance(60_000)
    t.is(destination.sent.length, 9)
    await clock.advance(100)
    t.is(destination.sent.length, 18)
  }
})

test('the last tenth waits for a CRITICAL trigger that comes late', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { offer } = stage([endpoint(destination)], { rate: 20 })
  const level = Level.warning
  await offer(...Array.from({ length: 50 }, (_, seq) => pending({ seq, incident: `i${seq}`, level })))
  t.is(destination.sent.length, 18)
  await offer(
    pending({ seq: 100, incident: 'x' }),
    pending({ seq: 101, incident: 'y', kind: 'resolve' }),
    pending({ seq: 102, incident: 'z' }),
    pending({ seq: 103, incident: 'late' }),
  )
  t.deepEqual(destination.order.slice(18), ['late', 'z'])
})

test('all endpoints share one budget', async t => {
  const one = new ScriptedDestination(t, { '*': accepted })
  const two = new ScriptedDestination(t, { '*': accepted })
  const settings = [endpoint(one, { name: 'one' }), endpoint(two, { name: 'two' })]
  const { offer, dispatcher } = stage(settings, { rate: 10 })
  await offer(
    ...Array.from({ length: 40 }, (_, seq) =>
      pending({ seq, incident: `i${seq}`, endpoint: seq % 2 ? 'one' : 'two' }),
    ),
  )
  t.is(one.sent.length + two.sent.length, 10)
  t.is(dispatcher.status().budget.used, 10)
})

test('a claim that the store refuses uses nothing of the budget', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { clock, ledger, offer, toldOf } = stage([endpoint(destination)], { rate: 3 })
  ledger.refuseNextClaim(new Error('disk full'))
  ledger.refuseNextClaim(new Error('disk full'))
  await offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }), pending({ seq: 3, incident: 'c' }))
  t.is(destination.sent.length, 0)
  await clock.advance(999)
  t.is(toldOf('claimFailed').length, 1)
  await clock.advance(1_001)
  t.is(toldOf('claimFailed').length, 2)
  t.deepEqual(destination.seqs, [3, 2, 1])
})
