// The number of dead letters that stand in the store, as it is told: true after whatever changed it, and not dear.
import { EventEmitter, once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import test from 'ava'
import { DeadLetterCount } from '../../src/outbox/dead-letter-count.ts'
import { Instructor } from '../../src/outbox/instructor.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import type { Numbered } from '../../src/outbox/requests.ts'
import { migrate } from '../../src/outbox/schema.ts'
import { NOW, newEvent, open, openingCommit, settlement, storePath } from './stored.ts'

function store(dead: readonly number[] = []): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  migrate(db)
  for (const seq of dead) die(db, seq)
  return db
}

const die = (db: DatabaseSync, seq: number): void => {
  const { opening, task, kind, level, body } = newEvent(seq, seq)
  db.prepare(
    `INSERT INTO event (seq, opening, task, kind, level, created_at, body, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'dead')`,
  ).run(seq, opening, task, kind, level, NOW, body)
}

/** A count whose rest ends when the test says so. */
function counting(disk: () => DatabaseSync | undefined) {
  const told: number[] = []
  let fire = (): void => {}
  const count = new DeadLetterCount({
    disk,
    tell: number => told.push(number),
    later: (_, then) => {
      fire = then
    },
  })
  return { count, told, rested: () => fire() }
}

const settles = (outcome: string): Numbered => ({
  id: 1,
  request: { op: 'settle', settlements: [settlement(1, 1, { outcome })] },
})

test('it is told at once, then once a rest however much changed, and not when it is the same', t => {
  const disk = store([1])
  const { count, told, rested } = counting(() => disk)
  count.changed()
  for (const seq of [2, 3, 4]) {
    die(disk, seq)
    count.written([settles('dead')], undefined)
  }
  t.deepEqual(told, [1])
  rested()
  t.deepEqual(told, [1, 4])
  rested()
  count.changed()
  t.deepEqual(told, [1, 4])
})

test('what makes no dead letter is not counted after', t => {
  const disk = store()
  const { count, told } = counting(() => disk)
  die(disk, 1)
  count.written([settles('delivered'), settles('retry')], undefined)
  t.deepEqual(told, [])
  count.written([settles('dead')], undefined)
  t.deepEqual(told, [1])
})

test('while the disk takes nothing those of the disk and those in memory count, none of them twice', t => {
  const disk = store([1, 2])
  // Of the disk's newest event memory has a copy.
  const memory = store([2, 3])
  let isReadable = true
  const { count, told, rested } = counting(() => (isReadable ? disk : undefined))
  count.written([], memory)
  t.deepEqual(told, [3])
  rested()
  die(memory, 4)
  count.written([settles('dead')], memory)
  t.deepEqual(told, [3, 4])
  rested()
  die(disk, 3)
  die(disk, 4)
  count.written([], undefined)
  t.deepEqual(told, [3, 4])
  rested()
  isReadable = false
  count.changed()
  t.deepEqual(told, [3, 4])
})

test('a store that cannot be read for a moment leaves what was told', t => {
  const disk = store([1])
  const { count, told, rested } = counting(() => disk)
  count.changed()
  rested()
  disk.close()
  count.changed()
  t.deepEqual(told, [1])
})

test('once it is stopped it opens nothing more', t => {
  let asked = 0
  const { count, told, rested } = counting(() => {
    asked++
    return store([1])
  })
  count.changed()
  count.changed()
  count.stop()
  rested()
  t.deepEqual(told, [1])
  t.is(asked, 1)
})

class Counted {
  now: number | undefined
  readonly #changes = new EventEmitter()

  readonly deadLettersCounted = (count: number): void => {
    this.now = count
    this.#changes.emit('change')
  }

  async is(count: number): Promise<void> {
    while (this.now !== count) await once(this.#changes, 'change', { signal: AbortSignal.timeout(20_000) })
  }
}

async function dies(outbox: Outbox, seq: number): Promise<void> {
  const [claim] = await outbox.claim([seq], NOW)
  await outbox.settle([settlement(claim!.attempt, seq, { outcome: 'dead', received: 'no', status: 400 })])
}

async function carriedOut(outbox: Outbox, path: string, kind: 'retry' | 'discard', seqs: number[]) {
  const instructor = Instructor.open(path)
  await outbox.redeliver(instructor.ask(kind, { selection: { seqs }, force: true }, NOW), NOW)
  instructor.close()
}

test('the store tells it when events die, are sent again and are discarded, and after a restart', async t => {
  const path = await storePath(t)
  const counted = new Counted()
  const outbox = await open(t, path, counted)
  await counted.is(0)
  for (const n of [1, 2, 3]) {
    await outbox.commit(openingCommit(n))
    await dies(outbox, n)
  }
  await counted.is(3)
  await carriedOut(outbox, path, 'retry', [1])
  await counted.is(2)
  await carriedOut(outbox, path, 'discard', [2])
  await counted.is(1)
  await outbox.close()

  const again = new Counted()
  await open(t, path, again)
  await again.is(1)
  t.is(again.now, 1)
})
