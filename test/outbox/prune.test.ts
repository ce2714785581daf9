// Old history goes in small steps; what is undelivered, open, or counts for the rate stays.
import type { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import { Level } from '../../src/incident/level.ts'
import { openDatabase } from '../../src/outbox/database.ts'
import { prune, pruneForRoom, STEP } from '../../src/outbox/prune.ts'
import { Tables } from '../../src/outbox/tables.ts'
import { contributor, NOW, open, openingCommit, settlement, storePath } from './stored.ts'

const DAY = 86_400_000
const WEEK = 7 * DAY

interface Store {
  readonly db: DatabaseSync
  readonly tables: Tables
}

async function store(t: ExecutionContext): Promise<Store> {
  const db = openDatabase(await storePath(t), 1 << 30)
  t.teardown(() => db.close())
  return { db, tables: new Tables(db) }
}

type Outcome = 'pending' | 'delivered' | 'dead'

/** An incident that opened, was told, and closed, all at one moment. */
function incident(
  { tables }: Store,
  n: number,
  at: number,
  outcome: Outcome = 'delivered',
  closes = true,
): void {
  tables.apply({ op: 'commit', ...openingCommit(n), at })
  const [claim] = tables.apply({ op: 'claim', seqs: [n], at }) as { attempt: number }[]
  if (outcome !== 'pending')
    tables.apply({ op: 'settle', settlements: [settlement(claim!.attempt, n, { outcome, endedAt: at })] })
  const changes = [contributor(n, 'host=a', Level.ok), { change: 'close' as const, opening: n }]
  if (closes) tables.apply({ op: 'commit', at, changes, events: [] })
}

const left = ({ db }: Store, table: string, column: string): unknown[] =>
  db
    .prepare(`SELECT ${column} AS value FROM ${table} ORDER BY 1`)
    .all()
    .map(({ value }) => value)

const weekBefore = NOW - WEEK

test('what was settled longer ago than history is kept goes, with its attempts, its incident and its story', async t => {
  const made = await store(t)
  incident(made, 1, NOW - 8 * DAY)
  incident(made, 2, NOW - 6 * DAY)
  t.deepEqual(prune(made.db, weekBefore, NOW), { events: 1, deadLetters: 0 })
  t.deepEqual(left(made, 'event', 'seq'), [2])
  t.deepEqual(left(made, 'attempt', 'seq'), [2])
  t.deepEqual(left(made, 'incident', 'opening'), [2])
  t.deepEqual([...new Set(left(made, 'story', 'opening'))], [2])
})

test('what is undelivered, open, or a dead letter stays, however old', async t => {
  const made = await store(t)
  incident(made, 1, NOW - 90 * DAY, 'pending')
  incident(made, 2, NOW - 90 * DAY, 'dead')
  incident(made, 3, NOW - 90 * DAY, 'delivered', false)
  prune(made.db, weekBefore, NOW)
  t.deepEqual(left(made, 'event', 'seq'), [1, 2])
  t.deepEqual(left(made, 'incident', 'opening'), [1, 2, 3])
  t.deepEqual(left(made, 'contributor', 'opening'), [3])
})

test('a step takes no more than its number, and says when there is more', async t => {
  const made = await store(t)
  for (let n = 1; n <= STEP + 20; n++) incident(made, n, NOW - 8 * DAY)
  t.is(prune(made.db, weekBefore, NOW).events, STEP)
  t.is(prune(made.db, weekBefore, NOW).events, 20)
  t.deepEqual(left(made, 'incident', 'opening'), [])
})

test('for room the oldest history goes first, then dead letters, and never what counts for the rate', async t => {
  const made = await store(t)
  incident(made, 1, NOW - 3 * DAY, 'dead')
  incident(made, 2, NOW - DAY)
  incident(made, 3, NOW - 60_000)
  incident(made, 4, NOW - 60_000, 'dead')
  t.deepEqual(pruneForRoom(made.db, NOW), { events: 1, deadLetters: 0 })
  t.deepEqual(left(made, 'event', 'seq'), [1, 3, 4])
  t.deepEqual(pruneForRoom(made.db, NOW), { events: 0, deadLetters: 1 })
  t.deepEqual(pruneForRoom(made.db, NOW), { events: 0, deadLetters: 0 })
  t.deepEqual(left(made, 'attempt', 'seq'), [3, 4])
})

test('looking for old history searches no table', async t => {
  const { db } = await store(t)
  const plans = [
    `SELECT seq FROM event WHERE state = 'delivered' AND settled_at < 1 ORDER BY settled_at LIMIT 5`,
    'SELECT opening FROM incident WHERE closed_at < 1 ORDER BY closed_at LIMIT 5',
  ].flatMap(sql => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
  for (const { detail } of plans) t.regex(String(detail), /^SEARCH .* USING (COVERING )?INDEX/)
})

test('a running store takes old history out by itself', async t => {
  const path = await storePath(t)
  const first = await open(t, path)
  await first.commit(openingCommit(1))
  const [claim] = await first.claim([1], NOW)
  await first.settle([settlement(claim!.attempt, 1)])
  await first.close()
  const pruned = Promise.withResolvers<{ events: number }>()
  await open(t, path, { storePruned: pruned.resolve }, { historyMs: DAY })
  t.is((await pruned.promise).events, 1)
})
