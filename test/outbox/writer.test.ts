// The queue of the store's thread, run by hand: what happens when the disk does not take it, and when it does
// again.
import { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import type { OpenStore } from '../../src/outbox/disk.ts'
import type { Numbered, StoreNotice, StoreReply } from '../../src/outbox/requests.ts'
import { migrate } from '../../src/outbox/schema.ts'
import { Tables } from '../../src/outbox/tables.ts'
import { Writer } from '../../src/outbox/writer.ts'
import { openingCommit, stall, storePath } from './stored.ts'

interface ByHand {
  readonly db: DatabaseSync
  readonly path: string
  readonly writer: Writer
  /** What was posted: ids of answers, codes of refusals, notices. */
  readonly posted: string[]
  /** Lets the time pass after which it tries again. */
  readonly passTime: () => void
}

async function byHand(t: ExecutionContext, wrap = (tables: Tables): Pick<Tables, 'apply'> => tables) {
  const path = await storePath(t)
  const db = new DatabaseSync(path, { timeout: 0 })
  t.teardown(() => db.close())
  db.exec('PRAGMA journal_mode = WAL')
  migrate(db)
  const posted: string[] = []
  const later: (() => void)[] = []
  const store: OpenStore = { db, tables: wrap(new Tables(db)) as Tables }
  const writer = new Writer({
    disk: { store, readable: db, open: () => {}, makeRoom: () => false, replace: () => {} },
    post: message => posted.push(...shown(message)),
    later: (_ms, fire) => later.push(fire),
  })
  const passTime = (): void => {
    for (const fire of later.splice(0)) fire()
  }
  return { db, path, writer, posted, passTime } satisfies ByHand
}

function shown(message: StoreReply[] | StoreNotice): string[] {
  if (Array.isArray(message)) return message.map(shownReply)
  return [message.notice === 'failing' ? `failing ${message.waiting}` : message.notice]
}

const shownReply = ({ id, error, isVolatile }: StoreReply): string =>
  error ? `${id} ${error.code}` : `${id}${isVolatile ? ' in memory' : ''}`

const commit = (n: number): Numbered => ({ id: n, request: { op: 'commit', ...openingCommit(n) } })
/** Opens an incident that is open already. */
const wrong = (id: number): Numbered => ({ id, request: { op: 'commit', ...openingCommit(1) } })

const stored = (db: DatabaseSync): unknown[] =>
  db
    .prepare('SELECT seq FROM event ORDER BY rowid')
    .all()
    .map(({ seq }) => seq)

test('what the disk does not take waits, is told, and comes through in order', async t => {
  const { db, path, writer, posted, passTime } = await byHand(t)
  const { letGo } = stall(t, path)
  writer.add([commit(1), commit(2)])
  t.deepEqual(posted, ['failing 2'])
  writer.add([commit(3)])
  t.deepEqual(posted, ['failing 2'])
  passTime()
  t.deepEqual(posted, ['failing 2', 'failing 3'])
  letGo()
  passTime()
  t.deepEqual(posted, ['failing 2', 'failing 3', 'recovered', '1', '2', '3'])
  t.deepEqual(stored(db), [1, 2, 3])
  writer.add([commit(4)])
  t.is(posted.at(-1), '4')
  t.is(posted.filter(notice => notice === 'recovered').length, 1)
})

test('to finish waits until the disk has taken all', async t => {
  const { path, writer, passTime } = await byHand(t)
  let done = 0
  writer.finish(() => done++)
  t.is(done, 1)
  const { letGo } = stall(t, path)
  writer.add([commit(1)])
  writer.finish(() => done++)
  passTime()
  t.is(done, 1)
  letGo()
  passTime()
  t.is(done, 2)
})

test('a request that is our fault fails alone, and its neighbours are stored', async t => {
  const { db, writer, posted } = await byHand(t)
  writer.add([commit(1), commit(2), wrong(9), commit(3)])
  t.deepEqual(posted, ['1', '2', '9 our-fault', '3'])
  t.deepEqual(stored(db), [1, 2, 3])
})

class DiskFull extends Error {
  readonly errcode = 13
}

test('a disk that fills up between our fault and its neighbour rejects nobody', async t => {
  const fullAt = { call: 5 }
  let call = 0
  const { db, writer, posted, passTime } = await byHand(t, tables => ({
    apply(request) {
      call++
      if (call === fullAt.call) throw new DiskFull('database or disk is full')
      return tables.apply(request)
    },
  }))
  // Calls 1 and 2 break together; 3, 4 and 5 are each alone.
  writer.add([commit(1), wrong(9), commit(2)])
  t.deepEqual(posted, ['1', '9 our-fault', 'volatile', '2 in memory'])
  t.deepEqual(stored(db), [1])
  passTime()
  t.deepEqual(posted, ['1', '9 our-fault', 'volatile', '2 in memory', 'recovered'])
  t.deepEqual(stored(db), [1, 2])
})

test('a disk that fills up inside a transaction leaves nothing of it', async t => {
  let call = 0
  const { db, writer, posted, passTime } = await byHand(t, tables => ({
    apply(request) {
      const result = tables.apply(request)
      if (++call === 2) throw new DiskFull('database or disk is full')
      return result
    },
  }))
  writer.add([commit(1), commit(2)])
  t.deepEqual([posted, stored(db)], [['volatile', '1 in memory', '2 in memory'], []])
  passTime()
  t.deepEqual(stored(db), [1, 2])
  t.deepEqual(posted, ['volatile', '1 in memory', '2 in memory', 'recovered'])
})

test('a disk that was held by another program and then is full is not said to be well', async t => {
  const { path, writer, posted, passTime } = await byHand(t, () => ({
    apply() {
      throw new DiskFull('database or disk is full')
    },
  }))
  const { letGo } = stall(t, path)
  writer.add([commit(1)])
  t.deepEqual(posted, ['failing 1'])
  letGo()
  passTime()
  t.deepEqual(posted, ['failing 1', 'volatile', '1 in memory'])
})
