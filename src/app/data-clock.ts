// A clock that goes by the times of points, for a rehearsal: what was set for a while of hours falls due when the data are
// hours on, however soon that is. It never goes back.
import type { SystemClock } from './system-clock.ts'

interface Timer {
  readonly at: number
  readonly fire: () => void
}

export class DataClock implements SystemClock {
  #now = 0
  readonly #timers = new Set<Timer>()

  monotonicMs(): number {
    return this.#now
  }

  wallMs(): number {
    return this.#now
  }

  after(ms: number, fire: () => void): () => void {
    const timer = { at: this.#now + ms, fire }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Goes on to this moment; what falls due until then happens at its time. @param ms since the epoch. */
  advanceTo(ms: number): void {
    for (let timer = this.#due(ms); timer; timer = this.#due(ms)) {
      this.#timers.delete(timer)
      this.#now = Math.max(this.#now, timer.at)
      timer.fire()
    }
    this.#now = Math.max(this.#now, ms)
  }

  #due(ms: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= ms && (!next || timer.at < next.at)) next = timer
    return next
  }
}
