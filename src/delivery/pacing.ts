// The budget of requests of the whole organisation: a sliding log of attempts, by the monotonic clock. An
// attempt counts from its claim until a minute after its end, so that at the receiver no window of a minute,
// at any phase, holds more than `rate`. Of these, what is not CRITICAL never has the last tenth. It also keeps everybody
// back after a 429. It never sends or waits.
import type { PastAttempt } from './ledger.ts'

/** A tenth of a second more than Squadcast's minute, since its clock is not ours. */
export const WINDOW_MS = 60_100

export interface BudgetStatus {
  readonly rate: number
  /** Attempts that count now. */
  readonly used: number
  /** Of `rate`, what only CRITICAL triggers may use. */
  readonly reserved: number
}

export class Pacing {
  #rate: number
  readonly #all = new AttemptLog()
  /** Those of no CRITICAL trigger. */
  readonly #others = new AttemptLog()
  #heldUntil = 0

  constructor(rate: number) {
    this.#rate = rate
  }

  setRate(rate: number): void {
    this.#rate = rate
  }

  /**
   * Takes over what was sent before a restart. An attempt without an end may have reached the receiver just
   * now; so may one whose end lies in the future, since the wall clock was set back. Of what kind they were is not known.
   */
  restore(attempts: readonly PastAttempt[], wallMs: number, now: number): void {
    const ages = attempts.map(({ endedAt }) => Math.max(0, wallMs - (endedAt ?? wallMs)))
    const ends = ages.filter(age => age < WINDOW_MS).map(age => now - age)
    for (const log of [this.#all, this.#others]) log.restore(ends)
  }

  /** An attempt is about to be claimed. */
  begin(critical: boolean): void {
    for (const log of this.#logs(critical)) log.inFlight += 1
  }

  /** It has its answer, or never will. */
  end(critical: boolean, now: number): void {
    for (const log of this.#logs(critical)) log.end(now)
  }

  /** It was not claimed, so nothing was sent. */
  cancel(critical: boolean): void {
    for (const log of this.#logs(critical)) log.inFlight -= 1
  }

  /** Nobody sends before then. Never shortens an earlier hold. */
  holdUntil(moment: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, moment)
  }

  /** The end of a hold that still lasts. */
  heldUntil(now: number): number | undefined {
    return this.#heldUntil > now ? this.#heldUntil : undefined
  }

  isFree(critical: boolean, now: number): boolean {
    return this.#heldUntil <= now && this.#used(now) < this.#limit(critical)
  }

  /**
   * Whether one that is not CRITICAL may go while CRITICAL triggers wait. They may have used all but the last tenth, so
   * only its own kind counts against it: it would never go otherwise.
   */
  isFreeAmongCritical(now: number): boolean {
    return this.isFree(true, now) && this.#others.used(now) < this.#limit(false)
  }

  /** When `isFree` turns true by time alone; undefined while attempts in flight have to end first. */
  nextFreeAt(critical: boolean, now: number): number | undefined {
    const mustPass = this.#used(now) - this.#limit(critical) + 1
    if (mustPass <= 0) return Math.max(this.#heldUntil, now)
    const last = this.#all.endOf(mustPass - 1)
    return last === undefined ? undefined : Math.max(this.#heldUntil, last + WINDOW_MS)
  }

  status(now: number): BudgetStatus {
    return { rate: this.#rate, used: this.#used(now), reserved: this.#reserved() }
  }

  #reserved(): number {
    return Math.floor(this.#rate / 10)
  }

  #limit(critical: boolean): number {
    return critical ? this.#rate : this.#rate - this.#reserved()
  }

  #used(now: number): number {
    return this.#all.used(now)
  }

  #logs(critical: boolean): AttemptLog[] {
    return critical ? [this.#all] : [this.#all, this.#others]
  }
}

/** Attempts that count. */
class AttemptLog {
  inFlight = 0
  /** When the attempts of the last minute ended, oldest first. */
  #ends: number[] = []

  restore(ends: readonly number[]): void {
    this.#ends = [...this.#ends, ...ends].sort((a, b) => a - b)
  }

  end(now: number): void {
    this.inFlight -= 1
    this.#ends.push(now)
  }

  used(now: number): number {
    while (this.#ends[0] !== undefined && this.#ends[0] + WINDOW_MS <= now) this.#ends.shift()
    return this.inFlight + this.#ends.length
  }

  endOf(index: number): number | undefined {
    return this.#ends[index]
  }
}
