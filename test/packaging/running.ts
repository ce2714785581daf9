// A sidecar as a process, from wherever it was installed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { ExecutionContext } from 'ava'
import { type Day, incidentOf, levelsAt } from '../journey/daily.ts'

/** Resolves once it says that it is ready; ended with the test. */
export async function running(
  t: ExecutionContext,
  program: readonly [string, ...string[]],
  config: string,
): Promise<{ stop(): Promise<number | null> }> {
  const [first, ...words] = program
  const child = spawn(first, [...words, 'run', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] })
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

/** A task turns bad and recovers: both come through. */
export async function deliversBoth(t: ExecutionContext, { receiver, task }: Day): Promise<void> {
  const cpu = await task()
  cpu.says('a', 95, 1)
  await receiver.accepted(1)
  cpu.says('a', 5, 2)
  await receiver.accepted(2)
  t.deepEqual(levelsAt(receiver, incidentOf('a')), ['CRITICAL', 'OK'])
}
