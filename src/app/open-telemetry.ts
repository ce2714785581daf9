// Opens the log and the counters as the configuration and the terminal ask for.
import type { LogFormat, LogLevel } from '../config/settings.ts'
import { openLog } from '../telemetry/log.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { addProcessMetrics } from '../telemetry/process-metrics.ts'
import { Telemetry } from '../telemetry/telemetry.ts'
import { WIRE_ERROR_CODES } from '../wire/wire-error.ts'
import { systemClock } from './system-clock.ts'
import { version } from './version.ts'

export function openTelemetry(
  { level, format }: { readonly level: LogLevel | 'silent'; readonly format: LogFormat | undefined },
  { isTerminal, colour }: { readonly isTerminal: boolean; readonly colour: boolean },
): Telemetry {
  const log = openLog({ level, format: format ?? (isTerminal ? 'pretty' : 'json'), colour })
  const metrics = new Metrics()
  for (const code of WIRE_ERROR_CODES) metrics.malformed.inc({ code }, 0)
  addProcessMetrics(metrics.registry, { version, node: process.version })
  return new Telemetry(log, metrics, systemClock.wallMs)
}
