// Which CRITICAL incidents the receiver has not taken, and which dead letters stand, as the store knows it.
import test from 'ava'
import { Level } from '../../src/incident/level.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import type { NewEvent } from '../../src/outbox/requests.ts'
import {
  contributor,
  NOW,
  newEvent,
  open,
  opening,
  openingCommit,
  reopened,
  rows,
  settlement,
  storePath,
} from './stored.ts'

const NOBODY = 'nobody'

async function openings(outbox: Outbox, until = NOW): Promise<readonly number[]> {
  return (await outbox.untaken(until, 10)).openings
}

/** Events in order: `dead` and `delivered` settle them. */
async function settled(
  outbox: Outbox,
  seq: number,
  outcome: 'dead' | 'delivered',
  text = 'OK',
): Promise<void> {
  const [claim] = await outbox.claim([seq], NOW)
  const status = outcome === 'dead' ? 400 : 200
  await outbox.settle([settlement(claim!.attempt, seq, { outcome, text, status })])
}

const more = (outbox: Outbox, at: number, ...events: NewEvent[]) => outbox.commit({ at, changes: [], events })

test('a CRITICAL trigger that was not taken is known with all there is to tell, after a restart too', async t => {
  const path = await storePath(t)
  const first = await open(t, path)
  await first.commit(openingCommit(1))
  await first.commit({ ...openingCommit(2), at: NOW + 1 })
  const { outbox } = await reopened(t, first, path)
  t.deepEqual(await openings(outbox, NOW - 1), [])
  t.deepEqual(await openings(outbox, NOW), [1])
  const untaken = await outbox.untaken(NOW + 1, 1)
  t.deepEqual(untaken.openings, [1, 2])
  t.is(untaken.first.length, 1)
  t.like(untaken.first[0], {
    ...{ opening: 1, seq: 1, endpoint: 'default', incident: 'cpu:1', task: 'cpu_alert' },
    ...{ since: NOW, isDead: false, answer: null },
  })
  t.regex(untaken.first[0]!.body, /"message":"event 1"/)
})

test('what the fallback has told is not untaken any more, after a restart neither, and its story says so', async t => {
  const path = await storePath(t)
  const first = await open(t, path)
  await first.commit(openingCommit(1))
  await first.toldByFallback([1], NOW + 5)
  t.deepEqual(await openings(first), [])
  const { outbox } = await reopened(t, first, path)
  t.deepEqual(await openings(outbox), [])
  t.deepEqual(rows(path, `SELECT opening, at FROM story WHERE what = 'fallback'`), [
    { opening: 1, at: NOW + 5 },
  ])
})

for (const [what, change] of [
  ['is over', { change: 'close', opening: 1 }],
  ['was resolved by hand', { change: 'mute', opening: 1 }],
  ['has recovered, and whose resolve is held,', contributor(1, 'host=a', Level.ok)],
] as const)
  test(`an incident that ${what} is not untaken`, async t => {
    const outbox = await open(t, await storePath(t))
    await outbox.commit(openingCommit(1))
    await outbox.commit({ at: NOW, changes: [change], events: [] })
    t.deepEqual(await openings(outbox), [])
  })

test('one that was taken as CRITICAL stays taken, whatever comes after; as WARNING it is not', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.commit(openingCommit(1))
  await settled(outbox, 1, 'delivered')
  await more(outbox, NOW, newEvent(2, 1))
  t.deepEqual(await openings(outbox), [])
  await outbox.commit({
    at: NOW,
    changes: [opening(2), contributor(2, 'host=a', Level.critical)],
    events: [{ ...newEvent(3, 2), level: Level.warning }, newEvent(4, 2)],
  })
  await settled(outbox, 3, 'delivered')
  t.deepEqual(await openings(outbox), [2])
})

test('a trigger that gave way to a newer one keeps its time', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.commit(openingCommit(1))
  await more(outbox, NOW + 240_000, newEvent(2, 1))
  await outbox.settle([{ kind: 'coalesced', seq: 1, by: 2, at: NOW + 240_000 }])
  t.like((await outbox.untaken(NOW, 1)).first[0], { seq: 2, since: NOW })
})

test('one that was refused for good is untaken, with the words of the receiver, until it is told again', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.commit(openingCommit(1))
  await settled(outbox, 1, 'dead', '400 Bad Request: no')
  t.like((await outbox.untaken(NOW, 1)).first[0], { isDead: true, answer: '400 Bad Request: no' })
  await more(outbox, NOW, newEvent(2, 1))
  await settled(outbox, 2, 'delivered')
  t.deepEqual(await openings(outbox), [])
})

const letters = (outbox: Outbox) => outbox.standingLetters(NOBODY)

test('dead letters stand until they are discarded; those of one task can be left out', async t => {
  const outbox = await open(t, await storePath(t))
  t.deepEqual(await letters(outbox), {
    count: 0,
    isMore: false,
    hasCritical: false,
    newest: 0,
    incidents: [],
  })
  await outbox.commit(openingCommit(1))
  await outbox.commit(openingCommit(2))
  await more(outbox, NOW, newEvent(3, 2, 'resolve'))
  await settled(outbox, 3, 'dead')
  t.like(await letters(outbox), { count: 1, hasCritical: false, newest: 3, incidents: ['cpu:2'] })
  await settled(outbox, 1, 'dead')
  t.like(await letters(outbox), { count: 2, hasCritical: true, newest: 3, incidents: ['cpu:2', 'cpu:1'] })
  t.like(await outbox.standingLetters('cpu_alert'), { count: 0, newest: 0 })
})

test('a thousand dead letters are counted, and no more', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.commit({
    at: NOW,
    changes: [opening(1)],
    events: Array.from({ length: 1001 }, (_, n) => newEvent(n + 1, 1)),
  })
  const claims = await outbox.claim(
    Array.from({ length: 1001 }, (_, n) => n + 1),
    NOW,
  )
  await outbox.settle(
    claims.map(({ attempt, seq }) => settlement(attempt, seq, { outcome: 'dead', status: 400 })),
  )
  t.like(await letters(outbox), { count: 1000, isMore: true, newest: 1001, incidents: ['cpu:1'] })
})
