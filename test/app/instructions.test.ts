// What is asked for by commands, done by the daemon: once, whatever ends the process, and with an answer.
import { setImmediate as turn } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { Committer } from '../../src/app/committer.ts'
import { EndpointTests } from '../../src/app/endpoint-tests.ts'
import { Instructions } from '../../src/app/instructions.ts'
import { ReceivedOpenings } from '../../src/app/received-openings.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { Book } from '../../src/incident/book.ts'
import { Instructor } from '../../src/outbox/instructor.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import { FakeClock } from '../fakes/clock.ts'
import { loadAll, NOW, open, openingCommit, rows, settlement, storePath } from '../outbox/stored.ts'

interface Running {
  readonly outbox: Outbox
  readonly instructions: Instructions
  readonly tests: EndpointTests
  readonly clock: FakeClock
  readonly offered: PendingEvent[]
  readonly errors: unknown[]
}

/** The part of a daemon that does what it is asked, on a real store. */
async function daemon(t: ExecutionContext, path: string): Promise<Running> {
  const outbox = await open(t, path)
  const loaded = await loadAll(outbox)
  const clock = new FakeClock(NOW)
  const book = new Book(loaded.incidents, loaded.lastOpening)
  const offered: PendingEvent[] = []
  const errors: unknown[] = []
  const committer = new Committer({
    outbox,
    offer: events => offered.push(...events),
    withdraw() {},
    received: new ReceivedOpenings(loaded.receivedOpenings),
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
    lastSeq: loaded.lastSeq,
    failed: () => {},
  })
  const commit = committer.commit.bind(committer)
  const tests = new EndpointTests({
    clock,
    isConfigured: name => name === 'default',
    takeOpening: () => book.takeOpening(),
    commit,
  })
  const instructions = new Instructions({
    outbox,
    book,
    clock,
    tests,
    commit,
    offer: events => offered.push(...events),
    told: ({ error }) => error !== undefined && errors.push(error),
  })
  t.teardown(() => instructions.stop())
  return { outbox, instructions, tests, clock, offered, errors }
}

async function asked(t: ExecutionContext) {
  const path = await storePath(t)
  const first = await open(t, path)
  await first.commit(openingCommit(1))
  await first.close()
  const instructor = Instructor.open(path)
  t.teardown(() => instructor.close())
  return { path, instructor }
}

async function done(instructor: Instructor, id: number): Promise<unknown> {
  while (!instructor.progress(id).isDone) await turn()
  return instructor.progress(id).answer
}

const RESOLVE = { endpoint: 'default', incident: 'cpu:1' }

test('what was asked while no daemon ran is done at start, offered to delivery, and answered', async t => {
  const { path, instructor } = await asked(t)
  const id = instructor.ask('resolve', RESOLVE, NOW)
  const { instructions, offered } = await daemon(t, path)
  await instructions.start()
  t.deepEqual(await done(instructor, id), { result: 'muted' })
  await turn()
  t.like(offered, [{ kind: 'resolve', incident: 'cpu:1', opening: 1 }])
})

test('what is asked while it runs is found within half a second', async t => {
  const { path, instructor } = await asked(t)
  const { instructions, clock } = await daemon(t, path)
  await instructions.start()
  const id = instructor.ask('resolve', RESOLVE, NOW)
  await clock.advance(500)
  t.deepEqual(await done(instructor, id), { result: 'muted' })
  const again = instructor.ask('resolve', RESOLVE, NOW)
  while (clock.waiting === 0) await turn()
  await clock.advance(500)
  t.deepEqual(await done(instructor, again), { result: 'not-open' })
})

test('killed at any moment, an instruction is done exactly once', async t => {
  const states = new Set<boolean>()
  for (const turns of [...Array(30).keys(), Number.POSITIVE_INFINITY]) {
    const { path, instructor } = await asked(t)
    const id = instructor.ask('resolve', RESOLVE, NOW)
    const killed = await daemon(t, path)
    void killed.instructions.start()
    for (let count = 0; count < turns && !instructor.progress(id).isDone; count++) await turn()
    await killed.outbox.abandon()
    killed.instructions.stop()
    states.add(instructor.progress(id).isDone)
    const next = await daemon(t, path)
    await next.instructions.start()
    t.deepEqual(await done(instructor, id), { result: 'muted' })
    t.is(rows(path, `SELECT seq FROM event WHERE kind = 'resolve'`).length, 1, `after ${turns} turns`)
    await next.outbox.close()
  }
  // Else the test proves nothing: some had to die before it, and some after.
  t.deepEqual(states, new Set([false, true]))
})

