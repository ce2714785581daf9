import test from 'ava'
import { settled } from '../fakes/clock.ts'
import { pending } from './pending.ts'
import { accepted, broken, ScriptedDestination, unreachable } from './scripted-destination.ts'
import { endpoint, stage } from './stage.ts'

const never = new Promise<typeof accepted>(() => {})

/** Whether a promise has settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  await settled()
  return done
}

test('a stop waits for what is under way, starts nothing new, and closes the destination last', async t => {
  const gate = Promise.withResolvers<typeof accepted>()
  const destination = new ScriptedDestination(t, { a: [gate.promise] })
  const { clock, ledger, offer, dispatcher } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  await offer(pending({ seq: 2, kind: 'resolve' }))
  const stopped = dispatcher.stop(5_000)
  await offer(pending({ seq: 3, incident: 'b' }))
  await clock.advance(4_999)
  t.false(await isDone(stopped))
  t.is(destination.closed, 0)
  gate.resolve(accepted)
  await stopped
  t.deepEqual(ledger.storyOf(1), ['delivered'])
  t.deepEqual(
    ledger.left().map(({ seq }) => seq),
    [2, 3],
  )
  t.deepEqual([destination.sent.length, destination.closed, destination.aborted], [1, 1, 0])
  t.is(clock.waiting, 0, 'no timer is left')
})

test('what takes longer than the grace is broken off, and stored as maybe received', async t => {
  const destination = new ScriptedDestination(t, { a: [never], b: [never] })
  const { clock, ledger, offer, dispatcher, told } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }), pending({ seq: 2, incident: 'b' }))
  const stopped = dispatcher.stop(5_000)
  await clock.advance(5_000)
  await stopped
  t.is(destination.aborted, 2)
  for (const settlement of ledger.settlements) {
    t.like(settlement, { outcome: 'retry', received: 'maybe', attempts: 1, latencyMs: 5_000 })
    t.false('dueAt' in settlement, 'the next run tries at once')
  }
  t.false(told.some(({ what }) => what === 'endpointDown'))
})

test('a stop without anything under way is over at once, and may be asked for twice', async t => {
  const destination = new ScriptedDestination(t, { a: [unreachable] })
  const { offer, dispatcher, clock } = stage([endpoint(destination)])
  await offer(pending({ seq: 1 }))
  const stopped = dispatcher.stop(5_000)
  t.is(dispatcher.stop(0), stopped)
  await stopped
  await clock.advance(600_000)
  t.deepEqual([destination.sent.length, destination.closed], [1, 1])
})

test('a claim that comes back while stopping is settled as not sent', async t => {
  const destination = new ScriptedDestination(t, {})
  const { ledger, offer, dispatcher } = stage([endpoint(destination)])
  const go = ledger.stall()
  await offer(pending({ seq: 1 }))
  const stopped = dispatcher.stop(5_000)
  go()
  await stopped
  t.like(ledger.settlements[0], { outcome: 'retry', received: 'no', attempts: 0 })
  t.true(ledger.left()[0]?.certain)
  t.is(destination.sent.length, 0)
})

test('a store that does not answer a claim holds a stop no longer than the grace', async t => {
  const destination = new ScriptedDestination(t, {})
  const { clock, ledger, offer, dispatcher } = stage([endpoint(destination)])
  ledger.stall()
  await offer(pending({ seq: 1 }))
  const stopped = dispatcher.stop(5_000)
  await clock.advance(4_999)
  t.false(await isDone(stopped))
  await clock.advance(1)
  t.true(await isDone(stopped))
})

test('a stop waits until everything is written', async t => {
  const destination = new ScriptedDestination(t, { a: [broken] })
  const { ledger, offer, dispatcher } = stage([endpoint(destination)])
  const written = Promise.withResolvers<void>()
  ledger.settle = () => written.promise
  await offer(pending({ seq: 1 }))
  const stopped = dispatcher.stop(0)
  t.false(await isDone(stopped))
  t.is(destination.closed, 0)
  written.resolve()
  t.true(await isDone(stopped))
})

test('a store that gives up on a settlement is told, and delivery goes on', async t => {
  const destination = new ScriptedDestination(t, { a: [accepted], b: [accepted] })
  const { ledger, offer, dispatcher, toldOf } = stage([endpoint(destination)])
  const { settle } = ledger
  ledger.settle = () => Promise.reject(new Error('gone'))
  await offer(pending({ seq: 1 }))
  t.like(toldOf('settleFailed')[0], { count: 1 })
  ledger.settle = settle
  await offer(pending({ seq: 2, incident: 'b' }))
  t.deepEqual(destination.seqs, [1, 2])
  await dispatcher.stop(0)
})
