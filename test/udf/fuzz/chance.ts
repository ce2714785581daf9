// Randomness that can be had again: one seed makes one run, whatever the machine.

export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 up to, and without, `limit`. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * limit)
  }

  /** True about once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  /** As many as it happens to be, at most `most`, each made anew. */
  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make)
  }

  /** The same in another order. */
  shuffled<T>(things: readonly T[]): T[] {
    const keyed = things.map(thing => ({ thing, key: this.#next() }))
    return keyed.sort((a, b) => a.key - b.key).map(({ thing }) => thing)
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let at = 0; at < length; at++) bytes[at] = this.#next()
    return bytes
  }

  int64(): bigint {
    const small = BigInt(this.below(200) - 100)
    return this.pick([0n, small, 2n ** 63n - 1n, -(2n ** 63n), BigInt(this.#next()) * 4_611_686_018n])
  }

  /** A step of a counter, scattered by two rounds of multiplication. */
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
}
