// `run`: the daemon. Reads the configuration, starts the app, and stops it in order when it is told to.
import { type App, startApp } from '../app/app.ts'
import { configurationHelp, readConfiguration } from '../app/configuration.ts'
import { openTelemetry } from '../app/open-telemetry.ts'
import { systemClock } from '../app/system-clock.ts'
import type { Settings } from '../config/settings.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { ExitCode } from './exit-code.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'

export async function runCommand(
  options: { config?: string },
  around: CommandSurroundings,
): Promise<ExitCode> {
  const read = readConfiguration(options.config, around.env)
  for (const line of read.warnings) around.stderr.write(`${line}\n`)
  if (!('settings' in read)) {
    around.stderr.write(configurationHelp(read))
    return ExitCode.badConfiguration
  }
  const telemetry = openTelemetry(read.settings.log, {
    isTerminal: around.stderr.isTTY === true,
    colour: wantsColour(around.stderr, around.env),
  })
  return daemon(read.settings, telemetry, around)
}

async function daemon(
  settings: Settings,
  telemetry: Telemetry,
  around: CommandSurroundings,
): Promise<ExitCode> {
  const told = signalled(around)
  const broken = Promise.withResolvers<unknown>()
  let app: App
  try {
    app = await startApp(settings, {
      telemetry,
      clock: systemClock,
      random: Math.random,
      env: around.env,
      pid: process.pid,
      failed: broken.resolve,
    })
  } catch (error) {
    telemetry.startFailed(error)
    return ExitCode.failed
  }
  const code = await Promise.race([
    told.then(signal => stoppedBy(signal, telemetry)),
    broken.promise.then(error => brokenBy(error, telemetry)),
  ])
  await app.stop()
  return code
}

function stoppedBy(signal: NodeJS.Signals, telemetry: Telemetry): ExitCode {
  telemetry.stopping(signal)
  return ExitCode.fine
}

/** Whoever watches over the process starts it again; what was committed goes on then. */
function brokenBy(error: unknown, telemetry: Telemetry): ExitCode {
  telemetry.broken(error)
  return ExitCode.failed
}

/** Resolves with the first signal; the second leaves at once. */
function signalled(around: CommandSurroundings): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let signals = 0
    around.onSignal(['SIGTERM', 'SIGINT'], name => {
      signals += 1
      if (signals > 1) around.exit(ExitCode.failed)
      resolve(name)
    })
  })
}
