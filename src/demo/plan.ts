// The rate limit of a pretended organisation: so many requests in each minute, in fixed windows whose phase
// only it knows, as Squadcast documents. Pure: it is told the time.

const WINDOW_MS = 60_000

/** Requests a minute of Squadcast's plans. */
export const PLANS = { free: 15, pro: 300, premium: 500, enterprise: 1000 } as const

export class Plan {
  readonly #rate: number
  readonly #phaseMs: number
  #window = Number.NEGATIVE_INFINITY
  #used = 0

  /** @param phaseMs when, after a full minute, a window begins. */
  constructor(rate: number, phaseMs = 0) {
    this.#rate = rate
    this.#phaseMs = phaseMs
  }

  /** Counts one request. Returns 0 if it may pass, else the milliseconds to the next window. */
  take(now: number): number {
    const window = Math.floor((now - this.#phaseMs) / WINDOW_MS)
    if (window !== this.#window) {
      this.#window = window
      this.#used = 0
    }
    this.#used += 1
    return this.#used <= this.#rate ? 0 : (window + 1) * WINDOW_MS + this.#phaseMs - now
  }
}
