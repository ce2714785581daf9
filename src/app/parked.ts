// The sidecar without what it runs by: Kapacitor asks both sockets while it starts, and would not start without an
// answer. So Info and keepalives are answered, and each task is refused with the reason. No store is open.
import type { UdfSettings } from '../config/settings.ts'
import { InitRefusal } from '../udf/options.ts'
import { passedSockets } from './passed-sockets.ts'
import { Sockets } from './sockets.ts'
import { StopSteps } from './stop-steps.ts'
import { STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'

export interface Parked {
  stop(): Promise<void>
}

/** Resolves once both sockets accept. Rejects with ListenError. @param why a sentence without its full stop. */
export async function openParked(udf: UdfSettings, why: string, around: Surroundings): Promise<Parked> {
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
  return { stop: () => steps.stop() }
}
