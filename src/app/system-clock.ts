// The only place that reads the machine's clocks and sets its timers.

export interface SystemClock {
  /** Milliseconds; never goes back. */
  monotonicMs(): number
  /** Milliseconds since the epoch; may jump. */
  wallMs(): number
  /** Calls once after some milliseconds; returns what cancels it. */
  after(ms: number, fire: () => void): () => void
}

// Longer timers fire at once in Node.
const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: SystemClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, Math.min(ms, LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** Calls once after some milliseconds, if anything else still keeps the process then. */
export const ifStillRunningAfter = (ms: number, fire: () => void): void => void setTimeout(fire, ms).unref()

/** Nanoseconds since the epoch, as precise as the wall clock. */
export const wallNs = (clock: SystemClock): bigint => BigInt(Math.round(clock.wallMs())) * 1_000_000n
