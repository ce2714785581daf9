// `run`: the daemon. Reads the configuration, starts the daemon, and stops it in order when it is told to.
import { hostname } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { configurationHelp, readConfiguration } from '../app/configuration.ts'
import { configurationToRunBy, type Daemon, openDaemon } from '../app/daemon.ts'
import { openTelemetry } from '../app/open-telemetry.ts'
import { ServiceManager } from '../app/service-manager.ts'
import { ifStillRunningAfter, systemClock } from '../app/system-clock.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { linesOf } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'

export async function runCommand(
  options: { config?: string },
  around: CommandSurroundings,
  storeThread: Worker,
): Promise<ExitCode> {
  const { env, stderr } = around
  const read = readConfiguration(options.config, env)
  stderr.write(linesOf(read.warnings))
  const service = new ServiceManager({
    env,
    pid: process.pid,
    clock: systemClock,
    failed: error => telemetry.service.notifyFailed(error),
  })
  if (!('settings' in read) && !service.isThere) {
    stderr.write(linesOf(configurationHelp(read)))
    return ExitCode.badConfiguration
  }
  const good = configurationToRunBy(read, env)
  const telemetry = openTelemetry(good?.settings.log ?? { level: 'info', format: undefined }, {
    isTerminal: stderr.isTTY === true,
    colour: wantsColour(stderr, env),
  })
  const signals = new Signals(around)
  const over = Promise.withResolvers<ExitCode>()
  void signals.stop.then(signal => over.resolve(stoppedBy(signal, telemetry)))
  let daemon: Daemon
  try {
    daemon = await openDaemon(read, good, {
      ...{ telemetry, clock: systemClock, random: Math.random, env, pid: process.pid },
      ...{ host: hostname(), config: options.config, service, storeThread },
      failed: error => over.resolve(brokenBy(error, telemetry)),
      leave: () => over.resolve(ExitCode.fine),
    })
  } catch (error) {
    telemetry.startFailed(error)
    return ExitCode.failed
  }
  signals.onReload(() => daemon.reload())
  const code = await over.promise
  await daemon.stop()
  // Whatever a peer, or the reader of the log, still holds.
  ifStillRunningAfter(MAX_LEAVING_MS, () => around.exit(code))
  return code
}

/** After all is stopped the process ends by itself, and is gone by then in any case. */
const MAX_LEAVING_MS = 1000

function stoppedBy(signal: NodeJS.Signals, telemetry: Telemetry): ExitCode {
  telemetry.stopping(signal)
  return ExitCode.fine
}

/** Whoever watches over the process starts it again; what was committed goes on then. */
function brokenBy(error: unknown, telemetry: Telemetry): ExitCode {
  telemetry.broken(error)
  return ExitCode.failed
}

/** What the process is told from outside. */
class Signals {
  /** Resolves with the first signal to stop; the second leaves at once. */
  readonly stop: Promise<NodeJS.Signals>
  #reload: (() => void) | undefined
  #isAsked = false

  constructor(around: CommandSurroundings) {
    this.stop = new Promise(resolve => {
      let signals = 0
      around.onSignal(['SIGTERM', 'SIGINT'], name => {
        signals += 1
        if (signals > 1) around.exit(ExitCode.failed)
        resolve(name)
      })
    })
    around.onSignal(['SIGHUP'], () => {
      this.#isAsked = true
      this.#reload?.()
    })
  }

  /** Also for what was asked while the daemon started. */
  onReload(reload: () => void): void {
    this.#reload = reload
    if (this.#isAsked) reload()
  }
}
