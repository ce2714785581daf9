// How long an incident has lasted, in nanoseconds that fit where they go: Kapacitor's durations and the store's
// integers have 64 bits, and two clocks of points may be further apart than that.

const LONGEST = 2n ** 63n - 1n

/** Never negative. */
export const boundedDuration = (nanoseconds: bigint): bigint =>
  nanoseconds < 0n ? 0n : nanoseconds > LONGEST ? LONGEST : nanoseconds

/** @param time and the opening's, nanoseconds since the epoch. */
export const durationSince = (openedTime: bigint, time: bigint): bigint => boundedDuration(time - openedTime)
