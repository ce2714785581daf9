// The end of a process whose disk takes nothing: what this process alone knows of is delivered while there is time,
// and what is left is named.
import type { Outbox } from '../outbox/outbox.ts'
import type { UnsavedEvent } from '../outbox/requests.ts'
import type { StopSteps } from './stop-steps.ts'
import { STEP_WITHIN_MS } from './surroundings.ts'
import type { SystemClock } from './system-clock.ts'

/** Well within the 90 s that systemd gives a service. */
const DELIVER_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 250

export interface UnsavedParts {
  readonly outbox: Pick<Outbox, 'isVolatile' | 'unsaved'>
  readonly clock: SystemClock
  readonly steps: StopSteps
  readonly telemetry: {
    /** They are delivered before the process ends, if they can be. */
    stoppingWithUnsaved(events: readonly UnsavedEvent[], withinMs: number): void
    /** They end with the process. */
    unsavedLost(events: readonly UnsavedEvent[]): void
  }
}

/** Runs when delivery has ended: says what is lost. To be called before delivery's own step is added. */
export function sayWhatIsLost({ outbox, steps, telemetry }: UnsavedParts): void {
  steps.add({
    name: 'unsaved events',
    withinMs: STEP_WITHIN_MS,
    stop: async () => {
      const events = outbox.isVolatile ? await outbox.unsaved() : []
      if (events.length > 0) telemetry.unsavedLost(events)
    },
  })
}

/** Runs while delivery goes on. To be called after delivery's own step was added. */
export function deliverUnsaved(parts: UnsavedParts): void {
  parts.steps.add({
    name: 'delivery of unsaved events',
    withinMs: DELIVER_WITHIN_MS + STEP_WITHIN_MS,
    stop: () => delivered(parts),
  })
}

async function delivered({ outbox, clock, telemetry }: UnsavedParts): Promise<void> {
  if (!outbox.isVolatile) return
  const until = clock.monotonicMs() + DELIVER_WITHIN_MS
  let unsaved = await outbox.unsaved()
  if (unsaved.length > 0) telemetry.stoppingWithUnsaved(unsaved, DELIVER_WITHIN_MS)
  while (unsaved.length > 0 && outbox.isVolatile && clock.monotonicMs() < until) {
    await new Promise<void>(resolve => clock.after(LOOK_EVERY_MS, resolve))
    unsaved = await outbox.unsaved()
  }
}
