// Dead letters sent again or discarded: which may, in which steps, and what is written down of it.
import test, { type ExecutionContext } from 'ava'
import { Instructor } from '../../src/outbox/instructor.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import { StoreReader } from '../../src/outbox/reader.ts'
import type { RedeliveryBody } from '../../src/outbox/redeliver.ts'
import { NOW, newEvent, open, openingCommit, rows, settlement, storePath } from './stored.ts'

interface Stage {
  readonly path: string
  readonly outbox: Outbox
  readonly instructor: Instructor
}

async function stage(t: ExecutionContext): Promise<Stage> {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const instructor = Instructor.open(path)
  t.teardown(() => instructor.close())
  return { path, outbox, instructor }
}

/** Claims an event, and settles it so. */
async function ends(
  outbox: Outbox,
  seq: number,
  outcome: 'dead' | 'delivered',
  status?: number,
): Promise<void> {
  const [claim] = await outbox.claim([seq], NOW)
  const { status: _, ...rest } = settlement(claim!.attempt, seq, {
    outcome,
    received: outcome === 'dead' ? 'no' : 'yes',
  })
  await outbox.settle([{ ...rest, ...(status !== undefined && { status }) }])
}

async function carriedOut({ outbox, instructor }: Stage, kind: 'retry' | 'discard', body: RedeliveryBody) {
  const id = instructor.ask(kind, body, NOW)
  const seqs: number[] = []
  for (;;) {
    const { pending, isDone } = await outbox.redeliver(id, NOW + 9)
    seqs.push(...pending.map(({ seq }) => seq))
    if (isDone) return { seqs, answer: instructor.progress(id).answer as { done: number; refused: number } }
  }
}

const closeOf = (opening: number, at = NOW) => ({
  at,
  changes: [{ change: 'close', opening } as const],
  events: [newEvent(opening + 100, opening, 'resolve')],
})

test('dead letters are kept apart by whose fault they are', async t => {
  const { path, outbox } = await stage(t)
  for (const n of [1, 2]) await outbox.commit(openingCommit(n))
  await ends(outbox, 1, 'dead', 400)
  await ends(outbox, 2, 'dead')
  const store = StoreReader.open(path)
  t.teardown(() => store.close())
  const seqs = (fault: 'receiver' | 'own') =>
    store.deadLetters({ fault }, { order: 'ascending', limit: 9 }).map(({ seq }) => seq)
  t.deepEqual(seqs('receiver'), [1])
  t.deepEqual(seqs('own'), [2])
})

test('what is retried waits again as if never tried, is in the story, and is no dead letter any more', async t => {
  const made = await stage(t)
  await made.outbox.commit(openingCommit(1))
  await ends(made.outbox, 1, 'dead', 413)
  const { seqs, answer } = await carriedOut(made, 'retry', { selection: { seqs: [1] } })
  t.deepEqual(seqs, [1])
  t.like(answer, { done: 1, refused: 0 })
  t.like(rows(made.path, 'SELECT * FROM event')[0], {
    ...{ state: 'pending', attempts: 0, bare: 0, settled_at: null, fault: null },
  })
  t.deepEqual((await made.outbox.claim([1], NOW)).length, 1)
  t.is(rows(made.path, 'SELECT what FROM story ORDER BY number DESC LIMIT 1')[0]?.what, 'retried')
})

test('a trigger of an incident that is over is refused, unless its resolve still waits, or somebody insists', async t => {
  const made = await stage(t)
  for (const n of [1, 2]) await made.outbox.commit(openingCommit(n))
  for (const n of [1, 2]) await ends(made.outbox, n, 'dead', 413)
  await made.outbox.commit(closeOf(1))
  await made.outbox.commit({ at: NOW, changes: [{ change: 'close', opening: 2 }], events: [] })
  const first = await carriedOut(made, 'retry', { selection: {} })
  t.deepEqual(first.seqs, [1])
  t.like(first.answer, {
    done: 1,
    refused: 1,
    objections: [{ seq: 2, incident: 'cpu:2', objection: 'closed' }],
  })
  const forced = await carriedOut(made, 'retry', { selection: {}, force: true })
  t.deepEqual(forced.seqs, [2])
})

