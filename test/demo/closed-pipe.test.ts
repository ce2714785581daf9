// The demo as a process whose reader has had enough: it leaves nothing behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { BARE_ENVIRONMENT } from '../fakes/bare-environment.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

test('a closed pipe, as of demo | head, ends it with 0, and its folder is gone', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'closed-pipe-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const child = spawn(process.execPath, [MAIN, 'demo'], {
    env: { ...BARE_ENVIRONMENT, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  t.is(readdirSync(folder).length, 1)
  child.stdout.destroy()
  const [code] = await once(child, 'exit')
  t.is(code, 0)
  t.deepEqual(readdirSync(folder), [])
})
