// Layer 3: the store. Is it whole, of this version, whose is it, who has it, and is there room? It is only read.
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StoreSettings } from '../../config/settings.ts'
import { type Inspection, inspectStore } from '../../outbox/inspection.ts'
import { type CheckAround, type Finding, findingsOf, PATIENCE_MS } from './finding.ts'
import { ANYBODY, obstacle, octal, READ, stepsTo } from './permissions.ts'

const { passed, warned, failed, skipped } = findingsOf('store')

/** For what the log of the store needs at the least. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024
const NEARLY_FULL = 0.9

/** @param isOwned undefined: the lock could not be looked at. */
export function storeLayer(
  settings: StoreSettings,
  isOwned: boolean | undefined,
  around: CheckAround,
): Finding[] {
  const { path } = settings
  const there = presence(path)
  if (there === 'hidden')
    return [skipped('store', `this user may not look into ${dirname(path)}`, asOwner(around))]
  if (there === 'absent')
    return [
      skipped('store', `there is no store ${path} yet: the sidecar makes it when it starts`),
      diskFinding(path, settings.maxSizeBytes),
    ]
  return [
    lockFinding(path, isOwned, around),
    ...contentFindings(settings, isOwned, around),
    ...ownerFindings(path),
  ]
}

const asOwner = ({ serviceUser }: CheckAround): string =>
  `run this as root, or as the user that runs the sidecar: sudo -u ${serviceUser} ...`

function presence(path: string): 'there' | 'absent' | 'hidden' {
  try {
    return statSync(path, { throwIfNoEntry: false }) ? 'there' : 'absent'
  } catch {
    return 'hidden'
  }
}

function lockFinding(path: string, isOwned: boolean | undefined, around: CheckAround): Finding {
  if (isOwned === undefined)
    return skipped('store-lock', `this user may not see who has ${path}`, asOwner(around))
  return passed('store-lock', isOwned ? `${path}: ${holder(path)} has it` : `${path}: nobody has it open`)
}

function holder(path: string): string {
  try {
    return `the sidecar, process ${readFileSync(`${path}.owner`, 'utf8').trim()},`
  } catch {
    return 'a sidecar'
  }
}

function contentFindings(
  settings: StoreSettings,
  isOwned: boolean | undefined,
  around: CheckAround,
): Finding[] {
  const { path } = settings
  const until = around.clock.monotonicMs() + PATIENCE_MS
  try {
    const seen = inspectStore(path, isOwned ?? true, () => around.clock.monotonicMs() < until)
    return [...wholeness(seen), ...roomFindings(settings, seen.usedBytes)]
  } catch (error) {
    const { message, errcode = 0 } = error as { message: string; errcode?: number }
    // SQLite: CORRUPT and NOTADB; anything else is about access.
    if ([11, 26].includes(errcode & 0xff)) return [damaged(message), diskFinding(path, 0)]
    return [skipped('store-integrity', `the store cannot be read by this user: ${message}`, asOwner(around))]
  }
}

const damaged = (what: string): Finding =>
  failed(
    'store-integrity',
    `the store is damaged: ${what}`,
    'restart the sidecar: it sets the file aside and goes on with all that can be read of it',
  )

function wholeness({ version, damage, unseen }: Inspection): Finding[] {
  const whole =
    damage.length > 0
      ? damaged(damage.join('; '))
      : unseen.length > 0
        ? skipped(
            'store-integrity',
            `whole as far as it was read; there was no time for ${unseen.join(', ')}`,
          )
        : passed('store-integrity', 'it is whole (quick_check)')
  if (!version) return [whole, passed('store-version', 'it is of this version')]
  const { code, message, hint } = version
  const tell = code === 'newer-version' ? failed : warned
  return [whole, tell('store-version', message, hint)]
}

function roomFindings({ path, maxSizeBytes }: StoreSettings, usedBytes: number): Finding[] {
  const used = usedBytes / maxSizeBytes
  const size = `${mib(usedBytes)} in use of max-size ${mib(maxSizeBytes)}`
  const bySize =
    used < NEARLY_FULL
      ? passed('store-size', size)
      : warned(
          'store-size',
          size,
          'raise [store] max-size or shorten history; at the limit history goes first',
        )
  return [bySize, diskFinding(path, Math.max(0, maxSizeBytes - usedBytes))]
}

function diskFinding(path: string, mayGrowBytes: number): Finding {
  const folder = nearestFolder(path)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const says = `${mib(free)} free on the disk of ${folder}`
  if (free < LEAST_FREE_BYTES)
    return failed(
      'store-disk',
      says,
      'make room: without it events live in memory alone, and a crash loses them',
    )
  if (free < mayGrowBytes)
    return warned(
      'store-disk',
      `${says}, and the store may grow by ${mib(mayGrowBytes)}`,
      'lower [store] max-size below what the disk has, or make room',
    )
  return passed('store-disk', says)
}

function nearestFolder(path: string): string {
  const folder = dirname(path)
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(folder)
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 1 : 0)} MiB`

function ownerFindings(path: string): Finding[] {
  const folder = statSync(dirname(path))
  const files = ['', '-wal', '-shm', '.lock', '.owner', '.reserve'].map(suffix => path + suffix)
  const others = files.filter(file => {
    const uid = statSync(file, { throwIfNoEntry: false })?.uid
    // Root's own folder may hold anybody's.
    return uid !== undefined && uid !== folder.uid && folder.uid !== 0
  })
  if (others.length > 0)
    return [
      failed(
        'store-owner',
        `the folder belongs to user ${folder.uid}, and these do not: ${others.join(', ')}. Somebody ran the sidecar as another user`,
        `chown ${folder.uid} ${others.join(' ')}`,
      ),
    ]
  const steps = stepsTo(path)
  const mode = octal(steps.at(-1)!.mode)
  if (!obstacle(steps, ANYBODY, READ))
    return [warned('store-owner', `${path} can be read by anybody (mode ${mode})`, `chmod 0600 ${path}`)]
  return [passed('store-owner', `it belongs to user ${steps.at(-1)!.uid}, mode ${mode}`)]
}
