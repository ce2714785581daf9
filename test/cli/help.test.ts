// The help of each command on the store: it fits 80 columns and has examples; what is wrong is said and ends in 2 or 78.
import test from 'ava'
import { program } from '../../src/cli/program.ts'

async function run(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (said[name] += text) })
  const code = await program({
    argv,
    env: {},
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    onSignal: () => {},
    exit: () => {
      throw new Error('left')
    },
  })
  return { code, ...said }
}

const COMMANDS = [
  ['incidents'],
  ['incidents', 'resolve'],
  ['explain'],
  ['dead-letters'],
  ['dead-letters', 'retry'],
  ['dead-letters', 'discard'],
  ['test'],
  ['check'],
  ['replay'],
  ['status'],
  ['tail'],
  ['tasks'],
  ['restart-cost'],
] as const

for (const words of COMMANDS)
  test(`the help of '${words.join(' ')}' fits 80 columns, and has examples`, async t => {
    const { code, stdout } = await run(...words, '--help')
    t.is(code, 0)
    t.regex(stdout, /Examples:\n {2}kapacitor-squadcast/)
    t.deepEqual(
      stdout.split('\n').filter(line => line.length > 80),
      [],
    )
  })

test('wrong usage ends in 2 with a sentence, before the configuration is even read', async t => {
  for (const argv of [
    ['explain'],
    ['incidents', 'resolve'],
    ['incidents', 'nonsense'],
    ['incidents', '--level', 'high'],
    ['dead-letters', 'show', 'x'],
    ['dead-letters', 'retry'],
    ['dead-letters', 'list', '--fault', 'nobody'],
    ['dead-letters', 'export', '--since', 'yesterday'],
    ['check', 'everything'],
    ['check', '--tickscript', 'x'],
    ['check', '--tickscripts'],
  ]) {
    const { code, stdout, stderr } = await run(...argv)
    t.is(code, 2, argv.join(' '))
    t.is(stdout, '')
    t.regex(stderr, /^error: /)
  }
})

test('a configuration that is not there ends in 78, at whichever of two places it is named', async t => {
  for (const argv of [
    ['incidents', '--config', '/nonexistent'],
    ['incidents', 'resolve', 'x', '--config', '/nonexistent'],
    ['incidents', '--config', '/nonexistent', 'resolve', 'x'],
    ['dead-letters', '--config', '/nonexistent'],
    ['dead-letters', 'show', '1', '--config', '/nonexistent'],
    ['explain', 'x', '--config', '/nonexistent'],
    ['test', '--config', '/nonexistent'],
    ['restart-cost', '--config', '/nonexistent'],
  ]) {
    const { code, stderr } = await run(...argv)
    t.is(code, 78, argv.join(' '))
    t.regex(stderr, /\/nonexistent/)
  }
})
