// What the watch over the sidecar tells: incidents about itself, and the fallback. Neither URL nor arguments of a command
// come here.
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface WatchTelemetry {
  /** An incident about the sidecar itself was made. */
  selfTold(happening: { readonly incident: string; readonly message: string }): void
  selfOver(happening: { readonly incident: string; readonly message: string }): void
  /** How many of them are open. */
  selfIncidents(open: number): void
  /** `incidents`: ids of the first of `count`. */
  fallbackTold(happening: { readonly incidents: readonly string[]; readonly count: number }): void
  /** `output`: the end of what a command said. */
  fallbackFailed(happening: {
    readonly incidents: readonly string[]
    readonly count: number
    readonly reason: string
    readonly output?: string
    readonly inMs: number
  }): void
}

export function watchTelemetry(log: Log, metrics: Metrics): WatchTelemetry {
  return {
    selfTold({ incident, message }) {
      log.error({ event: 'self-incident', incident }, message)
    },
    selfOver({ incident, message }) {
      log.info({ event: 'self-incident-over', incident }, message)
    },
    selfIncidents(open) {
      metrics.selfIncidents.set(open)
    },
    fallbackTold({ incidents, count }) {
      metrics.fallback.inc({ outcome: 'told' })
      log.warn(
        { event: 'fallback-told', incidents, count },
        `told by the fallback, since Squadcast has not taken it: ${named(incidents, count)}`,
      )
    },
    fallbackFailed({ incidents, count, reason, output, inMs }) {
      metrics.fallback.inc({ outcome: 'failed' })
      log.error(
        { event: 'fallback-failed', incidents, count, reason, output, inMs },
        `neither Squadcast nor the fallback has taken ${named(incidents, count)}; the fallback: ${reason}. Tried again in ${inMs / 1000} s`,
      )
    },
  }
}

const named = ([first = '']: readonly string[], count: number): string =>
  count === 1 ? first : `${count} CRITICAL incidents`
