// How often the fallback is used: some incidents one by one, then all that are left at once, so that a storm does not
// become a storm of programs. After a failure it rests, the longer the more often it failed. Pure.

/** one: the next incident by itself. all: a summary of what is left. */
export type FallbackStep = 'one' | 'all'

/** So many one by one in any ten minutes. */
export const MOST_SINGLES = 10
const SINGLES_WITHIN_MS = 600_000
const SUMMARY_EVERY_MS = 300_000
const FIRST_REST_MS = 10_000
const LONGEST_REST_MS = 600_000

export class FallbackPace {
  #singles: number[] = []
  #summaryAt = -Infinity
  #failures = 0
  #restsUntil = -Infinity

  /** Failures in a row. */
  get failures(): number {
    return this.#failures
  }

  /** Undefined: nothing now. @param now monotonic clock, ms, here and below. */
  next(untaken: number, now: number): FallbackStep | undefined {
    if (untaken === 0 || now < this.#restsUntil) return undefined
    this.#singles = this.#singles.filter(at => now - at < SINGLES_WITHIN_MS)
    if (this.#singles.length < MOST_SINGLES) return 'one'
    if (now - this.#summaryAt < SUMMARY_EVERY_MS) return undefined
    return untaken === 1 ? 'one' : 'all'
  }

  told(step: FallbackStep, now: number): void {
    this.#failures = 0
    if (step === 'all' || this.#singles.length >= MOST_SINGLES) this.#summaryAt = now
    else this.#singles.push(now)
  }

  /** Returns how long it rests, ms. */
  failed(now: number): number {
    const restMs = Math.min(FIRST_REST_MS * 2 ** this.#failures, LONGEST_REST_MS)
    this.#failures++
    this.#restsUntil = now + restMs
    return restMs
  }

  /** The way is another: whatever was wrong may be right now. */
  startAfresh(): void {
    this.#failures = 0
    this.#restsUntil = -Infinity
  }
}
