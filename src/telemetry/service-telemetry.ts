// What happens to the sidecar as a service: reloads, parking, and what it could not tell its service manager.
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { type WatchTelemetry, watchTelemetry } from './watch-telemetry.ts'

export interface ServiceTelemetry extends WatchTelemetry {
  notifyFailed(error: unknown): void
  /** `needRestart`: keys that differ and stay as they were. */
  reloaded(happening: { readonly swapped: readonly string[]; readonly needRestart: readonly string[] }): void
  /** Nothing changed. */
  reloadRefused(happening: { readonly reasons: readonly string[] }): void
  lastGoodNotKept(error: unknown): void
  runsByLastGood(happening: {
    readonly reasons: readonly string[]
    readonly withoutSecret: readonly string[]
  }): void
  parked(happening: { readonly reasons: readonly string[] }): void
  parkingOver(): void
  heartbeatFailed(error: unknown): void
  heartbeatSilent(isSilent: boolean): void
  heartbeatNoMore(): void
}

export function serviceTelemetry(log: Log, metrics: Metrics): ServiceTelemetry {
  return {
    ...watchTelemetry(log, metrics),
    notifyFailed(error) {
      log.error(
        { event: 'notify-failed', err: error },
        'the service manager was not told how it goes: is systemd-notify there? It may end this process',
      )
    },
    reloaded({ swapped, needRestart }) {
      metrics.reloads.inc({ outcome: 'done' })
      metrics.lastReloadSuccessful.set(1)
      metrics.parked.set(0)
      const done =
        swapped.length > 0 ? `changed: ${swapped.join(', ')}` : 'nothing that can change live differs'
      log.info({ event: 'reloaded', swapped }, `configuration read again; ${done}`)
      if (needRestart.length > 0)
        log.warn(
          { event: 'reload-needs-restart', keys: needRestart },
          `left as they were until a restart: ${needRestart.join(', ')}`,
        )
    },
    reloadRefused({ reasons }) {
      metrics.reloads.inc({ outcome: 'refused' })
      metrics.lastReloadSuccessful.set(0)
      log.error(
        { event: 'reload-refused', reasons },
        `configuration not taken, nothing has changed: ${reasons.join('; ')}`,
      )
    },
    lastGoodNotKept(error) {
      log.warn(
        { event: 'last-good-not-kept', err: error },
        'the configuration was not kept beside the store: a broken one would park the sidecar',
      )
    },
    runsByLastGood({ reasons, withoutSecret }) {
      metrics.parked.set(1)
      metrics.lastReloadSuccessful.set(0)
      const waits =
        withoutSecret.length > 0 ? `; events for ${withoutSecret.join(', ')} wait: the secret is missing` : ''
      log.error(
        { event: 'runs-by-last-good', reasons, withoutSecret },
        `the configuration is broken, going on with the last good one${waits}: ${reasons.join('; ')}`,
      )
    },
    parked({ reasons }) {
      metrics.parked.set(2)
      metrics.lastReloadSuccessful.set(0)
      log.error(
        { event: 'parked', reasons },
        `parked, nobody is paged: Kapacitor is answered and its tasks are refused: ${reasons.join('; ')}`,
      )
    },
    heartbeatFailed(error) {
      log.warn(
        { event: 'heartbeat-failed', reason: (error as Error).message },
        `the heartbeat did not arrive (${(error as Error).message}): whoever waits for it may page somebody`,
      )
    },
    heartbeatSilent(isSilent) {
      metrics.heartbeatSilent.set(isSilent ? 1 : 0)
      if (isSilent)
        log.warn({ event: 'heartbeat-silent' }, 'no heartbeat from now on: delivery does not work')
      else log.info({ event: 'heartbeat-again' }, 'delivery works: the heartbeat goes on')
    },
    heartbeatNoMore() {
      metrics.heartbeatSilent.set(0)
      log.info({ event: 'heartbeat-no-more' }, 'no heartbeat is configured any more')
    },
    parkingOver() {
      log.info({ event: 'parking-over' }, 'what kept the sidecar parked has changed: leaving to start anew')
    },
  }
}
