import test from 'ava'
import type { OutageRow } from '../../src/outbox/requests.ts'
import { NOW, open, reopened, rows, storePath } from './stored.ts'

const outage = (more: Partial<OutageRow> = {}): OutageRow => ({
  endpoint: 'default',
  from: NOW,
  cause: 'failing',
  answer: '503 Service Unavailable',
  deliveredLate: 0,
  unseen: 2,
  dead: 0,
  ...more,
})

test('an outage that is not over is there for the next daemon, as it was written last', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.outage(outage())
  await outbox.outage(outage({ back: NOW + 5, deliveredLate: 7 }))
  await outbox.outage(outage({ endpoint: 'other', cause: 'blocked' }))
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(loaded.outages, [
    outage({ back: NOW + 5, deliveredLate: 7 }),
    outage({ endpoint: 'other', cause: 'blocked' }),
  ])
})

test('an outage that is over stays in the history, and is nothing to go on with', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.outage(outage())
  await outbox.outage(outage({ back: NOW + 5, over: NOW + 9, deliveredLate: 7, dead: 1 }))
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(loaded.outages, [])
  t.like(rows(path, 'SELECT * FROM outage'), [
    { began_at: NOW, back_at: NOW + 5, over_at: NOW + 9, delivered_late: 7, unseen: 2, dead: 1 },
  ])
})
