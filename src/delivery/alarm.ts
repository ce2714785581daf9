// One timer that is set anew whenever the next moment of interest changes. It never fires twice for one moment.
import type { Clock } from './clock.ts'

export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #at: number | undefined
  #cancel: (() => void) | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** `at`: monotonic, ms; undefined: never. */
  set(at: number | undefined): void {
    if (at === this.#at) return
    this.clear()
    if (at === undefined) return
    this.#at = at
    const wait = Math.max(0, Math.ceil(at - this.#clock.monotonicMs()))
    this.#cancel = this.#clock.after(wait, () => {
      this.clear()
      this.#ring()
    })
  }

  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#at = undefined
  }
}
