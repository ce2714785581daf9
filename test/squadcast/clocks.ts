// Time for tests against real sockets, and time that a test holds in its hand.
import type { Clock } from '../../src/delivery/clock.ts'

/** The machine's own: for limits in time that are themselves the thing under test. */
export const realClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, ms)
    return () => clearTimeout(timer)
  },
}

/** Time that stands still: nothing is ever late. */
export const stillClock: Clock = {
  monotonicMs: () => 0,
  wallMs: () => Date.UTC(2026, 0, 1),
  after: () => () => {},
}

/** Time that stands still until a call lets every limit that was set run out. Each look at it takes 7 ms. */
export function heldClock(): Clock & { readonly expire: () => void } {
  const limits = new Set<() => void>()
  let now = 0
  return {
    ...stillClock,
    monotonicMs() {
      now += 7
      return now
    },
    after(_ms, fire) {
      limits.add(fire)
      return () => limits.delete(fire)
    },
    expire() {
      for (const fire of limits) fire()
    },
  }
}
