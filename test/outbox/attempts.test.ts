// Claims and settlements: what an attempt leaves behind, whatever becomes of it.
import { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import { Level } from '../../src/incident/level.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import type { PendingRow, SettlementRow } from '../../src/outbox/requests.ts'
import {
  contributor,
  loadAll,
  NOW,
  newEvent,
  open,
  openingCommit,
  reopened,
  rows,
  settlement,
  storePath,
} from './stored.ts'

/** The store with incident 1 opened, its trigger claimed once per settlement, and the next daemon's view of it. */
async function after(t: ExecutionContext, ...settled: readonly SettlementRow[][]) {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  for (const settlements of settled) {
    await outbox.claim([1], NOW)
    await outbox.settle(settlements)
  }
  return { path, ...(await reopened(t, outbox, path)) }
}

test('a stored event that cannot be read becomes a dead letter, and holds up nobody', async t => {
  const path = await storePath(t)
  const unreadable: number[] = []
  const outbox = await open(t, path, { eventUnreadable: ({ seq }) => unreadable.push(seq) })
  await outbox.commit(openingCommit(1))
  await outbox.commit(openingCommit(2))
  const db = new DatabaseSync(path, { timeout: 5000 })
  db.exec('UPDATE event SET body = \'{"kind"\' WHERE seq = 1')
  db.close()
  const claimed = await outbox.claim([1, 2], NOW)
  t.deepEqual(
    claimed.map(({ seq }) => seq),
    [2],
  )
  t.deepEqual(unreadable, [1])
  await outbox.close()
  t.is(rows(path, 'SELECT state FROM event WHERE seq = 1')[0]?.state, 'dead')
})

test('a claim answers with numbers of attempts that are never the same', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.commit(openingCommit(1))
  await outbox.commit(openingCommit(2))
  const first = await outbox.claim([2, 1], NOW)
  t.deepEqual(
    first.map(({ seq }) => seq),
    [2, 1],
  )
  const again = await outbox.claim([1], NOW)
  const numbers = [...first, ...again].map(({ attempt }) => attempt)
  t.is(new Set(numbers).size, 3)
})

test('a claim leaves out what is not pending: unknown, delivered, dead or coalesced', async t => {
  const outbox = await open(t, await storePath(t))
  for (const n of [1, 2, 3, 4]) await outbox.commit(openingCommit(n))
  await outbox.claim([1, 2], NOW)
  const coalesced = { kind: 'coalesced', seq: 3, by: 4, at: NOW } as const
  await outbox.settle([settlement(1, 1), settlement(2, 2, { outcome: 'dead', received: 'no' }), coalesced])
  const claims = await outbox.claim([1, 2, 3, 4, 99], NOW)
  t.deepEqual(
    claims.map(({ seq }) => seq),
    [4],
  )
})

test('what was delivered waits no more, and its attempt is written down', async t => {
  const { path, loaded } = await after(t, [settlement(1, 1)])
  t.deepEqual(loaded.pending, [])
  t.deepEqual(loaded.receivedOpenings, [1])
  t.deepEqual(rows(path, 'SELECT * FROM attempt'), [
    {
      attempt: 1,
      seq: 1,
      started_at: NOW,
      ended_at: NOW + 50,
      outcome: 'delivered',
      received: 'yes',
      status: 200,
      text: 'OK',
      latency_ms: 12.5,
    },
  ])
  t.deepEqual(rows(path, 'SELECT state, settled_at FROM event'), [
    { state: 'delivered', settled_at: NOW + 50 },
  ])
})

interface Ending {
  readonly title: string
  readonly settled: readonly Partial<Extract<SettlementRow, { kind: 'attempted' }>>[]
  readonly pending: Partial<PendingRow>
}

const refused = { outcome: 'retry', received: 'no' } as const
const unanswered = { outcome: 'retry', received: 'maybe' } as const

const ENDINGS: readonly Ending[] = [
  {
    title: 'an attempt that certainly was not received leaves the event certain',
    settled: [{ ...refused, attempts: 1, dueAt: NOW + 1000 }],
    pending: { certain: true, openingReceived: false, attempts: 1, dueAt: NOW + 1000, bare: false },
  },
  {
    title: 'an attempt that may have been received leaves the event unsure, and so its incident',
    settled: [{ ...unanswered, attempts: 1, dueAt: NOW + 700 }],
    pending: { certain: false, openingReceived: true, attempts: 1, dueAt: NOW + 700 },
  },
  {
    title: 'once unsure, an event stays unsure, whatever the next attempt says',
    settled: [
      { ...unanswered, attempts: 1 },
      { ...refused, attempts: 2 },
    ],
    pending: { certain: false, openingReceived: true, attempts: 2 },
  },
  {
    title: 'a full body that was refused makes the next attempt bare, and it stays bare',
    settled: [
      { outcome: 'bare', received: 'no', attempts: 1 },
      { ...refused, attempts: 2 },
    ],
    pending: { certain: true, bare: true, attempts: 2 },
  },
  {
    title: 'a limit or a block counts for nothing',
    settled: [
      { outcome: 'limited', received: 'no', attempts: 0, dueAt: NOW + 60_000 },
      { outcome: 'blocked', received: 'no', attempts: 0, dueAt: NOW + 60_000 },
    ],
    pending: { certain: true, attempts: 0, openingReceived: false },
  },
]

for (const { title, settled, pending } of ENDINGS) {
  test(title, async t => {
    const { loaded } = await after(t, ...settled.map((more, i) => [settlement(i + 1, 1, more)]))
    t.is(loaded.pending.length, 1)
    t.like(loaded.pending[0], pending)
    t.deepEqual(loaded.receivedOpenings, pending.openingReceived ? [1] : [])
  })
}

