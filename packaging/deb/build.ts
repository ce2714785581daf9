// Makes the Debian package out of what npm packs, this checkout's own production modules, and Node. Takes nothing from
// the network. The same sources and SOURCE_DATE_EPOCH give the same bytes. `npm run package:deb -- --help` says more.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { architectureOf, debianVersion } from './control.ts'
import { findNode } from './node-package.ts'
import { output } from './output.ts'
import { layOut } from './tree.ts'

const HELP = `Usage: npm run package:deb -- [options]

  --out DIR           where the package goes (default: this folder)
  --node-package DIR  another unpacked node-linux-* package, for another architecture
  --set-version V     another version than package.json's, to try an upgrade
  --compression KIND  xz (default), or none, which is fast
  -h, --help          this

Needs dpkg-deb, and npm ci before. SOURCE_DATE_EPOCH, else the time of the last commit, is the time of everything.
`

const root = fileURLToPath(new URL('../..', import.meta.url))

function main(): void {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: '.' },
      'node-package': { type: 'string' },
      'set-version': { type: 'string' },
      compression: { type: 'string', default: 'xz' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return void process.stdout.write(HELP)
  if (spawnSync('dpkg-deb', ['--version']).error)
    throw new Error('dpkg-deb is missing: use a Debian or Ubuntu')
  const room = mkdtempSync(join(tmpdir(), 'package-deb-'))
  try {
    process.stdout.write(`${build(room, values)}\n`)
  } finally {
    rmSync(room, { recursive: true, force: true })
  }
}

interface Options {
  readonly out: string
  readonly compression: string
  readonly 'node-package'?: string
  readonly 'set-version'?: string
}

/** Returns the path of the package. */
function build(room: string, { out, compression, ...options }: Options): string {
  const { name, version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = debianVersion(options['set-version'] ?? own)
  const node = findNode(root, options['node-package'])
  const architecture = architectureOf(readFileSync(node.binary).subarray(0, 20))
  const epoch = sourceDate()
  output('npm', ['pack', '--silent', '--pack-destination', room], root)
  output('tar', ['--extract', '--gzip', '--file', join(room, `${name}-${own}.tgz`)], room)
  const packed = join(room, 'package')
  if (options['set-version'] !== undefined) setVersion(packed, options['set-version'])
  const stage = join(room, 'stage')
  layOut({ stage, root, packed, node, version, architecture, epoch })
  const file = resolve(out, `${name}_${version}_${architecture}.deb`)
  output('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', stage, file], room, {
    SOURCE_DATE_EPOCH: String(epoch),
  })
  return file
}

/** What the program says of itself too. */
function setVersion(packed: string, version: string): void {
  const file = join(packed, 'package.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version }, null, 2))
}

/** Seconds since 1970. */
function sourceDate(): number {
  const given = process.env.SOURCE_DATE_EPOCH
  const text =
    given ?? spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).stdout
  if (!/^\d+\s*$/.test(text ?? ''))
    throw new Error('SOURCE_DATE_EPOCH has to be a number of seconds, where git knows no commit')
  return Number(text)
}

try {
  main()
} catch (error) {
  process.stderr.write(`package:deb: ${(error as Error).message}\n`)
  process.exitCode = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}