test('a trigger of an incident that was resolved by hand is refused', async t => {
  const made = await stage(t)
  await made.outbox.commit(openingCommit(1))
  await ends(made.outbox, 1, 'dead', 413)
  await made.outbox.commit({ at: NOW, changes: [{ change: 'mute', opening: 1 }], events: [] })
  t.like((await carriedOut(made, 'retry', { selection: {} })).answer, { done: 0, refused: 1 })
})

test('what a newer event of the incident has overtaken is refused: a trigger told again, a page opened again', async t => {
  const made = await stage(t)
  await made.outbox.commit(openingCommit(1))
  await ends(made.outbox, 1, 'dead', 413)
  await made.outbox.commit({ at: NOW, changes: [], events: [newEvent(2, 1)] })
  await ends(made.outbox, 2, 'delivered', 200)
  t.like((await carriedOut(made, 'retry', { selection: {} })).answer, {
    objections: [{ seq: 1, objection: 'overtaken' }],
  })

  // A resolve that was refused, and then the incident opened anew: it would close the new page.
  await made.outbox.commit(closeOf(1))
  await ends(made.outbox, 101, 'dead', 413)
  const { changes } = openingCommit(3)
  const anew = changes.map(change => (change.change === 'open' ? { ...change, id: 'cpu:1' } : change))
  await made.outbox.commit({ at: NOW, changes: anew, events: [newEvent(103, 3)] })
  const waits = await carriedOut(made, 'retry', { selection: { seqs: [101] } })
  t.deepEqual(waits.seqs, [101])
  await ends(made.outbox, 101, 'dead', 413)
  await ends(made.outbox, 103, 'delivered', 200)
  t.like((await carriedOut(made, 'retry', { selection: { seqs: [101] } })).answer, {
    objections: [{ seq: 101, objection: 'overtaken' }],
  })
})

test('many go in steps, each with how far it is, and one that dies again is not taken twice', async t => {
  const made = await stage(t)
  const { path, outbox, instructor } = made
  const all = Array.from({ length: 450 }, (_, index) => index + 1)
  await Promise.all(all.map(n => outbox.commit(openingCommit(n))))
  for (const n of all) await ends(outbox, n, 'dead', 400)
  const id = instructor.ask('retry', { selection: {} }, NOW)
  const first = await outbox.redeliver(id, NOW)
  t.false(first.isDone)
  t.is(first.pending.length, 200)
  await ends(outbox, 1, 'dead', 400)
  // As a daemon that starts after a crash goes on.
  const [row] = await outbox.instructions()
  t.is(row?.id, id)
  t.is((await outbox.redeliver(id, NOW)).pending.length, 200)
  t.deepEqual((await outbox.redeliver(id, NOW)).pending.map(({ seq }) => seq).at(-1), 450)
  t.like(instructor.progress(id), { isDone: true, answer: { done: 450 } })
  t.deepEqual(await outbox.redeliver(id, NOW), { pending: [], isDone: true })
  t.deepEqual(rows(path, `SELECT seq FROM event WHERE state = 'dead'`), [{ seq: 1 }])
})

test('what is discarded is dead no more, and never sent', async t => {
  const made = await stage(t)
  for (const n of [1, 2, 3]) await made.outbox.commit({ ...openingCommit(n), at: NOW + n })
  for (const n of [1, 2, 3]) await ends(made.outbox, n, 'dead', 400)
  const selection = { endpoint: 'default', since: NOW + 2, until: NOW + 3 }
  t.like((await carriedOut(made, 'discard', { selection })).answer, { done: 1 })
  t.deepEqual(rows(made.path, 'SELECT seq, state FROM event'), [
    { seq: 1, state: 'dead' },
    { seq: 2, state: 'discarded' },
    { seq: 3, state: 'dead' },
  ])
  t.deepEqual(await made.outbox.claim([2], NOW), [])
  t.like((await carriedOut(made, 'discard', { selection: { endpoint: 'other' } })).answer, { done: 0 })
})
