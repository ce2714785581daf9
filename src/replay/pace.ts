// When a point is due: at once, or so long after the first as the data say, by their own clock made faster or slower. Pure.

export class Pace {
  readonly #speed: number
  #first: { readonly time: bigint; readonly at: number } | undefined

  /** @param speed 10: ten times as fast as the data's clock. Infinity: nothing waits. */
  constructor(speed: number) {
    this.#speed = speed
  }

  /** Milliseconds to wait; what is older than its predecessors is due. @param now monotonic clock, ms. */
  waitFor(time: bigint, now: number): number {
    if (this.#speed === Number.POSITIVE_INFINITY) return 0
    this.#first ??= { time, at: now }
    const { time: first, at } = this.#first
    const elapsedMs = Number(time - first) / 1e6
    return Math.max(0, at + elapsedMs / this.#speed - now)
  }
}
