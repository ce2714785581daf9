// The program as npm has installed it, by the name that a person types: it runs, an alert gets through, `test` arrives.
// INSTALLED_PROGRAM is its path; without it this is skipped, and says so.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import test from 'ava'
import { day } from '../journey/daily.ts'
import { deliversBoth, running } from './running.ts'

const program = process.env.INSTALLED_PROGRAM
const declare = program ? test : test.skip
if (!program)
  console.warn('SKIPPED: no INSTALLED_PROGRAM, so nothing that npm has installed is run; see .ci/run')

declare('an alert gets through what is installed, and so does a test; it stops in order', async t => {
  const scene = await day(t)
  const { config, receiver } = scene
  const daemon = await running(t, [program!], config)
  await deliversBoth(t, scene)
  // Not spawnSync: the receiver is in this process.
  const tested = spawn(program!, ['test', '--config', config], { stdio: 'ignore' })
  t.deepEqual(await once(tested, 'exit'), [0, null])
  await receiver.accepted(4)
  t.is(receiver.ledger.open().length, 0)
  t.is(await daemon.stop(), 0)
})

declare('the demo runs from where it is installed', t => {
  const { status, stdout } = spawnSync(program!, ['demo', '--json'], { encoding: 'utf8' })
  t.is(status, 0)
  t.regex(stdout, /"kind":"trigger"/)
})
