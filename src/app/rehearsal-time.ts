// Lets time pass in a rehearsal as the points' clock has it: a held resolve becomes due, silence grows. Where a node has
// no timings nothing of that can happen, and no time passes.
import type { Book } from '../incident/book.ts'
import type { IncidentEvent } from '../incident/event.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import { DataClock } from './data-clock.ts'
import { Deadlines } from './deadlines.ts'

/** Time is looked at once a second, and silence a little later. */
const MARGIN_MS = 5000
const NANOSECONDS_IN_MS = 1_000_000n

export class RehearsalTime {
  /** Whether the node asks for anything that time alone brings about. */
  readonly matters: boolean
  readonly #book: Book
  readonly #clock = new DataClock()
  readonly #told: (event: IncidentEvent) => void
  /** Without a point for so long, all that can fall due has. */
  readonly #longestWaitMs: number
  #deadlines: Deadlines | undefined

  constructor(settings: NodeSettings, book: Book, told: (event: IncidentEvent) => void) {
    const { tellAgainAfterMs, recoveryDelayMs, silentAfterMs } = settings
    this.matters = (tellAgainAfterMs ?? recoveryDelayMs ?? silentAfterMs) !== undefined
    this.#longestWaitMs = Math.max(recoveryDelayMs ?? 0, silentAfterMs ?? 0) + MARGIN_MS
    this.#book = book
    this.#told = told
  }

  wallMs(): number {
    return this.#clock.wallMs()
  }

  /** A point of this time is next. @param time nanoseconds since the epoch. */
  goOnTo(time: bigint): void {
    const next = Number(time / NANOSECONDS_IN_MS)
    const before = this.#clock.wallMs()
    if (this.#book.size > 0) {
      this.#deadlines ??= this.#start()
      this.#clock.advanceTo(Math.min(next, before + this.#longestWaitMs))
    }
    // When nothing can fall due, years may pass at once.
    if (this.#book.size === 0 || next > this.#clock.wallMs()) this.stop()
    this.#clock.advanceTo(next)
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
