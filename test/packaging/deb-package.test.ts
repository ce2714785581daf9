// The Debian package as a file: what is in it, whose it is, and that the same sources make the same bytes. How it
// behaves when it is installed is for the tests that `.ci/debian` runs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { output } from '../../packaging/deb/output.ts'
import { cleanCheckout } from './clean-checkout.ts'

const canBuild = process.platform === 'linux' && spawnSync('dpkg-deb', ['--version']).status === 0
const declare = canBuild ? test : test.skip
if (!canBuild) console.warn('SKIPPED: no dpkg-deb here, so the Debian package is not built')

const first = canBuild ? cleanCheckout() : undefined
const second = canBuild ? cleanCheckout() : undefined
test.after.always(() => {
  first?.remove()
  second?.remove()
})

const BUILD = ['packaging/deb/build.ts', '--compression', 'none']
const EPOCH = '1780000000'

/** Path of the package. */
const built = (folder: string, umask: string): string =>
  output('sh', ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, ...BUILD], folder, {
    SOURCE_DATE_EPOCH: EPOCH,
  }).trim()

const file = first && built(first.folder, '022')

interface Entry {
  readonly mode: string
  readonly owner: string
  readonly path: string
}

const entries: Entry[] = (file ? output('dpkg-deb', ['--contents', file], '/') : '')
  .split('\n')
  .filter(line => line !== '')
  .map(line => line.split(/\s+/))
  .map(([mode = '', owner = '', , , , path = '']) => ({ mode, owner, path: path.slice(1) }))
const files = entries.filter(({ mode }) => mode.startsWith('-'))

declare('outside of its own folder it has these files, and its own folder has no other kinds', t => {
  const HOME = '/usr/lib/kapacitor-squadcast/'
  const outside = files.map(({ path }) => path).filter(path => !path.startsWith(HOME))
  t.deepEqual(
    outside
      .filter(path => !/^\/usr\/share\/doc\/kapacitor-squadcast\/(docs|tickscripts)\//.test(path))
      .sort(),
    [
      '/etc/kapacitor-squadcast/config.toml',
      '/etc/needrestart/conf.d/kapacitor-squadcast.conf',
      '/usr/bin/kapacitor-squadcast',
      '/usr/lib/systemd/system/kapacitor-squadcast-batch.socket',
      '/usr/lib/systemd/system/kapacitor-squadcast-stream.socket',
      '/usr/lib/systemd/system/kapacitor-squadcast.service',
      '/usr/lib/systemd/system/kapacitor.service.d/kapacitor-squadcast.conf',
      '/usr/lib/sysusers.d/kapacitor-squadcast.conf',
      '/usr/lib/tmpfiles.d/kapacitor-squadcast.conf',
      '/usr/share/doc/kapacitor-squadcast/CHANGELOG.md.gz',
      '/usr/share/doc/kapacitor-squadcast/README.md',
      '/usr/share/doc/kapacitor-squadcast/changelog.gz',
      '/usr/share/doc/kapacitor-squadcast/copyright',
      '/usr/share/doc/kapacitor-squadcast/kapacitor.conf.example',
      '/usr/share/doc/kapacitor-squadcast/node-licence.txt.gz',
      '/usr/share/lintian/overrides/kapacitor-squadcast',
      '/usr/share/man/man1/kapacitor-squadcast.1.gz',
    ],
  )
  const home = files.map(({ path }) => path).filter(path => path.startsWith(HOME))
  const kinds = new Set(home.map(path => path.slice(HOME.length).split('/')[0]))
  t.deepEqual([...kinds].sort(), ['bin', 'dist', 'node_modules', 'package.json', 'proto'])
  t.deepEqual(
    home.filter(path => /\.(ts|map|node|test\.js)$|\/\.[^/]+$/.test(path)),
    [],
  )
  t.deepEqual(
    entries.filter(({ mode }) => !/^[-d]/.test(mode)),
    [],
    'no links, no devices',
  )
})

declare('docs/packages.md names no path of it that is not there', t => {
  const text = readFileSync(join(first!.folder, 'docs/packages.md'), 'utf8')
  const named = [...text.matchAll(/`(\/usr\/[^` ]+)`/g)].map(([, path]) => path!)
  t.true(named.length > 3)
  const there = new Set(entries.map(({ path }) => path.replace(/\/$/, '')))
  t.deepEqual(
    named.filter(path => !there.has(path)),
    [],
  )
})

declare("everything is root's; only programs can be run; the configuration is not for everybody", t => {
  t.deepEqual(
    entries.filter(({ owner }) => owner !== 'root/root'),
    [],
  )
  const unusual = files.filter(({ mode }) => mode !== '-rw-r--r--').map(({ mode, path }) => `${mode} ${path}`)
  t.deepEqual(unusual.sort(), [
    '-rw-r----- /etc/kapacitor-squadcast/config.toml',
    '-rwxr-xr-x /usr/bin/kapacitor-squadcast',
    '-rwxr-xr-x /usr/lib/kapacitor-squadcast/bin/node',
  ])
  t.deepEqual(
    entries.filter(({ mode }) => mode.startsWith('d') && mode !== 'drwxr-xr-x'),
    [],
  )
})

declare('what stands in /etc is a conffile, the sums are right, and its scripts are shell', t => {
  const unpacked = join(first!.folder, 'unpacked')
  output('dpkg-deb', ['--raw-extract', file!, unpacked], '/')
  const control = (name: string): string => readFileSync(join(unpacked, 'DEBIAN', name), 'utf8')
  const etc = files.map(({ path }) => path).filter(path => path.startsWith('/etc/'))
  t.deepEqual(control('conffiles').trim().split('\n'), etc)
  const sums = control('md5sums').trim().split('\n')
  t.is(sums.length, files.length - etc.length)
  output('md5sum', ['--check', '--quiet', 'DEBIAN/md5sums'], unpacked)
  for (const name of ['postinst', 'prerm', 'postrm'])
    output('sh', ['-n', join(unpacked, 'DEBIAN', name)], '/')
  const unit = readFileSync(join(unpacked, 'usr/lib/systemd/system/kapacitor-squadcast.service'), 'utf8')
  t.regex(unit, /^ExecStart=\/usr\/bin\/kapacitor-squadcast run$/m)
})

declare('the same sources make the same bytes, in another folder and under another umask', t => {
  const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
  t.timeout(300_000)
  t.is(digest(built(second!.folder, '077')), digest(file!))
})

declare('what cannot be built is one line that says what to do', t => {
  const build = (...words: readonly string[]) =>
    spawnSync(process.execPath, [...BUILD, ...words], { cwd: first!.folder, encoding: 'utf8' })
  for (const [words, code, said] of [
    [['--set-version', 'newest'], 1, /'newest' is no version such as 1\.2\.3/],
    [['--node-package', '/nonexistent'], 1, /there is no \/nonexistent\/bin\/node/],
    [['--nonsense'], 2, /Unknown option '--nonsense'/],
  ] as const) {
    const { status, stderr } = build(...words)
    t.is(status, code)
    t.regex(stderr, said)
    t.notRegex(stderr, /\n +at /)
  }
})
