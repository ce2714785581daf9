// Opens the store and reads it back. Its thread does so by itself, while this one still reads the rest of the program.
import type { Settings } from '../config/settings.ts'
import { WINDOW_MS } from '../delivery/pacing.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { Loaded } from '../outbox/requests.ts'
import { faultIn } from './fault.ts'
import type { Surroundings } from './surroundings.ts'

export interface StartedStore {
  readonly outbox: Outbox
  /** What the last daemon left. */
  readonly loaded: Promise<Loaded>
}

/** Throws as faultIn does. That it cannot be opened is told by `outbox.opened`. */
export function startStore(store: Settings['store'], around: Surroundings): StartedStore {
  const { telemetry, env, clock, storeThread } = around
  const fault = faultIn(env)
  if (fault) telemetry.faultAwaited(fault)
  const outbox = Outbox.start({ ...store, ...(fault && { fault }) }, telemetry.store, storeThread)
  const loaded = outbox.load(clock.wallMs(), clock.wallMs() - WINDOW_MS)
  // Whoever waits for it hears of it; before that, and when the store cannot be opened, nobody does.
  loaded.catch(() => {})
  return { outbox, loaded }
}
