import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { BARE_ENVIRONMENT } from '../fakes/bare-environment.ts'

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url))

async function bench(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: BARE_ENVIRONMENT })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: child.exitCode, stdout, stderr }
}

const SCENARIOS = /per-point .*memory .*latency .*storm .*start .*intake .*soak .*kapacitor /s

test('--help lists the scenarios', async t => {
  const { code, stdout, stderr } = await bench('--help')
  t.is(code, 0)
  t.regex(stdout, SCENARIOS)
  t.is(stderr, '')
})

for (const args of [['strom'], ['--runs', 'many']]) {
  test(`a mistake (${args}) is named, with the scenarios there are`, async t => {
    const { code, stdout, stderr } = await bench(...args)
    t.is(code, 2)
    t.is(stdout, '')
    t.true(stderr.includes(args[0]!))
    t.regex(stderr, SCENARIOS)
  })
}

test('beside no Kapacitor the scenario that needs one is skipped, and says so', async t => {
  const { code, stdout, stderr } = await bench('kapacitor')
  t.is(code, 1)
  t.regex(stdout, /SKIPPED: set KAPACITORD/)
  t.regex(stderr, /SKIPPED: set KAPACITORD/)
  t.notRegex(stdout, /met/)
})
