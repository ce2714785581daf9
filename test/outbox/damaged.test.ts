// Damaged files: set aside by name, and what can be read of them goes on.
import {
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { OutboxHappenings } from '../../src/outbox/happenings.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import { onSmallDisk, smallDisk } from './small-disk.ts'
import { loadAll, NOW, open, openingCommit, rows, settlement, storePath } from './stored.ts'

type SetAside = Parameters<OutboxHappenings['storeSetAside']>[0]

async function reopenedAfterDamage(
  t: ExecutionContext,
  path: string,
): Promise<{ outbox: Outbox; aside: SetAside }> {
  let aside: SetAside | undefined
  const outbox = await open(t, path, { storeSetAside: happening => (aside = happening), storeVolatile() {} })
  t.truthy(aside)
  return { outbox, aside: aside! }
}

/** A store with many events, closed in order: everything is in the one file. */
async function filled(t: ExecutionContext, path: string, events: number): Promise<void> {
  const outbox = await open(t, path)
  await Promise.all(Array.from({ length: events }, (_, i) => outbox.commit(openingCommit(i + 1))))
  const claims = await outbox.claim([1], NOW)
  await outbox.settle([settlement(claims[0]!.attempt, 1)])
  await outbox.close()
}

/** Overwrites pages with bytes of no meaning. */
function scratch(path: string, pages: readonly number[]): void {
  const file = openSync(path, 'r+')
  for (const page of pages) writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
}

test('a file of garbage is set aside by name, with all its bytes, and a new store begins', async t => {
  const path = await storePath(t)
  const garbage = 'this was never a store\n'.repeat(500)
  writeFileSync(path, garbage)
  const { outbox, aside } = await reopenedAfterDamage(t, path)
  t.regex(aside.path, /outbox\.db\.damaged-\d{8}T\d{6}Z$/)
  t.is(readFileSync(aside.path, 'utf8'), garbage)
  t.deepEqual([aside.incidents, aside.pending], [0, 0])
  t.true(await outbox.commit(openingCommit(1)))
})

test('a second damaged file does not take the name of the first', async t => {
  const path = await storePath(t)
  for (const text of ['first ', 'second ']) {
    writeFileSync(path, text.repeat(1000))
    const { outbox } = await reopenedAfterDamage(t, path)
    await outbox.close()
  }
  const asides = readdirSync(dirname(path)).filter(name => name.includes('.damaged-'))
  t.deepEqual(asides.map(name => readFileSync(join(dirname(path), name), 'utf8').slice(0, 5)).sort(), [
    'first',
    'secon',
  ])
})

test('of a file whose first page is gone nothing can be read, and the daemon starts all the same', async t => {
  const path = await storePath(t)
  await filled(t, path, 50)
  scratch(path, [0])
  const { outbox, aside } = await reopenedAfterDamage(t, path)
  t.deepEqual([aside.incidents, aside.pending], [0, 0])
  t.deepEqual((await loadAll(outbox)).pending, [])
})

test('of a file with a hole most is recovered: what is pending is sent, what was settled is not', async t => {
  const path = await storePath(t)
  await filled(t, path, 2000)
  const pages = statSync(path).size / 4096
  scratch(path, [Math.floor(pages / 2), Math.floor(pages / 2) + 1])
  const seen: SetAside[] = []
  const outbox = await open(t, path, {
    storeSetAside: happening => seen.push(happening),
    storeVolatile() {},
    storeRecovered() {},
  })
  const loaded = await loadAll(outbox)
  t.is(seen.length, 1)
  t.true(loaded.pending.length > 1500 && loaded.pending.length < 2000, `${loaded.pending.length} of 1999`)
  t.false(loaded.pending.some(({ seq }) => seq === 1))
  t.true(loaded.pending.every(({ incident, seq }) => incident === `cpu:${seq}` || incident.startsWith('cpu')))
  const [claim] = await outbox.claim([loaded.pending.at(-1)!.seq], NOW)
  t.is(claim!.event.message, `event ${claim!.seq}`)
  t.true(await outbox.commit(openingCommit(3000)))
  t.deepEqual(rows(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
})

test('a file that is damaged while it is open is replaced, and nobody who asks is turned away', async t => {
  const path = await storePath(t)
  await filled(t, path, 2000)
  const aside = Promise.withResolvers<SetAside>()
  const outbox = await open(t, path, {
    storeSetAside: aside.resolve,
    storeVolatile() {},
    storeRecovered() {},
    eventUnreadable() {},
    deadLettersCounted() {},
  })
  const pages = statSync(path).size / 4096
  scratch(
    path,
    Array.from({ length: Math.floor(pages / 2) }, (_, i) => Math.floor(pages / 4) + i),
  )
  const seqs = Array.from({ length: 2000 }, (_, i) => i + 1)
  const claims = await outbox.claim(seqs, NOW)
  const { pending } = await aside.promise
  t.true(pending > 100, `${pending} pending`)
  t.true(claims.length > 100, `${claims.length} claims`)
  await outbox.commit(openingCommit(3000))
  t.true(await outbox.commit(openingCommit(3001)))
  t.deepEqual(rows(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
})

test('a torn log loses no more than its torn end', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  for (let n = 1; n <= 20; n++) await outbox.commit(openingCommit(n))
  // As after a power loss: the files as they are while the store is open.
  const torn = await storePath(t)
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, torn + suffix)
  truncateSync(`${torn}-wal`, statSync(`${torn}-wal`).size - 1000)
  const next = await open(t, torn)
  const { pending } = await loadAll(next)
  t.deepEqual(
    pending.map(({ seq }) => seq),
    Array.from({ length: 19 }, (_, i) => i + 1),
  )
})

onSmallDisk(
  'a damaged store on a full disk: the daemon starts, in memory, and writes once there is room',
  async t => {
    const disk = await smallDisk(t, 8 << 20)
    writeFileSync(disk.store, 'garbage '.repeat(1000))
    disk.fill()
    const recovered = Promise.withResolvers<void>()
    const outbox = await open(t, disk.store, {
      storeSetAside() {},
      storeVolatile() {},
      storeRecovered: recovered.resolve,
    })
    t.deepEqual((await loadAll(outbox)).pending, [])
    t.false(await outbox.commit(openingCommit(1)))
    t.is((await outbox.claim([1], NOW))[0]?.event.message, 'event 1')
    disk.empty()
    await recovered.promise
    t.true(existsSync(disk.store))
    t.deepEqual(rows(disk.store, 'SELECT seq FROM event'), [{ seq: 1 }])
  },
)
