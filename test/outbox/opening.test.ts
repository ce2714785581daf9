// Who may open a store, and what file it may be.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { Outbox } from '../../src/outbox/outbox.ts'
import { StoreError } from '../../src/outbox/store-error.ts'
import {
  folder,
  loadAll,
  NOW,
  open,
  openingCommit,
  QUIET,
  reopened,
  rows,
  storeAt,
  storePath,
} from './stored.ts'

async function refusal(t: ExecutionContext, path: string): Promise<StoreError> {
  return (await t.throwsAsync(Outbox.open(storeAt(path), QUIET), { instanceOf: StoreError }))!
}

test('a store is made where none is, with its folder', async t => {
  const path = join(await folder(t), 'var', 'lib', 'outbox.db')
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  t.true((await stat(path)).isFile())
  t.is((await stat(join(path, '..'))).mode & 0o007, 0)
  t.deepEqual(rows(path, 'PRAGMA user_version'), [{ user_version: 1002 }])
})

test('all files of a store are for its user alone', async t => {
  const path = await storePath(t)
  await (await open(t, path)).commit(openingCommit(1))
  const files = readdirSync(dirname(path)).filter(name => name.startsWith(basename(path)))
  t.true(files.length >= 4, files.join())
  for (const name of files) t.is(statSync(join(dirname(path), name)).mode & 0o077, 0, name)
})

test('an empty file becomes a store', async t => {
  const path = await storePath(t)
  await writeFile(path, '')
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  t.is((await reopened(t, outbox, path)).loaded.pending.length, 1)
})

test('a file of a newer major version that is in another mode keeps every byte', async t => {
  const path = await storePath(t)
  const db = new DatabaseSync(path)
  db.exec('CREATE TABLE of_the_future (n); PRAGMA user_version = 2001')
  db.close()
  const before = readFileSync(path)
  t.is((await refusal(t, path)).code, 'newer-version')
  t.deepEqual(readFileSync(path), before)
})

test('a file of a newer major version is refused with a hint, and not touched', async t => {
  const path = await storePath(t)
  await (await open(t, path)).close()
  const db = new DatabaseSync(path)
  db.exec('PRAGMA user_version = 2001')
  db.close()
  for (const _ of ['once', 'twice: the first left no lock']) {
    const error = await refusal(t, path)
    t.is(error.code, 'newer-version')
    t.is(error.message, 'the store was written by a newer version (format 2)')
    t.regex(error.hint ?? '', /^Install that version again, or set the file aside/)
  }
  t.deepEqual(rows(path, 'PRAGMA user_version'), [{ user_version: 2001 }])
})

test('a file with newer steps of the same major version is worked on, and keeps its version', async t => {
  const path = await storePath(t)
  await (await open(t, path)).close()
  const db = new DatabaseSync(path)
  db.exec('ALTER TABLE event ADD COLUMN of_the_future TEXT; PRAGMA user_version = 1007')
  db.close()
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  t.is((await reopened(t, outbox, path)).loaded.pending.length, 1)
  t.deepEqual(rows(path, 'PRAGMA user_version'), [{ user_version: 1007 }])
})

test('a second owner is refused by the pid of the first', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const error = await refusal(t, path)
  t.is(error.code, 'in-use')
  t.is(error.message, `the store ${path} is in use by process ${process.pid}`)
  t.regex(error.hint ?? '', /^Stop the other sidecar, or give this one a store of its own/)
  await outbox.commit(openingCommit(1))
  await outbox.close()
  t.is((await open(t, path)) instanceof Outbox, true)
})

test('a store whose last owner is not known any more is refused all the same', async t => {
  const path = await storePath(t)
  await open(t, path)
  await writeFile(`${path}.owner`, '')
  t.is((await refusal(t, path)).code, 'in-use')
})

test('a lock that cannot be taken for another reason is not called another sidecar', async t => {
  const path = await storePath(t)
  await writeFile(`${path}.lock`, 'this is no database, and long enough to be seen as none'.repeat(20))
  const error = await refusal(t, path)
  t.is(error.code, 'cannot-open')
  t.true(error.message.includes(path))
})

const NOT_OPENED: readonly (readonly [title: string, make: (inside: string) => Promise<string>])[] = [
  [
    'a folder',
    async inside => {
      await mkdir(join(inside, 'outbox.db'))
      return join(inside, 'outbox.db')
    },
  ],
  [
    'a path through a file',
    async inside => {
      await writeFile(join(inside, 'file'), '')
      return join(inside, 'file', 'outbox.db')
    },
  ],
  ['a path where nobody can make a folder', async () => '/proc/kapacitor-squadcast/outbox.db'],
]

for (const [title, make] of NOT_OPENED) {
  test(`${title} is refused by its name, with a hint`, async t => {
    const path = await make(await folder(t))
    const error = await refusal(t, path)
    t.is(error.code, 'cannot-open')
    t.true(error.message.startsWith(`cannot open the store ${path}: `), error.message)
    t.regex(error.hint ?? '', /\[store\] path/)
  })
}

test('close waits for all that was asked before, and may be called twice', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const commits = Array.from({ length: 50 }, (_, i) => outbox.commit(openingCommit(i + 1)))
  const order: string[] = []
  const committed = Promise.all(commits).then(() => order.push('committed'))
  await Promise.all([outbox.close().then(() => order.push('closed')), outbox.close(), committed])
  await outbox.close()
  t.deepEqual(order, ['committed', 'closed'])
  t.false(existsSync(`${path}-wal`))
  t.deepEqual(rows(path, 'SELECT count(*) AS count FROM event'), [{ count: 50 }])
})

test('a closed store rejects what is asked of it', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.close()
  for (const asked of [outbox.commit(openingCommit(1)), outbox.claim([1], NOW), loadAll(outbox)])
    await t.throwsAsync(asked, { instanceOf: StoreError, code: 'closed' })
})

test('what waits when the store is abandoned is rejected, not forgotten', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const commits = Array.from({ length: 50 }, (_, i) => outbox.commit(openingCommit(i + 1)))
  const outcomes = Promise.allSettled(commits)
  await outbox.abandon()
  const kept = (await outcomes).filter(({ status }) => status === 'fulfilled').length
  const { loaded } = await reopened(t, await open(t, path), path)
  t.true(loaded.pending.length >= kept)
})

/** A process that owns the store and has committed one event. */
async function owner(t: ExecutionContext, path: string): Promise<ReturnType<typeof spawn>> {
  const program = fileURLToPath(new URL('./owner-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return child
}

test('a store of another process is refused by its pid; kill -9 frees it, with all that it committed', async t => {
  const path = await storePath(t)
  const child = await owner(t, path)
  const error = await refusal(t, path)
  t.is(error.message, `the store ${path} is in use by process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const outbox = await open(t, path)
  t.is((await loadAll(outbox)).pending.length, 1)
})

const unlessRoot = process.getuid!() === 0 ? test.skip : test
unlessRoot('a folder that is not writable is refused with a hint (root may write anywhere)', async t => {
  const inside = await folder(t)
  await chmod(inside, 0o555)
  const error = await refusal(t, join(inside, 'outbox.db'))
  await chmod(inside, 0o755)
  t.is(error.code, 'cannot-open')
  t.regex(error.hint ?? '', /writable/)
})
