// One life of the daemon: the app by its configuration; under a service manager by the last good one where that is
// broken; and parked where there is none, or where the store is a newer version's.
import { formatProblems } from '../config/problems.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { Settings } from '../config/settings.ts'
import { WITHHELD_URL } from '../config/withhold.ts'
import { ChangedFiles } from './changed-files.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { keepLastGood, type LastGood, readLastGood } from './last-good.ts'
import type { ParkedSettings } from './parked.ts'
import { Reloading, type Source } from './reloading.ts'
import type { ServiceManager } from './service-manager.ts'
import { startStore } from './store-start.ts'
import type { Surroundings } from './surroundings.ts'

export interface DaemonSurroundings extends Surroundings {
  /** `--config`. */
  readonly config: string | undefined
  readonly service: ServiceManager
  /** What kept it parked is over: whoever started it starts it again. */
  readonly leave: () => void
}

export interface Daemon {
  /** Somebody asks to read the configuration again. */
  reload(): void
  stop(): Promise<void>
}

/** The configuration, or the last good one; undefined: neither. */
export function configurationToRunBy(read: Configuration, env: Surroundings['env']): LastGood | undefined {
  if (!('settings' in read)) return readLastGood(read.path, env, read.partial)
  const { settings, text = '', files } = read
  return { settings, text, files, withoutSecret: [] }
}

/** Resolves once both sockets accept. Rejects as startApp does. */
export async function openDaemon(
  read: Configuration,
  good: LastGood | undefined,
  around: DaemonSurroundings,
): Promise<Daemon> {
  const { telemetry, service } = around
  if (!good) return park(settingsOf(read), reasonsOf(read), read, around)
  const reasons = reasonsOf(read)
  if (reasons.length > 0) telemetry.service.runsByLastGood({ reasons, withoutSecret: good.withoutSecret })
  try {
    return await run(good, reasons, read.path, around)
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string }
    if (!service.isThere || code !== 'newer-version') throw error
    return park(good.settings, [hint === undefined ? message : `${message}. ${hint}`], read, around)
  }
}

const reasonsOf = (read: Configuration): string[] =>
  'settings' in read ? [] : formatProblems(read.problems, read.path)

async function run(
  good: LastGood,
  reasons: readonly string[],
  path: string,
  around: DaemonSurroundings,
): Promise<Daemon> {
  const { settings, text, files } = good
  const { telemetry, service, clock, config, env } = around
  // The store is read back in its own thread while this one reads the rest of the program.
  const store = startStore(settings.store, around)
  const { startApp } = await import('./app.ts')
  const app = await startApp(settings, { ...around, configurationProblems: reasons }, store)
  const keep = (taken: string): void => keepText(settings.store.path, taken, around)
  const source: Source = { path, text, files }
  const reloading = new Reloading(
    {
      ...{ config, env, clock, telemetry: telemetry.service, reconfigure: next => app.reconfigure(next) },
      taken(now) {
        keep(now)
        void service.status('ready')
      },
    },
    source,
  )
  if (reasons.length === 0) keep(text)
  await service.ready(
    reasons.length === 0 ? 'ready' : `runs by the last good configuration: ${reasons.join('; ')}`,
  )
  return {
    reload: () => reloading.reload(),
    async stop() {
      reloading.stop()
      await service.stopping()
      await app.stop()
    },
  }
}

/** For who starts it again over a broken one: nobody does where nobody manages it. */
function keepText(storePath: string, text: string, { service, telemetry }: DaemonSurroundings): void {
  if (!service.isThere) return
  try {
    keepLastGood(storePath, text)
  } catch (error) {
    telemetry.service.lastGoodNotKept(error)
  }
}

async function park(
  settings: ParkedSettings,
  reasons: readonly string[],
  { path, files: named }: Configuration,
  around: DaemonSurroundings,
): Promise<Daemon> {
  const { telemetry, service, config, env, clock, leave, storeThread } = around
  void storeThread?.terminate()
  telemetry.service.parked({ reasons })
  const { openParked } = await import('./parked.ts')
  const parked = await openParked(settings, reasons.join('; '), around)
  const look = (): void => {
    const read = readConfiguration(config, env)
    files.watch([read.path, ...read.files])
    if ('settings' in read) {
      telemetry.service.parkingOver()
      leave()
    } else telemetry.service.parked({ reasons: reasonsOf(read) })
  }
  const files = new ChangedFiles(clock, look)
  files.watch([path, ...named])
  await service.ready(`parked: ${reasons.join('; ')}`)
  return {
    reload: look,
    async stop() {
      files.stop()
      await service.stopping()
      await parked.stop()
    },
  }
}

/** Where to listen, whatever else is wrong. */
function settingsOf(read: Configuration): ParkedSettings {
  const { udf, http } = partialOf(read)
  // Of what cannot be read at all nobody knows whether it asks for a token.
  const isTrusted =
    'settings' in read ||
    read.problems.every(
      ({ code, key }) => code !== 'syntax' && code !== 'file-unreadable' && !key.startsWith('http'),
    )
  return { udf, http: isTrusted ? http : undefined }
}

function partialOf(read: Configuration): Settings {
  if ('partial' in read && read.partial) return read.partial
  const defaults = resolveSettings(`[[endpoint]]\nurl = "${WITHHELD_URL}"\n`, read, {
    env: {},
    readFile: () => '',
    groupExists: () => false,
  })
  return (defaults as { settings: Settings }).settings
}
