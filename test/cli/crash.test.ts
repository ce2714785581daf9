// What nobody caught ends the program with 1 and a stack, as Node would, and as one more text for a terminal.
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { crashText } from '../../src/cli/program.ts'
import { BARE_ENVIRONMENT } from '../fakes/bare-environment.ts'
import { forbiddenIn, HOSTILE } from '../terminal/hostile.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

test('a full disk behind standard output ends in 1, with a stack', async t => {
  const full = openSync('/dev/full', 'w')
  const child = spawn(process.execPath, [MAIN, '--help'], {
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', full, 'pipe'],
  })
  closeSync(full)
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  t.regex(await text(child.stderr!), /^kapacitor-squadcast: Error: ENOSPC.*\n\s+at /)
  t.is(await exited, 1)
})

test('a message in it acts on no terminal', t => {
  for (const error of [new Error(HOSTILE), HOSTILE]) t.deepEqual(forbiddenIn(String(crashText(error))), [])
  t.regex(String(crashText(new Error('a\nb'))), /^kapacitor-squadcast: Error: a\\nb\n {4}at /)
})
