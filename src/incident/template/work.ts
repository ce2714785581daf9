// A bound on what one text may cost: steps and characters made. A template of 64 KB can ask for gigabytes, and for
// hours, of a point that holds much; nothing that prints in 64 KB needs as much as this.

const MOST_WORK = 4 * 1024 * 1024
/** Of evaluating one value, in characters that could be made instead. */
const STEP = 8

/** The text ends where it has come to. */
export class TooMuchWork extends Error {
  constructor() {
    super('the rest takes too long for one point')
  }
}

export class Work {
  #left = MOST_WORK

  /** Throws TooMuchWork. */
  readonly spend = (characters: number): void => {
    this.#left -= characters
    if (this.#left < 0) throw new TooMuchWork()
  }

  step(): void {
    this.spend(STEP)
  }
}