test('an unknown kind, and a body that is not one, are answered and hold up nobody', async t => {
  const { path, instructor } = await asked(t)
  const unknown = instructor.ask('sing' as 'test', {}, NOW)
  const wrong = instructor.ask('resolve', null, NOW)
  const id = instructor.ask('resolve', RESOLVE, NOW)
  const { instructions, errors } = await daemon(t, path)
  await instructions.start()
  t.deepEqual(await done(instructor, unknown), { error: "this version knows no 'sing'" })
  t.like(await done(instructor, wrong), { error: 'the daemon could not do it: its log says why' })
  t.is(errors.length, 1)
  t.deepEqual(await done(instructor, id), { result: 'muted' })
})

test('dead letters that are sent again are offered to delivery as they stand', async t => {
  const { path, instructor } = await asked(t)
  const { instructions, outbox, offered } = await daemon(t, path)
  const [claim] = await outbox.claim([1], NOW)
  await outbox.settle([settlement(claim!.attempt, 1, { outcome: 'dead', received: 'no', status: 400 })])
  const id = instructor.ask('retry', { selection: {} }, NOW)
  await instructions.start()
  t.like(await done(instructor, id), { done: 1 })
  await turn()
  t.like(offered, [{ seq: 1, attempts: 0, bare: false, openingReceived: true }])
})

const TEST = { endpoint: 'default', incident: 'kapacitor-squadcast-test/here/now' }

test('a test is a trigger, and a resolve once the trigger has met an answer', async t => {
  const { path, instructor } = await asked(t)
  const { instructions, tests, offered } = await daemon(t, path)
  const id = instructor.ask('test', TEST, NOW)
  await instructions.start()
  while (offered.length === 0) await turn()
  t.like(offered, [{ kind: 'trigger', incident: TEST.incident, opening: 2 }])
  t.false(instructor.progress(id).isDone)
  tests.attempted(offered[0]!)
  t.like(await done(instructor, id), { result: 'begun', opening: 2 })
  t.is(rows(path, `SELECT seq FROM event WHERE opening = 2`).length, 2)
})

test('a test whose trigger is not tried for long is given up: its resolve takes it along', async t => {
  const { path, instructor } = await asked(t)
  const { instructions, clock, offered } = await daemon(t, path)
  const id = instructor.ask('test', TEST, NOW)
  await instructions.start()
  while (offered.length === 0) await turn()
  await clock.advance(15_000)
  await done(instructor, id)
  while (offered.length < 2) await turn()
  t.deepEqual(
    offered.map(({ kind, certain }) => [kind, certain]),
    [
      ['trigger', true],
      ['resolve', true],
    ],
  )
})

test('a test that a crash cut off is resolved after the next start, and nothing of it stays open', async t => {
  const { path, instructor } = await asked(t)
  const first = await daemon(t, path)
  const id = instructor.ask('test', TEST, NOW)
  await first.instructions.start()
  while (rows(path, 'SELECT seq FROM event WHERE opening = 2').length === 0) await turn()
  await first.outbox.abandon()
  first.instructions.stop()
  const next = await daemon(t, path)
  await next.instructions.start()
  t.like(await done(instructor, id), { result: 'begun' })
  t.deepEqual(rows(path, `SELECT kind FROM event WHERE opening = 2 ORDER BY seq`), [
    { kind: 'trigger' },
    { kind: 'resolve' },
  ])
  t.deepEqual(rows(path, 'SELECT opening FROM incident WHERE closed_at IS NULL'), [{ opening: 1 }])
})

test('a test of an endpoint that the daemon does not know is answered so', async t => {
  const { path, instructor } = await asked(t)
  const { instructions } = await daemon(t, path)
  const id = instructor.ask('test', { ...TEST, endpoint: 'night' }, NOW)
  await instructions.start()
  t.deepEqual(await done(instructor, id), { result: 'unknown-endpoint' })
})
