// Adds up the time while something was so, by a clock that is passed in. It runs from the start.

export class Stopwatch {
  #before = 0
  /** When it was last started; undefined: it stands still. */
  #since: number | undefined

  constructor(now: number) {
    this.#since = now
  }

  run(runs: boolean, now: number): void {
    if (runs === (this.#since !== undefined)) return
    this.#before = this.at(now)
    this.#since = runs ? now : undefined
  }

  /** Milliseconds. */
  at(now: number): number {
    return this.#before + (this.#since === undefined ? 0 : now - this.#since)
  }
}
