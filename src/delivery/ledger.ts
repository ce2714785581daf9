// What the dispatcher needs of the durable store: the undelivered events it starts with, a claim before each
// attempt, and a place for what became of it. The store implements it; nothing here does anything.
import type { EventKind, IncidentEvent } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'
import type { Received } from './destination.ts'
import type { Cause } from './health.ts'

/** Kept in memory for each undelivered event; never its body. */
export interface PendingEvent {
  /** Order of arrival, unique. */
  readonly seq: number
  readonly endpoint: string
  /** Id of the incident. Events of one endpoint and one incident are delivered strictly in order. */
  readonly incident: string
  /** The task whose point made it. */
  readonly task: string
  /** The same for all events from an incident's first trigger to its resolve. */
  readonly opening: number
  readonly kind: EventKind
  readonly level: Level
  /** Wall clock, ms. */
  readonly createdAt: number
  /** Monotonic clock, ms: when the point was read that made it. Absent: by another process, or it is sent again. */
  readonly readAt?: number
  /** Failed attempts so far; those answered with 429 or blocked do not count. */
  attempts: number
  /** True while it is certain that the receiver never got it. */
  certain: boolean
  /** The full body was refused: the next attempt sends only what the format requires. */
  bare: boolean
  /** Some trigger of this opening may have been received. */
  openingReceived: boolean
  /** Wall clock, ms: when a stored retry is due. Read at load only. */
  readonly dueAt?: number
}

/** A stored attempt of the last minute, wall clock, ms. One without an end was cut off by a crash. */
export interface PastAttempt {
  readonly startedAt: number
  readonly endedAt?: number
}

export interface Claim {
  /** Id of the attempt. */
  readonly attempt: number
  readonly seq: number
  readonly event: IncidentEvent
}

/** How an attempt is written down. `bare`: the full body was refused, a bare one follows. */
export const OUTCOMES = ['delivered', 'retry', 'blocked', 'limited', 'bare', 'dead'] as const
export type Outcome = (typeof OUTCOMES)[number]

export interface AttemptSettlement {
  readonly kind: 'attempted'
  readonly seq: number
  readonly attempt: number
  /** Wall clock, ms. */
  readonly endedAt: number
  readonly outcome: Outcome
  readonly received: Received
  readonly status?: number
  readonly text: string
  readonly latencyMs: number
  /** Failed attempts of the event from now on. */
  readonly attempts: number
  /** Wall clock, ms; absent when the event may be tried at once. */
  readonly dueAt?: number
}

export interface CoalescedSettlement {
  readonly kind: 'coalesced'
  readonly seq: number
  /** The event it gave way to; a resolve that went with its whole opening names itself. */
  readonly by: number
  /** Wall clock, ms. */
  readonly at: number
}

export type Settlement = AttemptSettlement | CoalescedSettlement

/** For the history: a time in which nothing got through to an endpoint. Moments are by the wall clock, ms. */
export interface Outage {
  readonly endpoint: string
  readonly from: number
  readonly cause: Cause
  /** The answer that told. */
  readonly answer: string
  /** When it worked again. */
  readonly back?: number
  /** When all that had waited was settled. */
  readonly over?: number
  /** Events that waited for its end and arrived. */
  readonly deliveredLate: number
  /** Incidents that opened and closed meanwhile, and that nobody was told of. */
  readonly unseen: number
  /** Events that waited for its end and were refused. */
  readonly dead: number
}

export interface DeliveryLedger {
  /**
   * Durable before it resolves: each attempt counts for the rate over a restart, and its event as maybe
   * received. An event left out of the answer is no longer pending. Must not overtake an earlier `settle`.
   */
  claim(seqs: readonly number[], at: number): Promise<Claim[]>
  /** In the order of the calls, and in the end always successful: trouble is the store's to repeat. */
  settle(settlements: readonly Settlement[]): Promise<void>
  /** Keeps the newest state of an outage, by its endpoint and beginning. */
  outage(outage: Outage): Promise<void>
}
