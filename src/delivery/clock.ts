// The time that delivery needs, passed in so that tests can move it. Everything that waits is measured by the
// monotonic clock: a jump of the wall clock must neither hold an event back nor hurry it.

export interface Clock {
  /** Milliseconds since some fixed moment; never goes back, never jumps. */
  monotonicMs(): number
  /** Milliseconds since the epoch; may jump. Only for what is stored or shown. */
  wallMs(): number
  /** Calls `fire` once, after `ms` milliseconds. Returns what cancels it. */
  after(ms: number, fire: () => void): () => void
}
