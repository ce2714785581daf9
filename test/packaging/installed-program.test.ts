// The program as npm has installed it, by the name that a person types: it runs, an alert gets through, `test` arrives.
// INSTALLED_PROGRAM is its path; without it this is skipped, and says so.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import test, { type ExecutionContext } from 'ava'
import { day, incidentOf, levelsAt } from '../journey/daily.ts'

const program = process.env.INSTALLED_PROGRAM
const declare = program ? test : test.skip
if (!program)
  console.warn('SKIPPED: no INSTALLED_PROGRAM, so nothing that npm has installed is run; see .ci/run')

/** Resolves once it says that it is ready. */
async function running(t: ExecutionContext, config: string): Promise<{ stop(): Promise<number | null> }> {
  const child = spawn(program!, ['run', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  t.teardown(() => child.kill('SIGKILL'))
  const isReady = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr })
      .on('line', line => line.includes('"event":"ready"') && resolve())
      .on('close', () => reject(new Error('it left before it was ready')))
  })
  await isReady
  return {
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
  }
}

declare('an alert gets through what is installed, and so does a test; it stops in order', async t => {
  const { config, receiver, task } = await day(t)
  const daemon = await running(t, config)
  const cpu = await task()
  cpu.says('a', 95, 1)
  cpu.says('a', 5, 2)
  await receiver.accepted(2)
  t.deepEqual(levelsAt(receiver, incidentOf('a')), ['CRITICAL', 'OK'])
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
