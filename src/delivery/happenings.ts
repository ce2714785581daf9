// What delivery tells about itself: one call per happening, with everything a log line and a counter need.
// Telemetry implements it. None of it carries the body of an event, a URL or another secret.
import type { Answer } from './destination.ts'
import type { Cause } from './health.ts'
import type { Outage, Outcome, PendingEvent } from './ledger.ts'

/** One attempt that got its answer. */
export interface Attempted {
  readonly endpoint: string
  readonly event: PendingEvent
  readonly answer: Answer
}

export interface DeliveryHappenings {
  /** Every answered attempt, whatever it led to; one of the next six follows. */
  attempted(happening: Attempted & { readonly outcome: Outcome }): void
  /**
   * `latencyMs`: from the reading of its point to its acceptance. Of an event that another process made, by the wall
   * clock from its making; of one that is sent again too.
   */
  delivered(happening: Attempted & { readonly latencyMs: number }): void
  /** `inMs` is absent when the event waits for its endpoint and not for a time of its own. */
  retrying(happening: Attempted & { readonly inMs?: number }): void
  /** The URL or the way to it is wrong, as this attempt saw it. */
  blocked(happening: Attempted): void
  /** 429: every endpoint waits. */
  limited(happening: Attempted & { readonly waitMs: number }): void
  /** The full body was refused; a bare one follows at once. */
  refused(happening: Attempted): void
  /** Lost: the bare body was refused too. */
  dead(happening: Attempted): void
  coalesced(happening: { readonly endpoint: string; readonly event: PendingEvent; readonly by: number }): void
  /** Nothing gets through. Called again when the cause changes. */
  endpointDown(happening: { readonly endpoint: string; readonly cause: Cause; readonly answer: Answer }): void
  endpointUp(happening: { readonly endpoint: string; readonly cause: Cause; readonly pending: number }): void
  /** The endpoint works again, and all that had waited is settled. */
  outageOver(outage: Outage): void
  /** The store took no claim: nothing was sent, and it is asked again after `retryInMs`. */
  claimFailed(happening: { readonly error: unknown; readonly retryInMs: number }): void
  /** The store gave up on writing down what became of `count` events: they may be sent again. */
  settleFailed(happening: { readonly error: unknown; readonly count: number }): void
}
