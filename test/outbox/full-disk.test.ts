// A disk without room: the store gives up history, its reserve, and then durability, but never stops working; with
// room again everything is on the disk.
import { existsSync, statSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { Level } from '../../src/incident/level.ts'
import type { OutboxHappenings } from '../../src/outbox/happenings.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import type { StoreOptions } from '../../src/outbox/requests.ts'
import { onSmallDisk, smallDisk } from './small-disk.ts'
import {
  contributor,
  loadAll,
  NOW,
  open,
  opening,
  openingCommit,
  rows,
  settlement,
  storePath,
  told,
} from './stored.ts'

const MIB = 1024 * 1024

/** What a store told, in order, and a way to wait for the next of its kind. */
class Told implements Partial<OutboxHappenings> {
  readonly words: string[] = []
  readonly #waiting = new Map<string, () => void>()

  storeVolatile = () => this.#say('volatile')
  storeRecovered = () => this.#say('recovered')
  storeReserveGivenUp = () => this.#say('reserve')
  storePruned = ({ deadLetters }: { deadLetters: number }) =>
    this.#say(deadLetters > 0 ? 'dead letters' : 'history')

  next(word: string): Promise<void> {
    return new Promise(resolve => this.#waiting.set(word, resolve))
  }

  #say(word: string): void {
    if (this.words.at(-1) !== word) this.words.push(word)
    this.#waiting.get(word)?.()
    this.#waiting.delete(word)
  }
}

interface Opened {
  readonly outbox: Outbox
  readonly told: Told
}

async function opened(
  t: ExecutionContext,
  path: string,
  options: Partial<StoreOptions> = {},
): Promise<Opened> {
  const told = new Told()
  return { outbox: await open(t, path, told, options), told }
}

const FILLER = 'x'.repeat(20_000)

/** Commits openings from `first` on until one is not durable any more. @returns the number of that one. */
async function commitUntilVolatile(outbox: Outbox, first: number): Promise<number> {
  for (let n = first; n < first + 10_000; n++) if (!(await outbox.commit(large(n)))) return n
  throw new Error('the disk never filled up')
}

function large(n: number) {
  const commit = openingCommit(n)
  return { ...commit, events: commit.events.map(event => ({ ...event, body: withFiller(event.body) })) }
}

const withFiller = (body: string): string => body.replace('"message":"', `"message":"${FILLER}`)

const pendingOnDisk = (path: string) =>
  rows(path, `SELECT seq FROM event WHERE state = 'pending' ORDER BY seq`).map(({ seq }) => seq)

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

onSmallDisk(
  'with the disk full the reserve goes, then work goes on in memory, and all is written once there is room',
  async t => {
    const disk = await smallDisk(t, 16 * MIB)
    const { outbox, told } = await opened(t, disk.store, { maxSizeBytes: 32 * MIB })
    t.true(await outbox.commit(openingCommit(1)))
    await reserveMade(disk.store, 2 * MIB)
    disk.fill()
    const last = await commitUntilVolatile(outbox, 2)
    t.deepEqual(told.words, ['reserve', 'volatile'])
    t.true(outbox.isVolatile)
    t.like(outbox.trouble, { isVolatile: true })
    t.is(await outbox.standingLetters('nobody'), undefined)
    t.regex((await outbox.untaken(NOW, 1)).first[0]?.body ?? '', /event 1/)
    await outbox.toldByFallback([1], NOW)
    t.false(existsSync(`${disk.store}.reserve`))

    // What is on the disk, and what is in memory alone, are sent alike.
    const claims = await outbox.claim([1, last], NOW)
    t.deepEqual(
      claims.map(({ event }) => event.message.replaceAll('x', '')),
      ['event 1', `event ${last}`],
    )
    await outbox.settle(claims.map(({ attempt, seq }) => settlement(attempt, seq)))
    t.false(await outbox.commit(openingCommit(last + 1)))
    t.deepEqual(
      (await outbox.unsaved()).map(({ seq }) => seq),
      [last + 1],
    )

    const recovered = told.next('recovered')
    disk.empty()
    await recovered
    t.false(outbox.isVolatile)
    t.is(outbox.trouble, undefined)
    t.deepEqual(rows(disk.store, 'SELECT opening FROM incident WHERE fallback_at IS NOT NULL'), [
      { opening: 1 },
    ])
    t.deepEqual(await outbox.unsaved(), [])
    t.deepEqual(
      pendingOnDisk(disk.store),
      upTo(last + 1).filter(seq => seq !== 1 && seq !== last),
    )
    t.deepEqual(rows(disk.store, 'SELECT seq, outcome FROM attempt'), [
      { seq: 1, outcome: 'delivered' },
      { seq: last, outcome: 'delivered' },
    ])
    t.true(await outbox.commit(openingCommit(last + 2)))
  },
)

/** Not only begun: what is free then changes no more. */
async function reserveMade(path: string, bytes: number): Promise<void> {
  const size = (): number => statSync(`${path}.reserve`, { throwIfNoEntry: false })?.size ?? 0
  while (size() < bytes) await new Promise(resolve => setImmediate(resolve))
}

onSmallDisk('what changed while the disk was full is what the next daemon finds', async t => {
  const disk = await smallDisk(t, 8 * MIB)
  const { outbox, told } = await opened(t, disk.store)
  await outbox.commit({
    ...openingCommit(1),
    changes: [opening(1, 'cpu:1'), contributor(1, 'host=a', Level.critical)],
  })
  disk.fill()
  const last = await commitUntilVolatile(outbox, 2)
  // The incident closes and opens anew, in memory.
  await outbox.commit({
    at: NOW,
    changes: [contributor(1, 'host=a', Level.ok), { change: 'close', opening: 1 }],
    events: [],
  })
  const again = last + 1
  await outbox.commit({
    at: NOW,
    changes: [opening(again, 'cpu:1'), contributor(again, 'host=b', Level.warning), told1(again)],
    events: [],
  })
  const recovered = told.next('recovered')
  disk.empty()
  await recovered
  await outbox.close()
  const { outbox: next } = await opened(t, disk.store)
  const loaded = await loadAll(next)
  const found = loaded.incidents.filter(({ id }) => id === 'cpu:1')
  t.deepEqual(
    found.map(({ opening, contributors, told }) => [opening, contributors.length, told.length]),
    [[again, 1, 1]],
  )
  t.is(loaded.lastOpening, again)
  t.is(loaded.lastSeq, last)
})

const told1 = (number: number) => told(number, Level.warning)

onSmallDisk('a daemon starts on a full disk, knows all that was open, and delivers', async t => {
  const disk = await smallDisk(t, 8 * MIB)
  const first = await opened(t, disk.store)
  for (const n of upTo(20)) await first.outbox.commit(openingCommit(n))
  await first.outbox.close()
  disk.fill()
  const { outbox, told } = await opened(t, disk.store)
  const loaded = await loadAll(outbox)
  t.deepEqual([loaded.incidents.length, loaded.pending.length, loaded.lastSeq], [20, 20, 20])
  t.is((await outbox.claim([7], NOW))[0]?.event.message, 'event 7')
  const last = await commitUntilVolatile(outbox, 21)
  t.is(told.words.at(-1), 'volatile')
  const recovered = told.next('recovered')
  disk.empty()
  await recovered
  t.deepEqual(pendingOnDisk(disk.store), upTo(last))
})

onSmallDisk('a disk that becomes read-only suspends durability, and nothing else', async t => {
  const disk = await smallDisk(t, 8 * MIB)
  const first = await opened(t, disk.store)
  for (const n of upTo(3)) await first.outbox.commit(openingCommit(n))
  await first.outbox.close()
  disk.readOnly()
  const { outbox, told } = await opened(t, disk.store)
  const loaded = await loadAll(outbox)
  t.is(loaded.pending.length, 3)
  t.false(await outbox.commit(openingCommit(4)))
  t.deepEqual(
    (await outbox.claim([2, 4], NOW)).map(({ event }) => event.message),
    ['event 2', 'event 4'],
  )
  const recovered = told.next('recovered')
  disk.writable()
  await recovered
  t.deepEqual(pendingOnDisk(disk.store), upTo(4))
})

test('at its largest size the store gives up history before anything else, and stays durable', async t => {
  const path = await storePath(t)
  const { outbox, told } = await opened(t, path, { maxSizeBytes: MIB })
  for (const n of upTo(200)) {
    t.true(await outbox.commit(large(n)))
    const [claim] = await outbox.claim([n], NOW)
    await outbox.settle([settlement(claim!.attempt, n)])
  }
  t.deepEqual(told.words, ['history'])
  t.true(Number(rows(path, 'SELECT count(*) AS n FROM event')[0]!.n) < 60)
})

test('at its largest size with nothing to give up, new events are in memory until others are settled', async t => {
  const path = await storePath(t)
  const { outbox, told } = await opened(t, path, { maxSizeBytes: MIB })
  const last = await commitUntilVolatile(outbox, 1)
  t.is(told.words.at(-1), 'volatile')
  t.false(await outbox.commit(openingCommit(last + 1)))
  const claims = await outbox.claim(upTo(last - 1), NOW)
  t.is(claims.length, last - 1)
  const recovered = told.next('recovered')
  await outbox.settle(claims.map(({ attempt, seq }) => settlement(attempt, seq)))
  await recovered
  t.deepEqual(pendingOnDisk(path), [last, last + 1])
})

test('dead letters are the last history to go', async t => {
  const path = await storePath(t)
  const { outbox, told } = await opened(t, path, { maxSizeBytes: MIB })
  const outcomeOf = (n: number) => (n % 2 === 0 ? 'dead' : 'delivered')
  for (const n of upTo(120)) {
    t.true(await outbox.commit(large(n)))
    const [claim] = await outbox.claim([n], NOW)
    await outbox.settle([settlement(claim!.attempt, n, { outcome: outcomeOf(n) })])
  }
  t.is(told.words[0], 'history')
  t.true(told.words.includes('dead letters'))
})
