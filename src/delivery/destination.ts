// What the dispatcher needs of the place it delivers to, and nothing else of it. A destination renders and
// sends one attempt and judges its answer; it never retries, waits, or decides what comes next.
import type { IncidentEvent } from '../incident/event.ts'

/** What became of one attempt. A closed union, decided by one function of the destination. */
export type Verdict =
  /** Accepted (2xx). */
  | { readonly kind: 'delivered' }
  /** It may work later: 408, 425, 5xx, a timeout, a reset, a refused connection, DNS, TLS. */
  | { readonly kind: 'retry' }
  /** 429: nobody of the whole organisation sends for `waitMs` milliseconds. */
  | { readonly kind: 'limited'; readonly waitMs: number }
  /** The URL or the way to it is wrong: 401, 402, 403, 404, 407, 410, 3xx. */
  | { readonly kind: 'blocked' }
  /** This very body is not wanted: 413 and the other 4xx. Once more bare, then a dead letter. */
  | { readonly kind: 'refused' }

export type VerdictKind = Verdict['kind']

/**
 * Did the receiver act on the request? `no` only when that is certain (the connection was refused, DNS, TLS,
 * 429, blocked); `maybe` when it was sent, or may have been, and no answer tells.
 */
export type Received = 'yes' | 'no' | 'maybe'

/** The outcome of one attempt. */
export interface Answer {
  readonly verdict: Verdict
  readonly received: Received
  /** HTTP status, where there was one. */
  readonly status?: number
  /** For a person: one line, at most 500 characters, without secrets. */
  readonly text: string
  /** Milliseconds. */
  readonly latencyMs: number
}

export interface SendOptions {
  /** Only what the format requires, since the full body was refused. */
  readonly bare: boolean
  /** Milliseconds since the event was made, by the wall clock; never negative. */
  readonly lateByMs: number
  /** Aborted when the process has to leave. The answer is then `retry`, received `maybe` unless known better. */
  readonly signal: AbortSignal
}

export interface Destination {
  /** One attempt. Never rejects: every failure is an answer. */
  send(event: IncidentEvent, options: SendOptions): Promise<Answer>
  /** Lets go of connections. Called once, after the last answer. */
  close(): Promise<void>
}
