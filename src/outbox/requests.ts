// What the main thread and the store's thread say to each other. Few, large messages of plain data.

import type { EventKind } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'
import type { OpenIncident, StateChange } from '../incident/state-change.ts'

/** An event as it is stored. Its seq is the order of arrival, given out by the main thread. */
export interface NewEvent {
  readonly seq: number
  readonly opening: number
  readonly task: string
  readonly kind: EventKind
  readonly level: Level
  readonly body: string
}

/** Changes of state, and the events that came of them: one transaction. */
export interface CommitRequest {
  readonly op: 'commit'
  /** Wall clock, ms. */
  readonly at: number
  readonly changes: readonly StateChange[]
  readonly events: readonly NewEvent[]
}

export interface ClaimRequest {
  readonly op: 'claim'
  readonly at: number
  readonly seqs: readonly number[]
}

/** One attempt that ended, or one event that gave way. Times are wall clock, ms. */
export type SettlementRow =
  | {
      readonly kind: 'attempted'
      readonly seq: number
      readonly attempt: number
      readonly endedAt: number
      readonly outcome: string
      readonly received: 'yes' | 'no' | 'maybe'
      readonly status?: number
      readonly text: string
      readonly latencyMs: number
      readonly attempts: number
      readonly dueAt?: number
    }
  | { readonly kind: 'coalesced'; readonly seq: number; readonly by: number; readonly at: number }

export interface SettleRequest {
  readonly op: 'settle'
  readonly settlements: readonly SettlementRow[]
}

export interface LoadRequest {
  readonly op: 'load'
  /** Attempts that ended at or after this, or never, count for the rate; wall clock, ms. */
  readonly attemptsSince: number
  readonly now: number
}

export type StoreRequest = CommitRequest | ClaimRequest | SettleRequest | LoadRequest

export interface ClaimedRow {
  readonly attempt: number
  readonly seq: number
  readonly body: string
}

/** An undelivered event without its body. */
export interface PendingRow {
  readonly seq: number
  readonly endpoint: string
  readonly incident: string
  readonly task: string
  readonly opening: number
  readonly kind: EventKind
  readonly level: Level
  readonly createdAt: number
  readonly attempts: number
  readonly certain: boolean
  readonly bare: boolean
  readonly openingReceived: boolean
  readonly dueAt?: number
}

/** All that a daemon needs to go on where the last one ended. */
export interface Loaded {
  readonly lastSeq: number
  readonly lastOpening: number
  readonly incidents: readonly OpenIncident[]
  readonly pending: readonly PendingRow[]
  /** Open incidents of which some trigger may have been received, by opening. */
  readonly receivedOpenings: readonly number[]
  readonly recentAttempts: readonly { readonly startedAt: number; readonly endedAt?: number }[]
}

export interface StoreReply {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string }
}

/** What the store's thread tells without being asked. */
export type StoreNotice =
  | { readonly notice: 'open' }
  | {
      readonly notice: 'cannot-open'
      readonly code: string
      readonly message: string
      readonly hint?: string
    }
  /** The disk or file does not take writes: what was asked is kept and tried again, in order. */
  | { readonly notice: 'failing'; readonly message: string; readonly waiting: number }
  | { readonly notice: 'recovered' }

export interface Numbered {
  readonly id: number
  readonly request: StoreRequest
}
