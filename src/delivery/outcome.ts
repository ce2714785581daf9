// What one answer means for its event: how it is written down, and what the lane does next. Pure; it changes
// only what the event itself remembers.
import { BLOCKED_WAIT_MS, backoffMs } from './backoff.ts'
import type { Answer } from './destination.ts'
import type { Cause } from './health.ts'
import type { Lane } from './lane.ts'
import type { Outcome, PendingEvent } from './ledger.ts'

/** The most that one 429 may ask for. */
const LONGEST_HOLD_MS = 5 * 60_000
/** The least: the attempt does not count as failed, so nothing else would slow it down. */
const SHORTEST_HOLD_MS = 1_000

export type Next =
  /** The event is done with, and the endpoint works. */
  | { readonly kind: 'gone' }
  /** At once, and the endpoint works. */
  | { readonly kind: 'again' }
  /** Everybody waits; the answer says nothing about the endpoint. */
  | { readonly kind: 'hold'; readonly waitMs: number }
  /** A failure; if the lane has to wait for itself, this long. */
  | { readonly kind: 'later'; readonly cause: Cause; readonly waitMs: number }

export interface Conclusion {
  readonly outcome: Outcome
  readonly next: Next
}

/** Counts the attempt on the event where it failed, and says what follows. */
export function conclude(event: PendingEvent, { verdict }: Answer, random: () => number): Conclusion {
  switch (verdict.kind) {
    case 'delivered':
      return { outcome: 'delivered', next: { kind: 'gone' } }
    case 'retry':
      event.attempts += 1
      return {
        outcome: 'retry',
        next: { kind: 'later', cause: 'failing', waitMs: backoffMs(event.attempts, random) },
      }
    case 'blocked':
      return { outcome: 'blocked', next: { kind: 'later', cause: 'blocked', waitMs: BLOCKED_WAIT_MS } }
    case 'limited':
      return { outcome: 'limited', next: { kind: 'hold', waitMs: holdMs(verdict.waitMs) } }
    case 'refused':
      event.attempts += 1
      if (event.bare) return { outcome: 'dead', next: { kind: 'gone' } }
      event.bare = true
      return { outcome: 'bare', next: { kind: 'again' } }
  }
}

const holdMs = (asked: number): number => Math.min(Math.max(asked, SHORTEST_HOLD_MS), LONGEST_HOLD_MS)

/** Remembers what the receiver may have got, for every event of the lane that coalescing will ask about. */
export function rememberReceived(lane: Lane, event: PendingEvent, answer: Answer, outcome: Outcome): void {
  if (answer.received !== 'no') event.certain = false
  if (event.kind === 'trigger') {
    if (event.certain && outcome !== 'dead') return
    for (const other of lane.events) {
      if (other.opening === event.opening) other.openingReceived = true
    }
  } else if (outcome === 'dead') {
    // The incident may stand open over there: the next resolve has to be sent, whatever it resolves here.
    for (const other of lane.events) other.openingReceived = true
  }
}
