// What follows from one answer: the event remembers it, the lane and the endpoint move on, the store is told,
// and so are people. It sends nothing and sets no timer.
import type { Attempt } from './attempts.ts'
import type { Clock } from './clock.ts'
import { coalesceLane } from './coalescing.ts'
import type { Answer } from './destination.ts'
import type { Endpoint } from './endpoint.ts'
import type { DeliveryHappenings } from './happenings.ts'
import type { Cause } from './health.ts'
import type { AttemptSettlement, Outcome, PendingEvent } from './ledger.ts'
import { conclude, type Next, rememberReceived } from './outcome.ts'
import type { Pacing } from './pacing.ts'
import type { Settlements } from './settlements.ts'

export interface AftermathOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly pacing: Pacing
  readonly settlements: Settlements
  readonly happened: DeliveryHappenings
  /** A trigger became a dead letter: its incident counts as not told. */
  readonly onDead: (event: PendingEvent) => void
}

/** How the lane moved on. */
interface Step {
  readonly outcome: Outcome
  readonly next: Next
  /** How long the lane waits for itself, ms. */
  readonly inMs?: number
}

export class Aftermath {
  readonly #options: AftermathOptions

  constructor(options: AftermathOptions) {
    this.#options = options
  }

  answered(attempt: Attempt, answer: Answer): void {
    const { clock, random, pacing, settlements, happened, onDead } = this.#options
    const { endpoint, lane, event } = attempt
    const now = clock.monotonicMs()
    const { outcome, next } = conclude(event, answer, random)
    rememberReceived(lane, event, answer, outcome)
    if (next.kind === 'hold') pacing.holdUntil(now + next.waitMs)
    const before = endpoint.downBecause
    const inMs = endpoint.answered(lane, next, now)
    endpoint.lastAnswer = { at: clock.wallMs(), answer }
    const step: Step = inMs === undefined ? { outcome, next } : { outcome, next, inMs }
    settlements.add([this.#settlement(attempt, answer, step)])
    this.#tell(attempt, answer, step)
    this.#tellHealth(endpoint, before, answer)
    settlements.add(coalesceLane(endpoint, lane, { at: clock.wallMs(), happened }))
    if (outcome === 'dead' && event.kind === 'trigger') onDead(event)
  }

  /** An attempt without an answer: the receiver may have got it, and it says nothing about the endpoint. */
  aborted(attempt: Attempt, latencyMs: number): void {
    attempt.event.attempts += 1
    const text = 'broken off to stop; it may have been received'
    this.#unanswered(attempt, { verdict: { kind: 'retry' }, received: 'maybe', text, latencyMs })
  }

  unsent(attempt: Attempt): void {
    this.#unanswered(attempt, { verdict: { kind: 'retry' }, received: 'no', text: 'not sent', latencyMs: 0 })
  }

  #unanswered(attempt: Attempt, answer: Answer): void {
    const { endpoint, lane, event } = attempt
    rememberReceived(lane, event, answer, 'retry')
    endpoint.giveBack(lane)
    const step: Step = { outcome: 'retry', next: { kind: 'again' } }
    this.#options.settlements.add([this.#settlement(attempt, answer, step)])
  }

  #settlement({ claim, event }: Attempt, answer: Answer, { outcome, next, inMs }: Step): AttemptSettlement {
    const endedAt = this.#options.clock.wallMs()
    const wait = next.kind === 'hold' ? next.waitMs : inMs
    return {
      kind: 'attempted',
      seq: event.seq,
      attempt: claim.attempt,
      endedAt,
      outcome,
      received: answer.received,
      ...(answer.status === undefined ? {} : { status: answer.status }),
      text: answer.text,
      latencyMs: answer.latencyMs,
      attempts: event.attempts,
      ...(wait === undefined ? {} : { dueAt: endedAt + wait }),
    }
  }

  #tell({ endpoint, event }: Attempt, answer: Answer, { outcome, next, inMs }: Step): void {
    const { happened, clock } = this.#options
    const attempted = { endpoint: endpoint.name, event, answer }
    happened.attempted({ ...attempted, outcome })
    if (outcome === 'delivered') happened.delivered({ ...attempted, latencyMs: latencyOf(event, clock) })
    else if (outcome === 'retry') happened.retrying(inMs === undefined ? attempted : { ...attempted, inMs })
    else if (outcome === 'blocked') happened.blocked(attempted)
    else if (outcome === 'bare') happened.refused(attempted)
    else if (outcome === 'dead') happened.dead(attempted)
    else if (next.kind === 'hold') happened.limited({ ...attempted, waitMs: next.waitMs })
  }

  #tellHealth(endpoint: Endpoint, before: Cause | undefined, answer: Answer): void {
    const { happened } = this.#options
    const cause = endpoint.downBecause
    if (cause === before) return
    if (cause) happened.endpointDown({ endpoint: endpoint.name, cause, answer })
    else if (before)
      happened.endpointUp({ endpoint: endpoint.name, cause: before, pending: endpoint.lanes.pending })
  }
}

const latencyOf = ({ readAt, createdAt }: PendingEvent, clock: Clock): number =>
  readAt === undefined ? Math.max(0, clock.wallMs() - createdAt) : clock.monotonicMs() - readAt
