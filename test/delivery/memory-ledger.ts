// A ledger in memory that holds the dispatcher to its word: an event is claimed only while it is pending and
// not under way, and every settlement belongs to a claim or to an event that still waits.
import type {
  Claim,
  DeliveryLedger,
  Outage,
  PastAttempt,
  PendingEvent,
  Settlement,
} from '../../src/delivery/ledger.ts'
import { bodyOf } from './pending.ts'

type Kept = PendingEvent & { underWay?: number }

export class MemoryLedger implements DeliveryLedger {
  readonly settlements: Settlement[] = []
  /** The newest state of each, by its endpoint and beginning. */
  readonly outages = new Map<string, Outage>()
  readonly attempts: { startedAt: number; endedAt?: number }[] = []
  readonly #pending = new Map<number, Kept>()
  readonly #received = new Set<string>()
  #refusals: Error[] = []
  #stalled: Promise<void> | undefined

  /** Commits events; what comes back says, as the store would, whether their opening may have been received. */
  add(events: readonly PendingEvent[]): PendingEvent[] {
    return events.map(event => {
      const openingReceived = event.openingReceived || this.#received.has(openingOf(event))
      this.#pending.set(event.seq, { ...event, openingReceived })
      return { ...event, openingReceived }
    })
  }

  /** Somebody else took it away. */
  forget(seq: number): void {
    this.#pending.delete(seq)
  }

  refuseNextClaim(error: Error): void {
    this.#refusals.push(error)
  }

  /** Claims wait until the returned function is called. */
  stall(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stalled = promise
    return () => {
      this.#stalled = undefined
      resolve()
    }
  }

  async claim(seqs: readonly number[], at: number): Promise<Claim[]> {
    const refusal = this.#refusals.shift()
    if (refusal) throw refusal
    await this.#stalled
    return seqs.flatMap(seq => this.#claimOne(seq, at) ?? [])
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    for (const settlement of settlements) this.#settleOne(settlement)
  }

  async outage(outage: Outage): Promise<void> {
    this.outages.set(`${outage.endpoint} ${outage.from}`, outage)
  }

  /** What a new run would load. */
  left(): PendingEvent[] {
    return [...this.#pending.values()]
      .sort((a, b) => a.seq - b.seq)
      .map(({ underWay, ...event }) => ({
        ...event,
        openingReceived: event.openingReceived || this.#received.has(openingOf(event)),
      }))
  }

  /** The ledger as a new run finds it: what was under way may have been received. */
  reopened(): MemoryLedger {
    const next = new MemoryLedger()
    for (const opening of this.#received) next.#received.add(opening)
    for (const { underWay, ...event } of this.#pending.values()) {
      next.#pending.set(event.seq, underWay === undefined ? event : { ...event, certain: false })
    }
    for (const { underWay, ...event } of this.#pending.values())
      if (underWay !== undefined) next.#markOpening(event)
    next.attempts.push(...this.pastAttempts())
    for (const [key, outage] of this.outages) next.outages.set(key, outage)
    return next
  }

  pastAttempts(): PastAttempt[] {
    return this.attempts.map(attempt => ({ ...attempt }))
  }

  /** `outcome` of each attempt and `coalesced`, per event, in order. */
  storyOf(seq: number): string[] {
    return this.settlements
      .filter(settlement => settlement.seq === seq)
      .map(settlement => (settlement.kind === 'attempted' ? settlement.outcome : 'coalesced'))
  }

  #claimOne(seq: number, at: number): Claim | undefined {
    const event = this.#pending.get(seq)
    if (!event) return undefined
    if (event.underWay !== undefined) throw new Error(`event ${seq} was claimed twice`)
    event.underWay = this.attempts.push({ startedAt: at }) - 1
    return { attempt: event.underWay, seq, event: bodyOf(event) }
  }

  #settleOne(settlement: Settlement): void {
    this.settlements.push(settlement)
    const event = this.#pending.get(settlement.seq)
    if (!event) throw new Error(`event ${settlement.seq} is settled but not pending`)
    if (settlement.kind === 'coalesced') {
      if (event.underWay !== undefined) throw new Error(`event ${settlement.seq} is under way`)
      this.#pending.delete(settlement.seq)
      return
    }
    if (event.underWay !== settlement.attempt) throw new Error(`event ${settlement.seq} has another attempt`)
    this.attempts[settlement.attempt]!.endedAt = settlement.endedAt
    delete event.underWay
    this.#remember(event, settlement)
  }

  #remember(event: Kept, settlement: Extract<Settlement, { kind: 'attempted' }>): void {
    if (settlement.received !== 'no') {
      event.certain = false
      this.#markOpening(event)
    }
    event.attempts = settlement.attempts
    event.bare ||= settlement.outcome === 'bare'
    const { dueAt: _, ...rest } = event
    const kept = settlement.dueAt === undefined ? rest : { ...rest, dueAt: settlement.dueAt }
    if (settlement.outcome === 'delivered' || settlement.outcome === 'dead') this.#pending.delete(event.seq)
    else this.#pending.set(event.seq, kept)
  }

  #markOpening(of: PendingEvent): void {
    if (of.kind === 'trigger') this.#received.add(openingOf(of))
  }
}

const openingOf = ({ endpoint, incident, opening }: PendingEvent): string =>
  JSON.stringify([endpoint, incident, opening])
