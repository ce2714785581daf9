// The undelivered events of one incident at one endpoint, in order. Only the head is ever sent. A lane knows
// where it waits but does not decide it.
import type { PendingEvent } from './ledger.ts'

/**
 * ready: may be sent as soon as there is room. waiting: until `dueAt`. tried: failed since the endpoint went
 * down. busy: its head is claimed or under way. gone: empty, and no longer part of anything.
 */
export type Place = 'ready' | 'waiting' | 'tried' | 'busy' | 'gone'

export class Lane {
  readonly incident: string
  events: PendingEvent[]
  place: Place = 'gone'
  heapIndex = 0
  before: Lane | undefined
  after: Lane | undefined
  /** By the clock of the lanes, ms: since when it waits for its turn; means something while ready. */
  readySince = 0
  /** Monotonic, ms; means something while waiting. */
  dueAt = 0
  /** How many answers had shown that the endpoint works when the head failed last; undefined: it has not. */
  failedAfter: number | undefined
  /** The head failed again although others got through in between: it waits for itself alone. */
  ownFault = false

  constructor(first: PendingEvent) {
    this.incident = first.incident
    this.events = [first]
  }

  get head(): PendingEvent {
    return this.events[0] as PendingEvent
  }

  get isEmpty(): boolean {
    return this.events.length === 0
  }

  drop(gone: ReadonlySet<PendingEvent>): void {
    if (gone.size === 1 && gone.has(this.head)) this.events.shift()
    else this.events = this.events.filter(event => !gone.has(event))
  }

  /** Notes a failure of the head. `works`: answers so far that showed that the endpoint works. */
  fail(works: number): void {
    this.ownFault ||= this.failedAfter !== undefined && works > this.failedAfter
    this.failedAfter = works
  }

  /** Whatever failed was the head that is no more. */
  forgive(): void {
    this.ownFault = false
    this.failedAfter = undefined
  }
}
