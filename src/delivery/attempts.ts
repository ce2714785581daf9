// Claims and sends: nothing is sent before its claim is durable, and one claim is asked for at a time, so that
// all lanes that are ready share a commit. It does not judge answers.
import type { Clock } from './clock.ts'
import type { Answer, Destination, SendOptions } from './destination.ts'
import type { Pick } from './endpoints.ts'
import type { Claim, DeliveryLedger } from './ledger.ts'
import type { Pacing } from './pacing.ts'
import { isCritical } from './urgency.ts'

export interface Attempt extends Pick {
  readonly claim: Claim
}

export interface AttemptListener {
  answered(attempt: Attempt, answer: Answer): void
  /** It had to be given up without an answer. */
  aborted(attempt: Attempt, latencyMs: number): void
  /** Claimed, but not sent, since the process stops or the endpoint is no longer configured. */
  unsent(attempt: Attempt): void
  /** The store says that the event is no longer pending. */
  vanished(pick: Pick): void
  notClaimed(picks: readonly Pick[], error: unknown): void
  /** A claim has come back, well or not: the next one may be asked for. */
  mayClaim(): void
}

interface Sending {
  readonly destination: Destination
  readonly abort: AbortController
  ended: Promise<void>
}

export interface AttemptsOptions {
  readonly ledger: DeliveryLedger
  readonly pacing: Pacing
  readonly clock: Clock
  readonly listener: AttemptListener
}

export class Attempts {
  readonly #ledger: DeliveryLedger
  readonly #pacing: Pacing
  readonly #clock: Clock
  readonly #listener: AttemptListener
  readonly #sending = new Set<Sending>()
  readonly #hurry = new AbortController()
  #claiming: Promise<void> | undefined
  #stopping = false

  constructor({ ledger, pacing, clock, listener }: AttemptsOptions) {
    this.#ledger = ledger
    this.#pacing = pacing
    this.#clock = clock
    this.#listener = listener
  }

  get isClaiming(): boolean {
    return this.#claiming !== undefined
  }

  start(picks: readonly Pick[]): void {
    this.#claiming = this.#claim(picks)
  }

  /** From now on nothing is sent. Resolves when what is under way has ended; `abort` hurries that. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.race([this.#claiming, aborted(this.#hurry.signal)])
    await this.#ended([...this.#sending])
  }

  abort(): void {
    this.#hurry.abort()
    for (const { abort } of this.#sending) abort.abort()
  }

  /** Closes a destination that gets no new attempts, after the last answer. */
  async retire(destination: Destination): Promise<void> {
    await this.#ended([...this.#sending].filter(sending => sending.destination === destination))
    await destination.close()
  }

  async #claim(picks: readonly Pick[]): Promise<void> {
    const seqs = picks.map(({ event }) => event.seq)
    const claims = await this.#ledger.claim(seqs, this.#clock.wallMs()).catch(error => {
      for (const { event } of picks) this.#pacing.cancel(isCritical(event))
      this.#listener.notClaimed(picks, error)
    })
    this.#claiming = undefined
    if (claims) this.#claimed(picks, claims)
    this.#listener.mayClaim()
  }

  #claimed(picks: readonly Pick[], claims: readonly Claim[]): void {
    const bySeq = new Map(claims.map(claim => [claim.seq, claim]))
    for (const pick of picks) {
      const claim = bySeq.get(pick.event.seq)
      const destination = pick.endpoint.settings?.destination
      if (claim && destination && !this.#stopping) this.#launch({ ...pick, claim }, destination)
      else {
        this.#pacing.cancel(isCritical(pick.event))
        if (claim) this.#listener.unsent({ ...pick, claim })
        else this.#listener.vanished(pick)
      }
    }
  }

  #launch(attempt: Attempt, destination: Destination): void {
    const sending: Sending = { destination, abort: new AbortController(), ended: Promise.resolve() }
    this.#sending.add(sending)
    sending.ended = this.#send(attempt, sending)
  }

  async #send(attempt: Attempt, sending: Sending): Promise<void> {
    const { event, claim } = attempt
    const { signal } = sending.abort
    const startedAt = this.#clock.monotonicMs()
    const lateByMs = Math.max(0, this.#clock.wallMs() - event.createdAt)
    const options = { bare: event.bare, lateByMs, signal }
    const answer = await Promise.race([ask(sending.destination, claim, options), aborted(signal)])
    const now = this.#clock.monotonicMs()
    this.#sending.delete(sending)
    this.#pacing.end(isCritical(event), now)
    if (answer) this.#listener.answered(attempt, answer)
    else this.#listener.aborted(attempt, now - startedAt)
  }

  async #ended(sendings: readonly Sending[]): Promise<void> {
    await Promise.all(sendings.map(sending => sending.ended))
  }
}

/** A destination that breaks its promise never to reject must not keep its lane busy for ever. */
async function ask(destination: Destination, claim: Claim, options: SendOptions): Promise<Answer> {
  try {
    return await destination.send(claim.event, options)
  } catch {
    const text = 'the attempt broke off inside the sidecar'
    return { verdict: { kind: 'retry' }, received: 'maybe', text, latencyMs: 0 }
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise(resolve => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
