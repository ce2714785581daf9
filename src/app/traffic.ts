// How much comes from one node: how many points, how many a second lately, and when the last one came.
import type { Counts } from '../udf/task-link.ts'

interface Mark {
  readonly points: number
  /** Monotonic clock, ms. */
  readonly at: number
}

export class Traffic {
  points = 0
  unlevelled = 0
  /** Wall clock, ms. */
  lastAt: number | undefined
  /** Two moments of before: the older one is what the rate is reckoned from. */
  #older: Mark
  #newer: Mark

  /** @param now monotonic clock, ms. */
  constructor(now: number) {
    this.#older = { points: 0, at: now }
    this.#newer = this.#older
  }

  count({ points, unlevelled }: Readonly<Counts>, wallMs: number): void {
    this.points += points
    this.unlevelled += unlevelled
    if (points > 0) this.lastAt = wallMs
  }

  /** To be called every ten seconds or so. */
  mark(now: number): void {
    this.#older = this.#newer
    this.#newer = { points: this.points, at: now }
  }

  /** Since the mark before the last one, or since it connected. */
  perSecond(now: number): number {
    const { points, at } = this.#older
    return now <= at ? 0 : ((this.points - points) * 1000) / (now - at)
  }

  /** Points came, and none of them carried a level. */
  get isWithoutLevels(): boolean {
    return this.points > 0 && this.unlevelled === this.points
  }
}
