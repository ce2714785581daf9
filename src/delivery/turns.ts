// Whose turn it is. Most go to what is most urgent, and one of every three to what has waited longest, so that urgent
// work without end holds nothing back for ever. Pure.

/** A lane that waits this long (ms) for its turn is no longer fresh, and gets one of the turns for the longest wait. */
export const FRESH_MS = 60_000

/** One turn in so many goes to what has waited longest. */
export const TURNS = 3

export class Turns {
  #urgent = 0

  /** The next turn is not for urgency. It stays due until somebody can take it. */
  get isDue(): boolean {
    return this.#urgent >= TURNS - 1
  }

  took(turn: 'urgent' | 'longest'): void {
    this.#urgent = turn === 'longest' ? 0 : this.#urgent + 1
  }
}
