// A store that another program holds up, as a stalled disk would: nothing is lost, nothing overtakes, and
// Kapacitor does not notice.
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import type { Change } from '../../src/incident/judgement.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import { option, point } from '../fakes/peer.ts'
import { bytesOf, init } from '../fakes/requests.ts'
import { responsesIn } from '../fakes/responses.ts'
import { readAll, wired } from '../udf/wired.ts'
import { NOW, newEvent, open, openingCommit, rows, stall, storePath, transactions } from './stored.ts'

test('commits that gather while the disk is busy go into few transactions, in order', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1000))
  const before = transactions(path)
  const { letGo } = stall(t, path)
  const order: number[] = []
  const commits = Array.from({ length: 200 }, (_, i) =>
    outbox.commit(openingCommit(i + 1)).then(() => order.push(i + 1)),
  )
  letGo()
  await Promise.all(commits)
  const count = transactions(path) - before
  t.true(count >= 1 && count <= 5, `${count} transactions for 200 commits`)
  t.deepEqual(
    order,
    Array.from({ length: 200 }, (_, i) => i + 1),
  )
})

test('a commit alone is one transaction', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  const before = transactions(path)
  await outbox.commit(openingCommit(2))
  await outbox.commit(openingCommit(3))
  t.is(transactions(path) - before, 2)
})

test('a request that is our fault is rejected alone, among neighbours of the same transaction', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  const { letGo } = stall(t, path)
  const asked = [2, 3, 1, 4, 5].map(n => outbox.commit(openingCommit(n)))
  letGo()
  const outcomes = await Promise.allSettled(asked)
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  )
  t.like((outcomes[2] as PromiseRejectedResult).reason, { name: 'StoreError', code: 'our-fault' })
  t.deepEqual(
    rows(path, 'SELECT seq FROM event').map(({ seq }) => seq),
    [1, 2, 3, 4, 5],
  )
})

test('a store that takes no writes says so, and close waits until it takes them (SQLite gives up after 5 s)', async t => {
  const path = await storePath(t)
  const failing = Promise.withResolvers<{ waiting: number }>()
  const recovered = Promise.withResolvers<void>()
  const outbox = await open(t, path, { storeFailing: failing.resolve, storeRecovered: recovered.resolve })
  const { letGo } = stall(t, path)
  const commits = [1, 2].map(n => outbox.commit(openingCommit(n)))
  const closed = outbox.close()
  t.true((await failing.promise).waiting > 0)
  t.like(outbox.trouble, { isVolatile: false })
  letGo()
  await Promise.all([recovered.promise, closed, ...commits])
  t.is(outbox.trouble, undefined)
  t.deepEqual(rows(path, 'SELECT seq FROM event'), [{ seq: 1 }, { seq: 2 }])
})

/** Commits events only: what a conversation needs of the app. */
function committer(outbox: Outbox): {
  commit: (changes: readonly Change[]) => Promise<unknown>
  kept: Promise<unknown>[]
} {
  const kept: Promise<unknown>[] = []
  let seq = 0
  const commit = (changes: readonly Change[]): Promise<unknown> => {
    const committed = outbox.commit({
      at: NOW,
      changes: changes.flatMap(change => change.changes),
      events: changes.map(({ opening }) => newEvent(++seq, opening)),
    })
    kept.push(committed)
    return committed
  }
  return { commit, kept }
}

const event = (host: string): Buffer => bytesOf(point(host, { fieldsDouble: { usage: 91 } }))

async function conversation(t: ExecutionContext) {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const { commit, kept } = committer(outbox)
  const wires = await wired(t, { commit })
  wires.peer.write(bytesOf(init(option('crit', '"usage" > 90'))))
  return { path, kept, ...wires }
}

test('while the store stalls a keepalive is answered, and the points wait', async t => {
  const { path, kept, peer } = await conversation(t)
  const { letGo } = stall(t, path)
  const chunks: Buffer[] = []
  const kinds = (): string[] => responsesIn(Buffer.concat(chunks)).map(({ message }) => message)
  peer.on('data', chunk => chunks.push(chunk as Buffer)).resume()
  peer.write(Buffer.concat([event('a'), event('b'), bytesOf({ keepalive: { time: '7' } })]))
  while (!kinds().includes('keepalive')) await once(peer, 'data')
  t.false(kinds().includes('point'))
  letGo()
  while (kinds().filter(kind => kind === 'point').length < 2) await once(peer, 'data')
  await Promise.all(kept)
  t.deepEqual(rows(path, 'SELECT seq FROM event'), [{ seq: 1 }, { seq: 2 }])
})

test('while the store stalls a conversation ends within the second, and its events are stored after it', async t => {
  const { path, kept, peer, ended, clock, connection, happenings } = await conversation(t)
  const { letGo } = stall(t, path)
  peer.write(event('a'))
  peer.end(event('b'))
  await ended
  const answers = readAll(peer)
  await clock.advance(1000)
  t.deepEqual(
    responsesIn(await answers).map(({ message }) => message),
    ['init'],
  )
  await connection.closed
  const bytes = event('a').length + event('b').length
  t.deepEqual(happenings, [`not returned ${bytes} not-committed-in-time`])
  t.deepEqual(rows(path, 'SELECT seq FROM event'), [])
  letGo()
  await Promise.all(kept)
  t.deepEqual(rows(path, 'SELECT seq FROM event'), [{ seq: 1 }, { seq: 2 }])
})
