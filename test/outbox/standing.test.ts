// What stands in the store, counted: open incidents by level, what waits, what was refused for good.
import { DatabaseSync } from 'node:sqlite'
import test from 'ava'
import { Level } from '../../src/incident/level.ts'
import { StoreReader } from '../../src/outbox/reader.ts'
import { STANDING } from '../../src/outbox/standing-rows.ts'
import { contributor, NOW, open, opening, openingCommit, settlement, storePath } from './stored.ts'

test('open incidents are counted by their level, and what waits with its oldest', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  for (const n of [1, 2, 3]) await outbox.commit({ ...openingCommit(n), at: NOW + n })
  await outbox.commit({
    at: NOW,
    changes: [opening(4), contributor(4, 'host=a', Level.info), contributor(4, 'host=b', Level.warning)],
    events: [],
  })
  const [first, second] = await outbox.claim([1, 2], NOW)
  await outbox.settle([
    settlement(first!.attempt, 1),
    settlement(second!.attempt, 2, { outcome: 'dead', status: 400, received: 'no' }),
  ])
  const store = StoreReader.open(path)
  t.deepEqual(store.standing(), {
    byLevel: { CRITICAL: 3, WARNING: 1, INFO: 0, OK: 0 },
    ...{ pending: 1, oldestPendingAt: NOW + 3, deadLetters: 1 },
  })
  store.close()
})

test('an empty store counts nothing, and no question walks through the history', async t => {
  const path = await storePath(t)
  await open(t, path)
  const store = StoreReader.open(path)
  const none = { CRITICAL: 0, WARNING: 0, INFO: 0, OK: 0 }
  t.deepEqual(store.standing(), { byLevel: none, pending: 0, oldestPendingAt: undefined, deadLetters: 0 })
  store.close()
  const db = new DatabaseSync(path, { readOnly: true })
  for (const sql of Object.values(STANDING)) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]
    for (const { detail } of plan)
      if (/^(SCAN|SEARCH) (i|event|c)\b/.test(detail)) t.regex(detail, /USING .*(INDEX|PRIMARY KEY)/)
  }
  db.close()
})
