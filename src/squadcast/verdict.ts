// The one place that decides what an attempt came to: from an HTTP status, or from a failure on the way, to
// a verdict and to whether Squadcast may have acted on the request. Pure; it words nothing and waits for
// nothing.
import type { Received, Verdict } from '../delivery/destination.ts'

/** What one request came to, as post.ts saw it. */
export type Outcome =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** The header Retry-After as it came. */
      readonly retryAfter?: string
      /** The beginning of the answer's body. */
      readonly body: string
    }
  | {
      readonly kind: 'failed'
      readonly error: unknown
      /** Whether writing had begun, on a connection that stood. If not, nobody can have received it. */
      readonly begun: boolean
    }

export interface Judgement {
  readonly verdict: Verdict
  readonly received: Received
}

/** A proxy that answered CONNECT with anything but 2xx: the request never left for Squadcast. */
export class ProxyRefusal extends Error {
  readonly code = 'PROXY_REFUSED'
  readonly status: number

  constructor(status: number) {
    super(`the proxy answered ${status}`)
    this.name = 'ProxyRefusal'
    this.status = status
  }
}

const LIMITED_BY_DEFAULT_MS = 60_000
const LIMITED_AT_LEAST_MS = 1_000
const LIMITED_AT_MOST_MS = 300_000

/** Statuses that say that the URL, or the way to it, is wrong, whatever the body. Beside them every 3xx. */
const BLOCKING = new Set([401, 402, 403, 404, 407, 410])
/** Client errors that pass by themselves. */
const PASSING = new Set([408, 425])

/** `nowMs` is wall-clock time, for a Retry-After that names a date. */
export function verdictOf(outcome: Outcome, nowMs: number): Judgement {
  if (outcome.kind === 'answered') return ofStatus(outcome.status, outcome.retryAfter, nowMs)
  if (outcome.error instanceof ProxyRefusal) return ofProxyRefusal(outcome.error)
  return { verdict: { kind: 'retry' }, received: outcome.begun ? 'maybe' : 'no' }
}

function ofStatus(status: number, retryAfter: string | undefined, nowMs: number): Judgement {
  if (status >= 200 && status < 300) return { verdict: { kind: 'delivered' }, received: 'yes' }
  if (status === 429) {
    return { verdict: { kind: 'limited', waitMs: limitedForMs(retryAfter, nowMs) }, received: 'no' }
  }
  if (isBlocking(status)) return { verdict: { kind: 'blocked' }, received: 'no' }
  if (status >= 400 && status < 500 && !PASSING.has(status)) {
    // Documented for 413 alone: not processed. Another refusal may come after something was done.
    return { verdict: { kind: 'refused' }, received: status === 413 ? 'no' : 'maybe' }
  }
  // NOTE: a gateway answers 5xx also after it has passed the request on.
  return { verdict: { kind: 'retry' }, received: 'maybe' }
}

const isBlocking = (status: number): boolean => BLOCKING.has(status) || (status >= 300 && status < 400)

/**
 * Never `limited` nor `refused`: a proxy knows nothing of Squadcast's rate, and no event may become a dead
 * letter because of a proxy.
 */
function ofProxyRefusal({ status }: ProxyRefusal): Judgement {
  const passing = status >= 500 || status === 429 || PASSING.has(status)
  return { verdict: { kind: passing ? 'retry' : 'blocked' }, received: 'no' }
}

/** Retry-After in seconds or as a date (RFC 9110); without a usable one, the next minute. */
function limitedForMs(retryAfter: string | undefined, nowMs: number): number {
  const text = retryAfter?.trim() ?? ''
  // NOTE: Date.parse takes nearly anything for a date, and one without a zone for local time.
  const date = text.endsWith('GMT') ? Date.parse(text) : Number.NaN
  const asked = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : date - nowMs
  if (Number.isNaN(asked)) return LIMITED_BY_DEFAULT_MS
  return Math.ceil(Math.min(Math.max(asked, LIMITED_AT_LEAST_MS), LIMITED_AT_MOST_MS))
}
