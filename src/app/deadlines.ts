// What happens to incidents by time alone: a held resolve becomes due, a contributor has been silent for too long,
// a node is gone from its script. Looks once a second.
import type { Book } from '../incident/book.ts'
import { type Closing, closingEvent } from '../incident/closing.ts'
import type { Change } from '../incident/judgement.ts'
import { Level } from '../incident/level.ts'
import type { Departure, StateChange } from '../incident/state-change.ts'
import { type SystemClock, wallNs } from './system-clock.ts'

export interface DeadlinesParts {
  readonly book: Book
  readonly clock: SystemClock
  readonly commit: (changes: readonly Change[]) => Promise<unknown>
  /** Changes of state that concern no single incident's event. */
  readonly commitState: (changes: readonly StateChange[]) => Promise<void>
  /** Since when a node is connected; monotonic clock, ms. Undefined: it is not. */
  readonly liveSince: (task: string, node: string) => number | undefined
  /** Nodes of running tasks that are no longer in their script. */
  readonly vanished: () => readonly { readonly task: string; readonly node: string }[]
}

const TICK_MS = 1000
/** After a pause of the process nothing more than this counts as heard silence. */
const MAX_ELAPSED_MS = 2 * TICK_MS

export class Deadlines {
  readonly #parts: DeadlinesParts
  #last: number
  #cancel: (() => void) | undefined

  constructor(parts: DeadlinesParts) {
    this.#parts = parts
    this.#last = parts.clock.monotonicMs()
  }

  start(): void {
    const { clock } = this.#parts
    this.#cancel = clock.after(TICK_MS, () => {
      this.#tick()
      this.start()
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  /** A node tells another endpoint than before: what it held open at the old one is over. */
  moved(task: string, node: string, endpoint: string): void {
    this.#forget(task, node, who => who.endpoint !== endpoint, 'its task now tells another endpoint')
  }

  /** A task is no longer in Kapacitor. */
  orphaned(task: string, node: string): void {
    this.#forget(task, node, () => true, 'its task is no longer in Kapacitor', 'orphaned')
  }

  #tick(): void {
    const { book, clock, vanished } = this.#parts
    const now = clock.monotonicMs()
    const before = this.#last
    this.#last = now
    this.#commit(
      book.release(clock.wallMs()).map(({ incident: { opening, endpoint }, changes, event }) => ({
        changes,
        opening,
        endpoint,
        level: Level.ok,
        event,
      })),
    )
    this.#passSilence(before, now)
    for (const { task, node } of vanished())
      this.#forget(task, node, () => true, 'its node is no longer in the script of its task')
  }

  /** Silence can be heard of nodes that were connected all the while. */
  #passSilence(from: number, to: number): void {
    const { book, liveSince, commitState } = this.#parts
    const elapsedMs = Math.min(to - from, MAX_ELAPSED_MS)
    const isHeard = (task: string, node: string): boolean => (liveSince(task, node) ?? Infinity) <= from
    const { closed, remember } = book.passSilence(elapsedMs, isHeard)
    if (remember.length > 0) commitState(remember).catch(() => {})
    this.#commit(
      closed.map(closing => this.#close(closing, 'none of its points came for the time that was set')),
    )
  }

  #forget(
    task: string,
    node: string,
    isGone: (who: { readonly endpoint: string }) => boolean,
    reason: string,
    gone: Departure = 'forgotten',
  ): void {
    const { closed, changes } = this.#parts.book.forget(task, node, isGone, gone)
    if (changes.length > 0) this.#parts.commitState(changes).catch(() => {})
    this.#commit(closed.map(closing => this.#close(closing, reason)))
  }

  #close(closing: Closing, reason: string): Change {
    const { changes, incident, quietly } = closing
    const { opening, endpoint } = incident
    const change = { changes, opening, endpoint, level: Level.ok }
    if (quietly) return change
    return { ...change, event: closingEvent(closing, { reason, time: wallNs(this.#parts.clock) }) }
  }

  /** A failure is told and kept by the store itself. */
  #commit(changes: readonly Change[]): void {
    if (changes.length > 0) this.#parts.commit(changes).catch(() => {})
  }
}