test('an event that is due at once has no time to wait for', async t => {
  const { loaded } = await after(
    t,
    [settlement(1, 1, { ...refused, dueAt: NOW + 1000 })],
    [settlement(2, 1, refused)],
  )
  t.false('dueAt' in loaded.pending[0]!)
})

test('a dead letter waits no more; its incident counts as received, as it does before a restart', async t => {
  const { path, loaded } = await after(t, [
    settlement(1, 1, { outcome: 'dead', received: 'no', status: 400 }),
  ])
  t.deepEqual(loaded.pending, [])
  t.deepEqual(loaded.receivedOpenings, [1])
  t.deepEqual(rows(path, 'SELECT state, settled_at FROM event'), [{ state: 'dead', settled_at: NOW + 50 }])
})

test('what gave way is kept in the history, with what it gave way to', async t => {
  const { path, loaded } = await after(t, [{ kind: 'coalesced', seq: 1, by: 9, at: NOW + 3 }])
  t.deepEqual(loaded.pending, [])
  t.deepEqual(rows(path, 'SELECT state, coalesced_by, settled_at FROM event'), [
    { state: 'coalesced', coalesced_by: 9, settled_at: NOW + 3 },
  ])
})

async function resolve(outbox: Outbox): Promise<void> {
  const changes = [contributor(1, 'host=a', Level.ok), { change: 'close', opening: 1 } as const]
  await outbox.commit({ at: NOW, changes, events: [newEvent(2, 1, 'resolve')] })
}

test('a resolve knows whether a trigger of its opening can have been received', async t => {
  for (const [received, openingReceived] of [
    ['yes', true],
    ['maybe', true],
    ['no', false],
  ] as const) {
    const path = await storePath(t)
    const outbox = await open(t, path)
    await outbox.commit(openingCommit(1))
    await outbox.claim([1], NOW)
    const outcome = received === 'yes' ? 'delivered' : 'retry'
    await outbox.settle([settlement(1, 1, { outcome, received })])
    await resolve(outbox)
    const { loaded } = await reopened(t, outbox, path)
    t.like(loaded.pending.at(-1), { kind: 'resolve', certain: true, openingReceived }, received)
  }
})

test('a resolve that may have been received says nothing about the triggers of its opening', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  await resolve(outbox)
  await outbox.claim([2], NOW)
  await outbox.settle([settlement(1, 2, unanswered)])
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(
    loaded.pending.map(({ kind, certain, openingReceived }) => [kind, certain, openingReceived]),
    [
      ['trigger', true, false],
      ['resolve', false, false],
    ],
  )
})

/** A store whose daemon dies between claim and settlement. */
async function cutOff(t: ExecutionContext, claimedAt: number): Promise<{ path: string; next: Outbox }> {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  await outbox.claim([1], claimedAt)
  await outbox.abandon()
  return { path, next: await open(t, path) }
}

test('an attempt that a crash cut off may have been received, and counts for the rate without an end', async t => {
  const { path, next } = await cutOff(t, NOW)
  const loaded = await loadAll(next, NOW + 500, NOW - 60_000)
  t.deepEqual(loaded.recentAttempts, [{ startedAt: NOW }])
  t.like(loaded.pending[0], { certain: false, openingReceived: true, attempts: 0 })
  t.deepEqual(loaded.receivedOpenings, [1])
  t.deepEqual(rows(path, 'SELECT ended_at, outcome, received FROM attempt'), [
    { ended_at: NOW + 500, outcome: 'lost', received: 'maybe' },
  ])
})

test('an attempt cut off long ago counts for the rate all the same: its end is not known', async t => {
  const { next } = await cutOff(t, NOW - 3_600_000)
  const { recentAttempts } = await loadAll(next, NOW, NOW - 60_000)
  t.deepEqual(recentAttempts, [{ startedAt: NOW - 3_600_000 }])
})

test('a cut off attempt is found once: after another restart it has its end', async t => {
  const { path, next } = await cutOff(t, NOW)
  await loadAll(next, NOW + 500)
  await next.close()
  const last = await open(t, path)
  const loaded = await loadAll(last, NOW + 900)
  t.deepEqual(loaded.recentAttempts, [{ startedAt: NOW, endedAt: NOW + 500 }])
  t.like(loaded.pending[0], { certain: false, openingReceived: true })
})

test('a trigger that was cut off and then became a dead letter leaves its incident received', async t => {
  const { path, next } = await cutOff(t, NOW)
  await loadAll(next, NOW + 500)
  await next.claim([1], NOW + 600)
  await next.settle([settlement(2, 1, { ...refused, attempts: 1 })])
  await next.settle([{ kind: 'coalesced', seq: 1, by: 9, at: NOW + 700 }])
  await resolve(next)
  const { loaded } = await reopened(t, next, path)
  t.like(loaded.pending[0], { kind: 'resolve', openingReceived: true })
})

test('attempts count for the rate by their end, however long ago they started', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  for (const n of [1, 2, 3]) await outbox.commit(openingCommit(n))
  await outbox.claim([1], NOW - 90_000)
  await outbox.claim([2], NOW - 90_000)
  await outbox.claim([3], NOW - 61_000)
  await outbox.settle([
    settlement(1, 1, { endedAt: NOW - 60_001 }),
    settlement(2, 2, { endedAt: NOW - 60_000 }),
    settlement(3, 3, { endedAt: NOW + 5000 }),
  ])
  const { recentAttempts } = await loadAll(outbox, NOW, NOW - 60_000)
  t.deepEqual(
    recentAttempts.map(({ endedAt }) => endedAt! - NOW),
    [-60_000, 5000],
  )
})
