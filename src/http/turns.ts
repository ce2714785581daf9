// So many at a time, the others in the order in which they came. What is waited for is never in vain: who gives up while
// he waits gets his turn all the same, and has to give it back.

export class Turns {
  readonly #atOnce: number
  readonly #waiting: (() => void)[] = []
  #busy = 0

  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** Resolves when it is one's turn, with what ends it. */
  async take(): Promise<() => void> {
    if (this.#busy < this.#atOnce) this.#busy++
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      const next = this.#waiting.shift()
      if (next) next()
      else this.#busy--
    }
  }
}
