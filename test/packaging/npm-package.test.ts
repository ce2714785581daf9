// What npm packs: everything that a user needs and nothing else; and that it runs from below node_modules, where Node
// reads no TypeScript.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { output } from '../../packaging/deb/output.ts'
import { CHECKOUT, cleanCheckout } from './clean-checkout.ts'

const { folder, remove } = cleanCheckout()
test.after.always(remove)

interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

const [packed] = JSON.parse(output('npm', ['pack', '--json', '--silent'], folder)) as [Packed]
const paths = packed.files.map(({ path }) => path).sort()
const installed = join(folder, 'lib/node_modules/kapacitor-squadcast')
mkdirSync(installed, { recursive: true })
output('tar', ['-xzf', packed.filename, '--strip-components=1', '-C', installed], folder)
symlinkSync(join(CHECKOUT, 'node_modules'), join(installed, 'node_modules'))
const MAIN = join(installed, 'dist/main.js')

const below = (...parts: readonly string[]): string[] =>
  readdirSync(join(CHECKOUT, ...parts), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(CHECKOUT.length))

const FOLDERS = [
  'docs',
  ...['grafana', 'oci', 'prometheus', 'systemd'].map(name => `packaging/${name}`),
  ...['proto', 'tickscripts'],
]

test('it holds each module as JavaScript and as types, what they read, the documents, and nothing else', t => {
  // What is no TypeScript there is read by the program, and has to come along.
  const modules = below('src').flatMap(path => {
    const built = path.replace(/^src/, 'dist')
    // What browsers are given has no types.
    const ends = path.startsWith('src/page/') ? ['.js'] : ['.js', '.d.ts']
    return path.endsWith('.ts') ? ends.map(end => built.replace(/\.ts$/, end)) : [built]
  })
  const expected = [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'kapacitor.conf.example', 'package.json'],
    ...modules,
    ...FOLDERS.flatMap(name => below(name)).filter(path => !path.startsWith('docs/images/')),
  ]
  t.deepEqual(paths, expected.sort())
})

test('it is small: a source map or a recording too many would show', t => {
  t.true(packed.size < 700_000, `${packed.size} bytes packed`)
  t.true(packed.unpackedSize < 3_000_000, `${packed.unpackedSize} bytes unpacked`)
})

test('no file of it imports TypeScript, or anything that package.json does not name', t => {
  const { dependencies } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'))
  const foreign = paths
    .filter(path => path.endsWith('.js'))
    .flatMap(path => [
      ...readFileSync(join(installed, path), 'utf8').matchAll(/(?:from |import\()'([^'\n]+)'/g),
    ])
    .map(([, name]) => name!)
    .filter(name => (name.startsWith('.') ? !name.endsWith('.js') : !name.startsWith('node:')))
    .map(name => name.match(/^(?:@[^/]+\/)?[^/]+/)![0])
    .filter(name => !(name in dependencies))
  t.deepEqual(foreign, [])
})

test('below node_modules it runs: version, demo, and 78 without a configuration', t => {
  const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'))
  t.is(output(process.execPath, [MAIN, '--version'], folder), `${version}\n`)
  t.regex(
    output(process.execPath, [MAIN, 'demo', '--json', '--task', 'thresholds'], folder),
    /"kind":"trigger"/,
  )
  const { status } = spawnSync(process.execPath, [MAIN, 'run', '--config', 'missing.toml'], { cwd: folder })
  t.is(status, 78)
})

const OLDEST = [22, 20] as const

/** Node programs of this machine that are too old. */
function oldNodes(): { readonly path: string; readonly version: string }[] {
  const places = (process.env.PATH ?? '').split(':').map(place => join(place, 'node'))
  return [...new Set(places)].flatMap(path => {
    const version = /^v(.*)\n/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1]
    const [major = 0, minor = 0] = version?.split('.').map(Number) ?? []
    const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
    return version !== undefined && isOld ? [{ path, version }] : []
  })
}

const old = oldNodes()
if (old.length === 0)
  console.warn('SKIPPED: no older Node on the PATH, so none is tried with the packed program')
for (const { path, version } of old)
  test(`${path} (${version}) says in one line what to do instead of running it`, t => {
    const { status, stdout, stderr } = spawnSync(path, [MAIN, 'run'], { encoding: 'utf8' })
    t.is(status, 1)
    t.is(stdout, '')
    t.regex(stderr, /^kapacitor-squadcast needs Node 22\.20 or newer, and this is [\d.]+: [^\n]+\n$/)
  })
