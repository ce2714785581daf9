import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { loadSettings } from '../../src/config/load.ts'
import type { ConfigPath } from '../../src/config/path.ts'
import { formatProblems } from '../../src/config/problems.ts'
import { ENDPOINT, WEBHOOK } from './machine.ts'

const directory = mkdtempSync(join(tmpdir(), 'squadcast-config-'))
test.after.always(() => rmSync(directory, { recursive: true }))

const at = (name: string): string => join(directory, name)

function written(name: string, content: string | Uint8Array): ConfigPath {
  writeFileSync(at(name), content)
  return { path: at(name), rule: '--config' }
}

function said(found: ConfigPath): string[] {
  const resolution = loadSettings(found, {}).resolution
  return 'problems' in resolution ? formatProblems(resolution.problems, 'FILE') : []
}

test('a file is read with the files beside it and the environment', t => {
  writeFileSync(at('webhook'), `${WEBHOOK}\n`)
  const text = '[[endpoint]]\nurl-file = "webhook"\n[[endpoint]]\nname = "b"\nurl-env = "B"\n'
  const resolution = loadSettings(written('good.toml', text), { B: `${WEBHOOK}-b` }).resolution
  t.deepEqual('settings' in resolution ? resolution.settings.endpoints.map(({ url }) => url.reveal()) : [], [
    WEBHOOK,
    `${WEBHOOK}-b`,
  ])
})

test('the groups are those of this system', t => {
  const text = (group: string) => `${ENDPOINT}[udf]\nsocket-group = "${group}"`
  t.deepEqual(said(written('group.toml', text('no-such-group-here'))), [
    'FILE:4: udf.socket-group: there is no such group here',
  ])
  t.deepEqual(said(written('root.toml', text('root'))), [])
})

test('a missing file is told with the rule that named it', t => {
  const path = at('none.toml')
  t.deepEqual(said({ path, rule: '--config' }), ['FILE: does not exist; the path comes from --config'])
  t.deepEqual(said({ path, rule: '$KAPACITOR_SQUADCAST_CONFIG' }), [
    'FILE: does not exist; the path comes from $KAPACITOR_SQUADCAST_CONFIG',
  ])
  t.deepEqual(said({ path, rule: 'the default path' }), [
    'FILE: does not exist; this is the default path: name another by --config or $KAPACITOR_SQUADCAST_CONFIG',
  ])
})

test('a missing file and an unreadable one have codes of their own', t => {
  t.like(loadSettings({ path: at('none.toml'), rule: '--config' }, {}).resolution, {
    problems: [{ code: 'file-missing' }],
  })
  t.like(loadSettings({ path: directory, rule: '--config' }, {}).resolution, {
    problems: [{ code: 'file-unreadable' }],
  })
})

test('a directory in place of the file is told', t => {
  mkdirSync(at('config.d'))
  t.deepEqual(said({ path: at('config.d'), rule: '--config' }), [
    'FILE: is a directory; the path comes from --config',
  ])
})

test('a path through a file, a link to itself and an overlong path are told', t => {
  const { path } = written('plain', '')
  symlinkSync(at('loop'), at('loop'))
  const from = 'the path comes from --config'
  t.deepEqual(said({ path: join(path, 'x'), rule: '--config' }), [`FILE: does not exist; ${from}`])
  t.deepEqual(said({ path: at('loop'), rule: '--config' }), [
    `FILE: is a symbolic link that leads nowhere; ${from}`,
  ])
  t.deepEqual(said({ path: at('x'.repeat(300)), rule: '--config' }), [
    `FILE: is longer than a path may be; ${from}`,
  ])
})

test('a file that is not UTF-8 is told', t => {
  t.deepEqual(said(written('latin1.toml', Buffer.from('# caf\u00e9', 'latin1'))), [
    'FILE: is not UTF-8; the path comes from --config',
  ])
})

test('a file with a byte order mark is read', t => {
  t.deepEqual(said(written('bom.toml', `\uFEFF${ENDPOINT}`)), [])
})

test('a file of absurd size is refused', t => {
  const found = written('huge.toml', '')
  truncateSync(found.path, 5 * 1024 ** 2)
  t.deepEqual(said(found), ['FILE: is larger than 4 MiB; the path comes from --config'])
})

test('a secret file that is a directory is told at its key', t => {
  t.deepEqual(said(written('secret.toml', `[[endpoint]]\nurl-file = "${directory}"`)), [
    `FILE:2: endpoint[0].url-file: ${directory} is a directory`,
  ])
})

test('a device without end and a pipe that no one writes to hold no one up; one that is written to slowly is read', t => {
  t.deepEqual(said({ path: '/dev/zero', rule: '--config' }), [
    'FILE: is larger than 4 MiB; the path comes from --config',
  ])
  execFileSync('mkfifo', [at('fifo')])
  t.not(said({ path: at('fifo'), rule: '--config' }).length, 0)
  const module = new URL('../../src/config/read-text.ts', import.meta.url)
  const script = `import('${module}').then(({ readText }) => console.log(readText(process.argv[1]).length))`
  // More than a pipe holds, made by others while it is read.
  const read = `"$0" -e "$1" <(head -c 3000000 /dev/zero | tr '\\0' x)`
  t.is(execFileSync('bash', ['-c', read, process.execPath, script], { encoding: 'utf8' }), '3000000\n')
})
