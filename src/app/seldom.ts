// What can happen with every request is told now and then, with how often it happened since.

/** Keys that are remembered: they may come from outside. */
const MOST_KEYS = 1000

export class Seldom {
  readonly #everyMs: number
  readonly #monotonicMs: () => number
  readonly #seen = new Map<string, { toldAt: number; since: number }>()

  constructor(everyMs: number, monotonicMs: () => number) {
    this.#everyMs = everyMs
    this.#monotonicMs = monotonicMs
  }

  /**
   * How often it happened since it was told last, this time included; undefined: not to be told now.
   * @param much what to count instead of times, as bytes.
   */
  count(key: string, much = 1): number | undefined {
    const now = this.#monotonicMs()
    const known = this.#seen.get(key)
    if (known) known.since += much
    if (known && now - known.toldAt < this.#everyMs) return undefined
    if (!known && this.#seen.size >= MOST_KEYS) this.#seen.clear()
    this.#seen.set(key, { toldAt: now, since: 0 })
    return known?.since ?? much
  }
}
