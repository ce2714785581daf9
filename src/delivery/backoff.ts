// How long to wait after a failure: exponential with full jitter, without end. Pure; randomness is passed in.

const FIRST_MS = 1_000
const LONGEST_MS = 60_000
/** Full jitter may draw nearly nothing; a receiver in trouble is never hammered. */
const SHORTEST_MS = 100
/** 2^6 seconds are more than the longest wait. */
const LAST_DOUBLING = 6

/** Wait after an answer that says the URL or the way to it is wrong: a person has to repair that. */
export const BLOCKED_WAIT_MS = LONGEST_MS

/** No stored retry is further away than this; one that seems so was written under another wall clock. */
export const LONGEST_WAIT_MS = LONGEST_MS

/** Milliseconds to wait after the given number of failures in a row (1 or more). `random` is in [0, 1). */
export function backoffMs(failures: number, random: () => number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), LAST_DOUBLING)
  const ceiling = Math.min(FIRST_MS * 2 ** doublings, LONGEST_MS)
  return Math.max(SHORTEST_MS, Math.floor(random() * ceiling))
}
