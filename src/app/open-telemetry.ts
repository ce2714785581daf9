// Opens the log and the counters as the configuration and the terminal ask for.
import type { LogFormat, LogLevel } from '../config/settings.ts'
import { openLog } from '../telemetry/log.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { Telemetry } from '../telemetry/telemetry.ts'
import { systemClock } from './system-clock.ts'

export function openTelemetry(
  { level, format }: { readonly level: LogLevel | 'silent'; readonly format: LogFormat | undefined },
  { isTerminal, colour }: { readonly isTerminal: boolean; readonly colour: boolean },
): Telemetry {
  const log = openLog({ level, format: format ?? (isTerminal ? 'pretty' : 'json'), colour })
  return new Telemetry(log, new Metrics(), systemClock.wallMs)
}
