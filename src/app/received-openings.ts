// Of which open incidents the receiver may have a trigger. Delivery forgets a lane when it is empty, and the
// next event of the incident has to know: a resolve of something that was received must be sent.
import type { Received } from '../delivery/destination.ts'
import type { Outcome, PendingEvent } from '../delivery/ledger.ts'

type OfIncident = Pick<PendingEvent, 'endpoint' | 'incident' | 'opening'>

export class ReceivedOpenings {
  readonly #openings: Set<number>
  /** Incidents whose resolve was refused for good: at the receiver they are still open. */
  readonly #leftOpen = new Set<string>()

  constructor(openings: Iterable<number>) {
    this.#openings = new Set(openings)
  }

  has(event: OfIncident): boolean {
    return this.#openings.has(event.opening) || this.#leftOpen.has(keyOf(event))
  }

  /** After each answer. Dead letters count as received: a resolve too many does no harm. */
  answered(event: PendingEvent, outcome: Outcome, received: Received): void {
    if (event.kind === 'trigger') {
      if (received !== 'no' || outcome === 'dead') this.#openings.add(event.opening)
    } else if (outcome === 'delivered' || outcome === 'dead') {
      this.#openings.delete(event.opening)
      if (outcome === 'dead') this.#leftOpen.add(keyOf(event))
      else this.#leftOpen.delete(keyOf(event))
    }
  }

  /** The incident closed without a resolve, or its resolve gave way. */
  forget(opening: number): void {
    this.#openings.delete(opening)
  }
}

const keyOf = ({ endpoint, incident }: OfIncident): string => `${endpoint}\0${incident}`
