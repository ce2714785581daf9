// Hands to the ledger what became of events, in order, and knows when all of it is written. The lanes never
// wait for it.
import type { DeliveryHappenings } from './happenings.ts'
import type { DeliveryLedger, Settlement } from './ledger.ts'

/** So that a claim never waits long behind the coalescing of a whole backlog. */
const MOST_AT_ONCE = 1_000

export class Settlements {
  readonly #ledger: DeliveryLedger
  readonly #happened: DeliveryHappenings
  readonly #unwritten = new Set<Promise<void>>()

  constructor(ledger: DeliveryLedger, happened: DeliveryHappenings) {
    this.#ledger = ledger
    this.#happened = happened
  }

  add(settlements: readonly Settlement[]): void {
    for (let from = 0; from < settlements.length; from += MOST_AT_ONCE) {
      this.#write(settlements.slice(from, from + MOST_AT_ONCE))
    }
  }

  /** Resolves when everything handed over so far is written, or given up by the store. */
  async written(): Promise<void> {
    while (this.#unwritten.size > 0) await Promise.all(this.#unwritten)
  }

  #write(settlements: readonly Settlement[]): void {
    const writing = this.#ledger
      .settle(settlements)
      .catch(error => this.#happened.settleFailed({ error, count: settlements.length }))
      .finally(() => this.#unwritten.delete(writing))
    this.#unwritten.add(writing)
  }
}
