// The store as a person asks after it: beside a daemon and without one, damaged, of another version, readable for all.
import {
  chmodSync,
  chownSync,
  closeSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import type { Finding } from '../../../src/app/check/finding.ts'
import { storeLayer } from '../../../src/app/check/store.ts'
import { Outbox } from '../../../src/outbox/outbox.ts'
import { isOwned } from '../../../src/outbox/owned.ts'
import { QUIET, storeAt, storePath } from '../../outbox/stored.ts'
import { aroundOf, asRoot, short } from './around.ts'

const look = (path: string, more = {}): Finding[] =>
  storeLayer(storeAt(path, more), isOwned(path), aroundOf())
const of = (check: string, findings: readonly Finding[]): Finding | undefined =>
  findings.find(finding => finding.check === check)

/** A store that was used, and is closed. */
async function closed(t: ExecutionContext): Promise<string> {
  const path = await storePath(t)
  const outbox = await Outbox.open(storeAt(path), QUIET)
  await outbox.close()
  return path
}

const ALL_WELL = [
  'passed store-lock',
  'passed store-integrity',
  'passed store-version',
  'passed store-size',
  'passed store-disk',
  'passed store-owner',
]

test('a store at rest is well, and a look at it leaves nothing behind', async t => {
  const path = await closed(t)
  const before = readdirSync(dirname(path))
  t.deepEqual(short(look(path)), ALL_WELL)
  t.regex(of('store-lock', look(path))?.says ?? '', /nobody has it open/)
  t.deepEqual(readdirSync(dirname(path)), before)
})

test('beside a daemon the store is read while the daemon writes, and its process is named', async t => {
  const path = await storePath(t)
  const outbox = await Outbox.open(storeAt(path), QUIET)
  t.teardown(() => outbox.close())
  t.deepEqual(short(look(path)), ALL_WELL)
  t.regex(of('store-lock', look(path))?.says ?? '', new RegExp(`process ${process.pid}`))
})

test('what a crash left in the log of the store is read too', async t => {
  const path = await closed(t)
  const writer = new DatabaseSync(path)
  writer.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0')
  writer.exec('CREATE TABLE of_a_test (x)')
  t.true(statSync(`${path}-wal`).size > 0)
  t.is(of('store-integrity', look(path))?.outcome, 'passed')
  writer.close()
})

test('a store that is not there yet is no failure', async t => {
  t.deepEqual(short(look(await storePath(t))), ['skipped store', 'passed store-disk'])
})

test('damage within the file is found, and what the sidecar does about it is said', async t => {
  const path = await closed(t)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(3 * 4096, 0x5a), 0, 3 * 4096, 4 * 4096)
  closeSync(file)
  const finding = of('store-integrity', look(path))
  t.is(finding?.outcome, 'failed')
  t.regex(finding?.fix ?? '', /sets the file aside/)
})

test('a file that is no store at all is damaged', async t => {
  const path = await storePath(t)
  writeFileSync(path, 'this is no database, whoever put it here'.repeat(200))
  t.is(of('store-integrity', look(path))?.outcome, 'failed')
})

test('a store of a newer version fails, one of an older is brought up to date', async t => {
  const path = await closed(t)
  const set = (version: number): void => {
    const db = new DatabaseSync(path)
    db.exec(`PRAGMA user_version = ${version}`)
    db.close()
  }
  set(9001)
  const newer = of('store-version', look(path))
  t.is(newer?.outcome, 'failed')
  t.regex(newer?.fix ?? '', /Install that version again/)
  set(0)
  t.is(of('store-version', look(path))?.outcome, 'warned')
})

test('a store near its max-size, or with a max-size beyond the disk, is a warning', async t => {
  const path = await closed(t)
  t.is(of('store-size', look(path, { maxSizeBytes: 100 * 1024 }))?.outcome, 'warned')
  t.is(of('store-disk', look(path, { maxSizeBytes: 2 ** 52 }))?.outcome, 'warned')
})

test('a store that anybody can read is a warning with the command that ends it, unless the folder keeps them out', async t => {
  const path = await closed(t)
  chmodSync(path, 0o644)
  chmodSync(dirname(path), 0o755)
  const finding = of('store-owner', look(path))
  t.is(finding?.outcome, 'warned')
  t.is(finding?.fix, `chmod 0600 ${path}`)
  chmodSync(dirname(path), 0o750)
  t.is(of('store-owner', look(path))?.outcome, 'passed')
})

asRoot('files of another user than the folder’s are told, since the sidecar cannot write them', async t => {
  const path = await closed(t)
  chownSync(dirname(path), 4321, 4321)
  const finding = of('store-owner', look(path))
  t.is(finding?.outcome, 'failed')
  t.true(finding?.fix?.startsWith('chown 4321 '))
})
