// The sidecar without what it runs by: Kapacitor asks both sockets while it starts, and would not start without an
// answer. So Info and keepalives are answered, and each task is refused with the reason; the local listener says why it
// is parked, and takes no posts. No store is open.
import type { HttpSettings, UdfSettings } from '../config/settings.ts'
import { Refusal } from '../http/refusal.ts'
import { InitRefusal } from '../udf/options.ts'
import { History } from './history.ts'
import { openHttp } from './open-http.ts'
import { parkedStatus } from './parked-status.ts'
import { passedSockets } from './passed-sockets.ts'
import { Sockets } from './sockets.ts'
import { StopSteps } from './stop-steps.ts'
import { STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'

export interface Parked {
  stop(): Promise<void>
}

export interface ParkedSettings {
  readonly udf: UdfSettings
  /** Undefined: who may ask is not known, so nobody may. */
  readonly http: HttpSettings | undefined
}

/** Resolves once both sockets accept. Rejects with ListenError. @param why a sentence without its full stop. */
export async function openParked(
  { udf, http }: ParkedSettings,
  why: string,
  around: Surroundings,
): Promise<Parked> {
  const { telemetry, clock, env, pid } = around
  const steps = new StopSteps(clock, (step, error) => telemetry.stopStepFailed({ step, error }))
  const sockets = new Sockets({
    settings: udf,
    passed: passedSockets(env, pid),
    startNode: () => {
      throw new InitRefusal(`kapacitor-squadcast is parked: ${why}`)
    },
    askReplay: () => false,
    happened: { initRefused: () => {} },
    telemetry,
    clock,
    unique: String(pid),
  })
  await sockets.open()
  steps.add({ name: 'connections', withinMs: STEP_WITHIN_MS, stop: () => sockets.closeConnections() })
  steps.add({ name: 'sockets', withinMs: STEP_WITHIN_MS, stop: () => sockets.stopListening() })
  if (http) await openParkedHttp(http, why, { around, steps })
  return { stop: () => steps.stop() }
}

function openParkedHttp(
  settings: HttpSettings,
  why: string,
  { around, steps }: { readonly around: Surroundings; readonly steps: StopSteps },
): Promise<void> {
  const { clock } = around
  const startedAt = clock.wallMs()
  return openHttp({
    ...{ settings, around, steps },
    postBox: {
      take: () => Promise.reject(new Refusal(503, `the sidecar is parked and takes no alerts: ${why}`)),
    },
    overview: {
      status: () => parkedStatus(why, clock.wallMs(), startedAt),
      incidents: () => ({ open: 0, matching: 0, incidents: [] }),
      history: () => new History().view(),
    },
  })
}
