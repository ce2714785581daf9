// Who may open what, by owners, groups and modes; against what the kernel says, where root can try.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { tryAs } from '../../../src/app/check/machine.ts'
import { obstacle, READ, stepsTo, WRITE } from '../../../src/app/check/permissions.ts'
import { asRoot } from './around.ts'

const who = { name: 'somebody', uid: 1000, gids: [1000, 50] }
const folder = { path: '/run/x', uid: 0, gid: 50, mode: 0o750 }
const socket = { path: '/run/x/s', uid: 7, gid: 50, mode: 0o660 }

test('the first thing in the way is named, and the owner, the group or the others count, never two of them', t => {
  const inTheWay = (...steps: Parameters<typeof obstacle>[0]) => obstacle(steps, who, WRITE)?.path
  t.is(inTheWay(folder, socket), undefined)
  t.is(inTheWay({ ...folder, gid: 9 }, socket), '/run/x')
  t.is(inTheWay(folder, { ...socket, gid: 9 }), '/run/x/s')
  t.is(inTheWay(folder, { ...socket, mode: 0o640 }), '/run/x/s')
  t.is(inTheWay(folder, { ...socket, uid: 1000, mode: 0o066 }), '/run/x/s')
  t.is(inTheWay(folder, { ...socket, mode: 0o606 }), '/run/x/s')
  t.is(obstacle([folder, { ...socket, mode: 0o000 }], { ...who, uid: 0 }, WRITE), undefined)
})

asRoot('what is worked out is what the kernel says, for any owner, group and mode', async t => {
  const root = mkdtempSync(join(tmpdir(), 'permissions-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  chmodSync(root, 0o711)
  const ids = fc.constantFrom(0, 1000, 50, 4321)
  const mode = fc.integer({ min: 0, max: 0o777 })
  const cases = fc.sample(fc.tuple(ids, ids, mode, ids, ids, mode), { numRuns: 16, seed: 1 })
  for (const [index, [folderUid, folderGid, folderMode, uid, gid, fileMode]] of cases.entries()) {
    const at = join(root, String(index))
    mkdirSync(at)
    const file = join(at, 'file')
    writeFileSync(file, 'x')
    chownSync(file, uid, gid)
    chmodSync(file, fileMode)
    chownSync(at, folderUid, folderGid)
    chmodSync(at, folderMode)
    const kernel = await tryAs(who, 'read', file, process.env)
    t.is(
      obstacle(stepsTo(file), who, READ) ? 'EACCES' : 'done',
      kernel ?? 'no answer',
      JSON.stringify(cases[index]),
    )
  }
})
