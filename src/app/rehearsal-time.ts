// Lets time pass in a rehearsal as the points' clock has it: a held resolve becomes due, silence grows. Where a node has
// no timings nothing of that can happen, and no time passes.
import type { Book } from '../incident/book.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import { DataClock } from './data-clock.ts'
import { Deadlines } from './deadlines.ts'

const NANOSECONDS_IN_MS = 1_000_000n

export class RehearsalTime {
  /** Whether the node asks for anything that time alone brings about. */
  readonly matters: boolean
  readonly #book: Book
  readonly #clock = new DataClock()
  readonly #told: (event: IncidentEvent) => void
  #deadlines: Deadlines | undefined

  constructor(settings: NodeSettings, book: Book, told: (event: IncidentEvent) => void) {
    const { tellAgainAfterMs, recoveryDelayMs, silentAfterMs } = settings
    this.matters = (tellAgainAfterMs ?? recoveryDelayMs ?? silentAfterMs) !== undefined
    this.#book = book
    this.#told = told
  }

  wallMs(): number {
    return this.#clock.wallMs()
  }

  /** A point of this time is next. @param time nanoseconds since the epoch. */
  goOnTo(time: bigint): void {
    // While nothing is open nothing can fall due, and years may pass at once.
    if (this.#book.size === 0) this.stop()
    else this.#deadlines ??= this.#start()
    this.#clock.advanceTo(Number(time / NANOSECONDS_IN_MS))
  }

  stop(): void {
    this.#deadlines?.stop()
    this.#deadlines = undefined
  }

  #start(): Deadlines {
    const deadlines = new Deadlines({
      book: this.#book,
      clock: this.#clock,
      commit: async changes => {
        for (const { event } of changes) if (event) this.#told(event)
      },
      commitState: async () => {},
      // The one node there is has been there all the while.
      liveSince: () => 0,
      vanished: () => [],
    })
    deadlines.start()
    return deadlines
  }
}
