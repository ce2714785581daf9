// What the main thread and the store's thread say to each other. Few, large messages of plain data.

import type { EventKind } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'
import type { OpenIncident, StateChange } from '../incident/state-change.ts'
import type { AwaitedFault } from './fault-point.ts'
import type { Packed } from './packed.ts'
import type { ErrorNotice } from './store-error.ts'
import type { TaskNote } from './task-notes.ts'

/** An event as it is stored. Its seq is the order of arrival, given out by the main thread. */
export interface NewEvent {
  readonly seq: number
  readonly opening: number
  readonly task: string
  readonly kind: EventKind
  readonly level: Level
  readonly body: string
  /** How many of the changes come before it; absent: all. Only the story of the incident asks. */
  readonly after?: number
}

/** How far an instruction is, written together with what comes of it. */
export interface InstructionMark {
  readonly id: number
  /** JSON. */
  readonly answer: string
  readonly isDone: boolean
}

/** Changes of state, and the events that came of them: one transaction. */
export interface CommitRequest {
  readonly op: 'commit'
  /** Wall clock, ms. */
  readonly at: number
  readonly changes: readonly StateChange[]
  readonly events: readonly NewEvent[]
  readonly instruction?: InstructionMark
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

/** A time in which nothing got through to an endpoint. Moments are by the wall clock, ms. */
export interface OutageRow {
  readonly endpoint: string
  readonly from: number
  readonly cause: 'failing' | 'blocked'
  readonly answer: string
  readonly back?: number
  readonly over?: number
  readonly deliveredLate: number
  readonly unseen: number
  readonly dead: number
}

/** The newest state of it. */
export interface OutageRequest {
  readonly op: 'outage'
  readonly outage: OutageRow
}

export interface LoadRequest {
  readonly op: 'load'
  /** Attempts that ended at or after this, or never, count for the rate; wall clock, ms. */
  readonly attemptsSince: number
  readonly now: number
}

/** The events that wait to be delivered, as they stand after a load. */
export interface LoadPendingRequest {
  readonly op: 'load-pending'
}

/** Which undelivered events this process alone knows of, since the disk takes nothing. */
export interface UnsavedRequest {
  readonly op: 'unsaved'
}

/** What other processes have asked for. */
export interface InstructionsRequest {
  readonly op: 'instructions'
}

/** One step of an instruction `retry` or `discard`. */
export interface RedeliverRequest {
  readonly op: 'redeliver'
  readonly instruction: number
  /** Wall clock, ms. */
  readonly at: number
}

/** Which dead letters nobody has dealt with. */
export interface StandingLettersRequest {
  readonly op: 'standing-letters'
  /** Those of this task do not count. */
  readonly exceptTask: string
}

/** Which open incidents are CRITICAL, not taken by the receiver, and not told by the fallback. */
export interface UntakenRequest {
  readonly op: 'untaken'
  /** Their first such trigger is not newer; wall clock, ms. */
  readonly until: number
  /** Of so many all is told. */
  readonly details: number
}

/** Openings that the fallback has told. */
export interface FallbackRequest {
  readonly op: 'fallback'
  readonly at: number
  readonly openings: readonly number[]
}

/** What is to be known of Kapacitor's tasks after a crash, in the order given. */
export interface NoteRequest {
  readonly op: 'note'
  readonly notes: readonly TaskNote[]
}

/** All such notes. */
export interface NotesRequest {
  readonly op: 'notes'
}

export type StoreRequest =
  | CommitRequest
  | ClaimRequest
  | SettleRequest
  | OutageRequest
  | LoadRequest
  | LoadPendingRequest
  | UnsavedRequest
  | InstructionsRequest
  | RedeliverRequest
  | NoteRequest
  | NotesRequest
  | StandingLettersRequest
  | UntakenRequest
  | FallbackRequest

/** An instruction that is not done. */
export interface InstructionRow {
  readonly id: number
  readonly kind: string
  /** JSON. */
  readonly body: string
  /** How far it is: JSON. */
  readonly answer: string | null
}

/** What one step sends again. */
export interface Redelivered {
  readonly pending: readonly PendingRow[]
  readonly isDone: boolean
}

/** An undelivered event that is not on the disk. */
export interface UnsavedEvent {
  readonly seq: number
  readonly incident: string
  readonly kind: EventKind
  readonly level: Level
}

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

/** Made anew each time that they are gone through. */
export interface StoredIncidents extends Iterable<OpenIncident> {
  readonly length: number
}

/** All that a daemon needs to go on where the last one ended. */
export interface Loaded {
  readonly lastSeq: number
  readonly lastOpening: number
  readonly incidents: StoredIncidents
  readonly pendingCount: number
  /** The store's thread gathers them while incidents are gone through; they are made when they are asked for. */
  readonly pending: () => Promise<readonly PendingRow[]>
  /** Open incidents of which some trigger may have been received, by opening. */
  readonly receivedOpenings: readonly number[]
  readonly recentAttempts: readonly { readonly startedAt: number; readonly endedAt?: number }[]
  /** Those that are not over. */
  readonly outages: readonly OutageRow[]
}

/** Open incidents on their way between the threads: each part in the order of openings. */
export interface PackedIncidents {
  readonly incidents: Packed
  readonly contributors: Packed
  readonly told: Packed
  readonly held: Packed
}

/** All but the events that wait, which are asked for by themselves. */
export interface PackedLoad extends Omit<Loaded, keyof PackedIncidents | 'pending'>, PackedIncidents {}

export interface StoreReply {
  readonly id: number
  readonly result?: unknown
  /** It is in memory only: the disk takes nothing. */
  readonly isVolatile?: true
  readonly error?: ErrorNotice
}

/** What the store's thread tells without being asked. */
export type StoreNotice =
  | { readonly notice: 'open' }
  | ({ readonly notice: 'cannot-open' } & ErrorNotice)
  /** Another program holds the file: what was asked waits and is tried again, in order. */
  | { readonly notice: 'failing'; readonly message: string; readonly waiting: number }
  /** The disk takes nothing: work goes on in memory, and is written as soon as there is room. */
  | { readonly notice: 'volatile'; readonly message: string }
  | { readonly notice: 'recovered' }
  /** The file was damaged: it now has another name, and a new one holds what could be read of it. */
  | {
      readonly notice: 'set-aside'
      readonly path: string
      readonly reason: string
      readonly incidents: number
      readonly pending: number
    }
  | {
      readonly notice: 'pruned'
      readonly why: 'old' | 'for-room'
      readonly events: number
      readonly deadLetters: number
    }
  | { readonly notice: 'reserve-given-up' }
  /** So many stand in the store. */
  | { readonly notice: 'dead-letters'; readonly count: number }

export interface StoreOptions {
  readonly path: string
  readonly maxSizeBytes: number
  /** How long settled events are kept, ms. */
  readonly historyMs: number
  /** Where the process ends, to prove what a crash does. */
  readonly fault?: AwaitedFault
}

export interface Numbered {
  readonly id: number
  readonly request: StoreRequest
}
