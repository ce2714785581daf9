// The Node that the program finds: an old one gets a sentence that says what to do, and no stack trace.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import test from 'ava'

const module = new URL('../../src/cli/node-version.ts', import.meta.url)
const root = new URL('../../', import.meta.url)

const require = (version: string) =>
  spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `(await import('${module}')).requireNode('${version}')`],
    { encoding: 'utf8' },
  )

for (const version of ['12.22.12', '20.20.2', '22.19.0'])
  test(`Node ${version} is told in one line what to do instead, and ends in 1`, t => {
    const { status, stderr } = require(version)
    t.is(status, 1)
    t.is(
      stderr,
      `kapacitor-squadcast needs Node 22.20 or newer, and this is ${version}: ` +
        'install a newer one, or the Debian package, which brings its own.\n',
    )
  })

for (const version of ['22.20.0', '24.0.0'])
  test(`Node ${version} will do`, t => {
    const { status, stderr } = require(version)
    t.is(status, 0, stderr)
  })

test('package.json names the same oldest Node', t => {
  const { engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
  t.is(engines.node, '>=22.20')
  t.is(require(engines.node.replace('>=', '')).status, 0)
})

test('no file that an old Node reads before the sentence waits at its top level, which Node 12 cannot read', t => {
  for (const file of ['src/main.ts', 'src/cli/node-version.ts', 'src/cli/exit-code.ts']) {
    const code = readFileSync(new URL(file, root), 'utf8').replace(/\/\/.*$/gm, '')
    t.notRegex(code, /^\S.*\bawait\b/m, file)
  }
})
