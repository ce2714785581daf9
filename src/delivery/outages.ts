// The outages of endpoints, each from the moment when nothing gets through until all that waited at its return is
// settled, and what became of it meanwhile. It listens to what delivery tells, and decides nothing.
//
// down       enters: when the endpoint goes down.
//            leaves: to returned when it works again.
// returned   `back` is known, and so is the last event that waited then.
//            enters: too with an outage that a former run left.
//            leaves: to over when no event up to that one is left; to down when the endpoint goes down again.
// over       told once, written down, and forgotten here.
import type { DeliveryHappenings } from './happenings.ts'
import type { DeliveryLedger, Outage, PendingEvent } from './ledger.ts'

/** What has to be known of an endpoint's undelivered events. */
export interface Waiting {
  readonly oldest: PendingEvent | undefined
  /** The newest event that ever waited. */
  readonly lastSeq: number
}

export interface OutagesOptions {
  readonly ledger: Pick<DeliveryLedger, 'outage'>
  readonly wallMs: () => number
  /** Undefined for an endpoint that is gone. */
  readonly waiting: (endpoint: string) => Waiting | undefined
  readonly happened: DeliveryHappenings
}

interface Current {
  outage: Outage
  /** The last event that waited at the return; undefined while it is down. */
  until: number | undefined
  changed: boolean
}

type Count = 'deliveredLate' | 'unseen' | 'dead'

export class Outages {
  readonly #options: OutagesOptions
  readonly #current = new Map<string, Current>()

  constructor(options: OutagesOptions) {
    this.#options = options
  }

  /** Those that a former run left. `until`: the last event that it left. */
  load(outages: readonly Outage[], until: number): void {
    for (const outage of outages) this.#current.set(outage.endpoint, { outage, until, changed: false })
  }

  /** The same happenings, heard here too. */
  heard(happened: DeliveryHappenings): DeliveryHappenings {
    return {
      ...happened,
      endpointDown: happening => {
        this.#down(happening)
        happened.endpointDown(happening)
      },
      endpointUp: happening => {
        this.#up(happening.endpoint)
        happened.endpointUp(happening)
      },
      delivered: happening => {
        this.#count(happening, 'deliveredLate')
        happened.delivered(happening)
      },
      dead: happening => {
        this.#count(happening, 'dead')
        happened.dead(happening)
      },
      coalesced: happening => {
        // A resolve that names itself went with its whole opening.
        if (happening.by === happening.event.seq) this.#count(happening, 'unseen')
        happened.coalesced(happening)
      },
    }
  }

  /** Writes down what changed, and ends what is over. After every step of delivery; costs nothing without an outage. */
  check(): void {
    for (const [name, current] of this.#current) {
      if (this.#isOver(name, current)) this.#end(name, current)
      if (current.changed) this.#write(current.outage)
      current.changed = false
    }
  }

  #isOver(name: string, { until }: Current): boolean {
    if (until === undefined) return false
    const oldest = this.#options.waiting(name)?.oldest
    return oldest === undefined || oldest.seq > until
  }

  #end(name: string, current: Current): void {
    const now = this.#options.wallMs()
    current.outage = { back: now, ...current.outage, over: now }
    current.changed = true
    this.#current.delete(name)
    this.#options.happened.outageOver(current.outage)
  }

  #down({ endpoint, cause, answer }: Parameters<DeliveryHappenings['endpointDown']>[0]): void {
    const fresh = { from: this.#options.wallMs(), deliveredLate: 0, unseen: 0, dead: 0 }
    const { from, deliveredLate, unseen, dead } = this.#current.get(endpoint)?.outage ?? fresh
    const outage = { endpoint, from, cause, answer: answer.text, deliveredLate, unseen, dead }
    this.#current.set(endpoint, { outage, until: undefined, changed: true })
  }

  #up(endpoint: string): void {
    const current = this.#current.get(endpoint)
    if (!current) return
    current.outage = { ...current.outage, back: this.#options.wallMs() }
    current.until = this.#options.waiting(endpoint)?.lastSeq ?? 0
    current.changed = true
  }

  #count(
    { endpoint, event }: { readonly endpoint: string; readonly event: PendingEvent },
    what: Count,
  ): void {
    const current = this.#current.get(endpoint)
    if (!current || event.seq > (current.until ?? Number.POSITIVE_INFINITY)) return
    current.outage = { ...current.outage, [what]: current.outage[what] + 1 }
    current.changed = true
  }

  /** Nothing depends on it, and a store that takes nothing says so itself. */
  #write(outage: Outage): void {
    this.#options.ledger.outage(outage).catch(() => {})
  }
}
