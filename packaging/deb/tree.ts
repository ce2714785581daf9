// Lays out the files of the Debian package: which go where, with which mode and time. Writes into one folder only.
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { controlText, NAME } from './control.ts'
import { documents, summaryOf } from './documents.ts'
import { type Module, productionModules } from './modules.ts'
import type { NodePackage } from './node-package.ts'
import { copy, read, write } from './stage.ts'

export interface Plan {
  readonly stage: string
  /** The checkout. */
  readonly root: string
  /** What npm packs of it, unpacked. */
  readonly packed: string
  readonly node: NodePackage
  /** Debian's. */
  readonly version: string
  readonly architecture: string
  /** Seconds since 1970. */
  readonly epoch: number
}

const HOME = `usr/lib/${NAME}`
const UNITS = 'usr/lib/systemd/system'
const DROP_IN = `kapacitor.service.d/${NAME}.conf`
const CONFIG = `etc/${NAME}/config.toml`
const NEEDRESTART = `etc/needrestart/conf.d/${NAME}.conf`
const SCRIPTS = ['postinst', 'prerm', 'postrm']
const EXECUTABLE = new Set([`usr/bin/${NAME}`, `${HOME}/bin/node`, ...SCRIPTS.map(name => `DEBIAN/${name}`)])
/** What a running program never reads: declarations and sources of TypeScript, source maps, tests, dot files. */
const IDLE = /\.([cm]?ts|map|test\.js)$|^\./
/** Folders of a module that are for its makers. */
const MAKERS = /^(tests?|bench(marks?)?|docs|examples?)$/
/** May hold a secret: postinst gives it to the service's group. */
const PRIVATE = new Set([CONFIG])

export function layOut(plan: Plan): void {
  const modules = productionModules(JSON.parse(read(plan.root, 'package-lock.json')))
  program(plan, modules)
  system(plan)
  documents({ ...plan, home: HOME }, modules)
  control(plan)
  settle(plan)
}

function program({ stage, root, packed, node }: Plan, modules: readonly Module[]): void {
  for (const name of ['package.json', 'proto', 'dist']) copyInUse(join(packed, name), join(stage, HOME, name))
  for (const { path } of modules) copyInUse(join(root, path), join(stage, HOME, path))
  copy(node.binary, join(stage, HOME, 'bin/node'))
}

function system({ stage, root }: Plan): void {
  const here = join(root, 'packaging/deb')
  copy(join(here, NAME), join(stage, 'usr/bin', NAME))
  copy(join(here, 'config.toml'), join(stage, CONFIG))
  copy(join(here, 'needrestart.conf'), join(stage, NEEDRESTART))
  copy(join(here, 'lintian-overrides'), join(stage, 'usr/share/lintian/overrides', NAME))
  const units = join(root, 'packaging/systemd')
  for (const kind of ['stream', 'batch'])
    copy(join(units, `${NAME}-${kind}.socket`), join(stage, UNITS, `${NAME}-${kind}.socket`))
  write(stage, `${UNITS}/${NAME}.service`, installedUnit(read(units, `${NAME}.service`)))
  copy(join(units, DROP_IN), join(stage, UNITS, DROP_IN))
  for (const what of ['sysusers', 'tmpfiles'])
    copy(join(units, `${what}.conf`), join(stage, `usr/lib/${what}.d/${NAME}.conf`))
}

/** The unit names the program alone, since npm may put it anywhere; here its path is known. */
function installedUnit(unit: string): string {
  const line = `ExecStart=${NAME} run`
  if (unit.split('\n').filter(each => each === line).length !== 1)
    throw new Error(`the unit should have one line '${line}'`)
  return unit.replace(line, `ExecStart=/usr/bin/${NAME} run`)
}

function control({ stage, root, version, architecture }: Plan): void {
  const { description } = JSON.parse(read(root, 'package.json')) as { description: string }
  const files = filesIn(stage)
  const sizes = files.map(path => Math.ceil(statSync(join(stage, path)).size / 1024))
  const installedSize = sizes.reduce((total, size) => total + size, 0)
  const summary = summaryOf(description.split(':')[0]!)
  const sums = files
    .filter(path => !path.startsWith('etc/'))
    .map(path => `${md5(join(stage, path))}  ${path}\n`)
  write(stage, 'DEBIAN/control', controlText({ version, architecture, installedSize, summary }))
  write(stage, 'DEBIAN/conffiles', [CONFIG, NEEDRESTART].map(path => `/${path}\n`).join(''))
  write(stage, 'DEBIAN/md5sums', sums.join(''))
  for (const name of SCRIPTS) copy(join(root, 'packaging/deb', name), join(stage, 'DEBIAN', name))
}

/** Modes and times as they shall be, whatever the umask and the checkout have. */
function settle({ stage, epoch }: Plan): void {
  for (const entry of ['.', ...readdirSync(stage, { recursive: true, encoding: 'utf8' })]) {
    const path = join(stage, entry)
    const isOpen = statSync(path).isDirectory() || EXECUTABLE.has(entry)
    chmodSync(path, isOpen ? 0o755 : PRIVATE.has(entry) ? 0o640 : 0o644)
    utimesSync(path, epoch, epoch)
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => statSync(join(folder, path)).isFile())
    .sort()

const md5 = (path: string): string => createHash('md5').update(readFileSync(path)).digest('hex')

/** Modules below another are in the list of modules themselves, where they are needed. */
function copyInUse(from: string, to: string): void {
  const isInUse = (path: string): boolean => {
    const folders = relative(from, path).split('/')
    return !IDLE.test(basename(path)) && !MAKERS.test(folders[0]!) && !folders.includes('node_modules')
  }
  cpSync(from, to, { recursive: true, filter: path => path === from || isInUse(path) })
}
