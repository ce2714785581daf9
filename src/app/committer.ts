// From a change of an incident to a stored event, and to delivery. No promise resolves before the store has it, and
// nothing is sent: what delivery asks of the store for an event comes behind its commit.
import type { PendingEvent } from '../delivery/ledger.ts'
import { encodeEvent } from '../incident/event.ts'
import type { Change } from '../incident/judgement.ts'
import { levelFromName } from '../incident/level.ts'
import type { StateChange } from '../incident/state-change.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { InstructionMark, NewEvent } from '../outbox/requests.ts'
import type { ReceivedOpenings } from './received-openings.ts'

export interface CommitterParts {
  readonly outbox: Pick<Outbox, 'commit'>
  readonly offer: (events: readonly PendingEvent[]) => void
  /** What was offered and can never be stored. */
  readonly withdraw: (events: readonly PendingEvent[]) => void
  readonly received: ReceivedOpenings
  readonly wallMs: () => number
  readonly monotonicMs: () => number
  readonly lastSeq: number
  readonly failed: (error: unknown) => void
}

export class Committer {
  readonly #parts: CommitterParts
  #lastSeq: number

  constructor(parts: CommitterParts) {
    this.#parts = parts
    this.#lastSeq = parts.lastSeq
  }

  /**
   * False: the disk takes nothing, and memory has them. Rejects only when the changes can never be stored.
   * @param readAt monotonic clock, ms: when what they come of was read; absent: now.
   */
  async commit(
    changes: readonly Change[],
    instruction?: InstructionMark,
    readAt = this.#parts.monotonicMs(),
  ): Promise<boolean> {
    const { outbox, offer, withdraw, failed, wallMs } = this.#parts
    const at = wallMs()
    let before = 0
    const stored = changes.flatMap(change => {
      before += change.changes.length
      return this.#stored(change, { at, readAt }, before)
    })
    const committing = outbox.commit({
      at,
      changes: changes.flatMap(change => change.changes),
      events: stored.map(({ row }) => row),
      ...(instruction && { instruction }),
    })
    // At once: then what is sent next is claimed by the same transaction, and is a trip to the disk earlier.
    const offered = stored.map(({ pending }) => this.#asKnownNow(pending))
    if (offered.length > 0) offer(offered)
    try {
      const isDurable = await committing
      this.#forgetSilentlyClosed(changes)
      return isDurable
    } catch (error) {
      if (offered.length > 0) withdraw(offered)
      failed(error)
      throw error
    }
  }

  /** Changes of state that no event tells. */
  async commitState(changes: readonly StateChange[]): Promise<void> {
    try {
      await this.#parts.outbox.commit({ at: this.#parts.wallMs(), changes, events: [] })
    } catch (error) {
      this.#parts.failed(error)
      throw error
    }
  }

  #stored(
    { event, opening, endpoint }: Change,
    { at, readAt }: { readonly at: number; readonly readAt: number },
    after: number,
  ): { row: NewEvent; pending: PendingEvent }[] {
    if (!event) return []
    const { kind, task, incident } = event
    const seq = ++this.#lastSeq
    const level = levelFromName(event.level)!
    const row = { seq, opening, task, kind, level, body: encodeEvent(event), after }
    const fresh = { attempts: 0, certain: true, bare: false, openingReceived: false }
    return [
      {
        row,
        pending: { seq, endpoint, incident, task, opening, kind, level, createdAt: at, readAt, ...fresh },
      },
    ]
  }

  #asKnownNow(event: PendingEvent): PendingEvent {
    return { ...event, openingReceived: this.#parts.received.has(event) }
  }

  #forgetSilentlyClosed(changes: readonly Change[]): void {
    for (const { changes: made, event, opening } of changes)
      if (!event && made.some(({ change }) => change === 'close')) this.#parts.received.forget(opening)
  }
}
