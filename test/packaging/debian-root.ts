// A Debian that has nothing but its base, in a temporary folder: commands in it as in a container, or with its own
// systemd running. Needs root, and gives its mounts and processes back when the test ends.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import { eventually } from '../fakes/kapacitor.ts'

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))
/** Where the root has the checkout and the packages, to read. */
const SHARED = { checkout: '/mnt/checkout', packages: '/mnt/packages' } as const

/** Long for a machine that has much else to do. */
const BOOT_SECONDS = 120
const BOOTED = 'until systemctl is-system-running --quiet; do sleep 0.1; done'

export interface Said {
  readonly code: number | null
  /** Both streams. */
  readonly text: string
}

export interface DebianRoot {
  readonly folder: string
  /** A shell command, to its end. */
  sh(command: string): Said
  /** The same, for what goes on beside the test; ended with it. */
  start(command: string): ChildProcess
}

/** Ends what was started, and what it started: the first of a namespace takes all the others with it. */
export function end(child: ChildProcess): void {
  for (const first of childrenOf(child.pid!)) process.kill(first, 'SIGKILL')
  child.kill('SIGKILL')
}

export interface Given {
  /** A root of a Debian with systemd, as tar. */
  readonly archive: string
  /** The folder of older.deb and newer.deb. */
  readonly packages: string
}

/** What `.ci/debian` has made; undefined elsewhere. */
export const given: Given | undefined =
  process.env.DEBIAN_ROOT && process.env.DEBIAN_PACKAGES
    ? { archive: process.env.DEBIAN_ROOT, packages: process.env.DEBIAN_PACKAGES }
    : undefined

function unpacked(t: ExecutionContext, archive: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'debian-root-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const { status, stderr } = spawnSync('tar', ['-xf', archive, '-C', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  for (const place of Object.values(SHARED)) mkdirSync(join(folder, place), { recursive: true })
  return folder
}

/** No systemd is in it: as a container. */
export function bareRoot(t: ExecutionContext, { archive, packages }: Given): DebianRoot {
  const folder = unpacked(t, archive)
  // The mounts are in a namespace of the command's own: they end with it.
  const enter = `mount -t proc proc "$0/proc" && mount --bind "$1" "$0${SHARED.checkout}" &&
    mount --bind "$2" "$0${SHARED.packages}" && exec chroot "$0" sh -c "$3"`
  const words = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', enter, folder, CHECKOUT, packages]
  const root = entered(t, folder, command => ['unshare', [...words, command]])
  const gone = root.sh('dpkg --purge --force-depends systemd-sysv systemd')
  if (gone.code !== 0) throw new Error(gone.text)
  return root
}

/** Its own systemd runs in it, with a loopback of its own and no other network. */
export async function bootedRoot(t: ExecutionContext, { archive, packages }: Given): Promise<DebianRoot> {
  const folder = unpacked(t, archive)
  const binds = [`--bind-ro=${CHECKOUT}:${SHARED.checkout}`, `--bind-ro=${packages}:${SHARED.packages}`]
  const options = ['--register=no', '--keep-unit', '--console=pipe', '--private-network', ...binds]
  const machine = spawn('systemd-nspawn', [...options, '-D', folder, '--boot'], { stdio: 'ignore' })
  const gone = once(machine, 'exit')
  t.teardown(async () => {
    machine.kill('SIGKILL')
    await gone
  })
  const init = await eventually('systemd', async () =>
    childrenOf(machine.pid!).find(child => nameOf(child) === 'systemd'),
  )
  // At once, if nspawn itself were to die first.
  t.teardown(() => process.kill(init, 'SIGKILL'))
  const words = ['--target', String(init), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup']
  const root = entered(t, folder, command => ['nsenter', [...words, '--', 'sh', '-c', command]])
  const booted = root.sh(`timeout ${BOOT_SECONDS} sh -c '${BOOTED}'`)
  if (booted.code !== 0) throw new Error(root.sh('systemctl is-system-running; systemctl --failed').text)
  return root
}

/** Empty for one that has gone. */
function childrenOf(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`)
  return children.split(' ').filter(Boolean).map(Number)
}

/** NOTE: systemd-nspawn has other children on the way to systemd, which leave. */
const nameOf = (pid: number): string => textOf(`/proc/${pid}/comm`)

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function entered(
  t: ExecutionContext,
  folder: string,
  way: (command: string) => readonly [string, readonly string[]],
): DebianRoot {
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    DEBIAN_FRONTEND: 'noninteractive',
  }
  return {
    folder,
    sh(command) {
      const [program, words] = way(`(${command}) 2>&1`)
      const { status, stdout, stderr } = spawnSync(program, words, { env, encoding: 'utf8' })
      return { code: status, text: stdout + stderr }
    },
    start(command) {
      const [program, words] = way(command)
      const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
      t.teardown(() => end(child))
      return child
    },
  }
}
