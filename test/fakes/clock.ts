// A clock that only a test moves. Its two times are apart, as on a machine: the wall clock may jump, the
// monotonic one never does.

interface Timer {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** Lets every promise that can settle now do so. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

export class FakeClock {
  #now = 0
  #wall: number
  #timers: Timer[] = []
  #order = 0

  /** `wallMs`: where the wall clock starts. */
  constructor(wallMs: number = Date.UTC(2026, 0, 1)) {
    this.#wall = wallMs
  }

  monotonicMs(): number {
    return this.#now
  }

  wallMs(): number {
    return this.#wall
  }

  after(ms: number, fire: () => void): () => void {
    const timer = { at: this.#now + ms, order: this.#order++, fire }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer)
    }
  }

  /** Timers that have not fired. */
  get waiting(): number {
    return this.#timers.length
  }

  /** Moves both times on and runs what falls due, in order; whatever follows from a timer comes before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers = this.#timers.filter(other => other !== timer)
      this.#moveTo(Math.max(timer.at, this.#now))
      timer.fire()
      await settled()
    }
    this.#moveTo(end)
  }

  /** Sets the wall clock forward, or back. */
  jumpWall(ms: number): void {
    this.#wall += ms
  }

  #moveTo(moment: number): void {
    this.#wall += moment - this.#now
    this.#now = moment
  }

  #next(end: number): Timer | undefined {
    return this.#timers
      .filter(({ at }) => at <= end)
      .sort((a, b) => a.at - b.at || a.order - b.order)
      .at(0)
  }
}
