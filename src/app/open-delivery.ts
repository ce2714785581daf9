// Opens delivery: a dispatcher that claims from the store, and what has to be known of its answers elsewhere.
import type { Settings } from '../config/settings.ts'
import { Dispatcher } from '../delivery/dispatcher.ts'
import type { DeliveryHappenings } from '../delivery/happenings.ts'
import type { DeliveryLedger, PendingEvent } from '../delivery/ledger.ts'
import type { Book } from '../incident/book.ts'
import { ITSELF } from '../incident/itself.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Committer } from './committer.ts'
import { deliverable } from './destinations.ts'
import type { LiveEndpoints } from './live-endpoints.ts'
import type { ReceivedOpenings } from './received-openings.ts'
import type { StopSteps } from './stop-steps.ts'
import { GRACE_MS, STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'
import type { SystemClock } from './system-clock.ts'

interface DispatcherParts {
  readonly around: Surroundings
  readonly ledger: DeliveryLedger
  readonly endpoints: LiveEndpoints
  readonly received: ReceivedOpenings
  readonly steps: StopSteps
  /** After each answer. */
  readonly attempted: (event: PendingEvent) => void
}

export function openDispatcher(
  settings: Settings,
  { around, ledger, endpoints, received, steps, attempted }: DispatcherParts,
): Dispatcher {
  const { clock, random, telemetry } = around
  const happened: DeliveryHappenings = {
    ...telemetry.delivery,
    attempted(happening) {
      received.answered(happening.event, happening.outcome, happening.answer.received)
      telemetry.delivery.attempted(happening)
      attempted(happening.event)
    },
    coalesced(happening) {
      if (happening.event.kind === 'resolve') received.forget(happening.event.opening)
      telemetry.delivery.coalesced(happening)
    },
  }
  const dispatcher = new Dispatcher({
    ledger,
    endpoints: endpoints.use(deliverable(settings.endpoints)),
    rate: settings.squadcast.ratePerMinute,
    clock,
    random,
    happened,
    awaitsLoad: true,
  })
  steps.add({ name: 'delivery', withinMs: GRACE_MS + STEP_WITHIN_MS, stop: () => dispatcher.stop(GRACE_MS) })
  return dispatcher
}

/**
 * A trigger that was refused for good was not told: the next point of its task tells again. Not so one about the sidecar
 * itself: nothing comes after it but the same refusal.
 */
export function tellAgainAfterDeadLetters(
  dispatcher: Dispatcher,
  book: Book,
  committer: Committer,
  telemetry: Telemetry,
): void {
  dispatcher.onDead(event => {
    if (event.task === ITSELF.task) return
    const change = book.untell(event.opening, event.endpoint, event.incident, event.task)
    if (!change) return
    telemetry.deadLetterUntold(event)
    committer.commitState([change]).catch(() => {})
  })
}

/** Lets the metrics ask for what is open and what waits. */
export function observe(telemetry: Telemetry, book: Book, dispatcher: Dispatcher, clock: SystemClock): void {
  telemetry.metrics.observe({
    openIncidents: () => book.size,
    endpoints: () =>
      dispatcher.status().endpoints.map(({ name, pending, oldestCreatedAt, state }) => ({
        name,
        pending,
        oldestPendingSeconds:
          oldestCreatedAt === undefined ? 0 : Math.max(0, clock.wallMs() - oldestCreatedAt) / 1000,
        isUp: state === 'up' || state === 'limited',
        state,
      })),
    budget: () => dispatcher.status().budget,
  })
}
