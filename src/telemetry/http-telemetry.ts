// What the local listener tells, as log lines and counters. A post that is refused is a page that nobody gets, since
// Kapacitor does not post it again.
import type { PartProblem } from '../http/alert-json.ts'
import type { HttpHappenings } from '../http/happenings.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export type PostOutcome = 'trigger' | 'resolve' | 'no-event' | 'refused' | 'failed'

type Refused = Parameters<HttpHappenings['refused']>[0]

export interface HttpTelemetry extends Pick<HttpHappenings, 'failed'> {
  listening(happening: { readonly address: string; readonly port: number }): void
  cannotListen(happening: {
    readonly address: string
    readonly error: unknown
    readonly againMs: number
  }): void
  postTaken(outcome: PostOutcome): void
  /** A post was taken without a part of it. @param times as below. */
  partUnreadable(problem: PartProblem, incident: string, times: number | undefined): void
  /** @param times how often it happened since it was told last; undefined: it is counted only. */
  unknownEndpoint(endpoint: string, times: number | undefined): void
  /** @param times as above. */
  refused(happening: Refused, times: number | undefined): void
}

/** A name from outside, as a line can bear it. */
const SHOWN_CHARACTERS = 100

export const httpTelemetry = (log: Log, metrics: Metrics): HttpTelemetry => ({
  listening({ address, port }) {
    log.info({ event: 'http-listening', address, port }, `listening for posts on ${address}`)
  },
  cannotListen({ address, error, againMs }) {
    const { code, message } = error as NodeJS.ErrnoException
    log.error(
      { event: 'http-cannot-listen', address, code, againMs },
      `cannot listen on ${address} (${message}), tried again every ${againMs / 1000} s: no post is taken meanwhile. ${hint(code)}`,
    )
  },
  postTaken(outcome) {
    metrics.posts.inc({ outcome })
  },
  partUnreadable({ part, text }, incident, times) {
    metrics.unreadablePostParts.inc({ part })
    if (times === undefined) return
    log.warn(
      { event: 'post-part-unreadable', part, incident, times },
      `${times === 1 ? 'a post was' : `${times} posts were`} taken without a part that cannot be read: ${text}`,
    )
  },
  unknownEndpoint(name, times) {
    metrics.unknownEndpointPosts.inc()
    if (times === undefined) return
    const endpoint = name.slice(0, SHOWN_CHARACTERS)
    log.warn(
      { event: 'unknown-endpoint', endpoint, times },
      `${times === 1 ? 'a post asks' : `${times} posts ask`} for endpoint '${endpoint}', which is not configured: their events go to 'default'`,
    )
  },
  refused({ method, status, reason, from }, times) {
    if (method === 'POST') metrics.posts.inc({ outcome: 'refused' })
    if (times === undefined) return
    const line = { event: 'http-refused', method, status, reason, from, times }
    if (method === 'POST')
      log.error(line, `a post was refused, and Kapacitor does not repeat it (${status}): ${reason}`)
    else log.warn(line, `a request was refused (${status}): ${reason}`)
  },
  failed({ method, error }) {
    if (method === 'POST') metrics.posts.inc({ outcome: 'failed' })
    log.error({ event: 'http-failed', err: error }, 'a request failed, through a fault of our own')
  },
})

function hint(code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'Another process has the address: stop it, or give this one another ([http] bind-address).'
    case 'EADDRNOTAVAIL':
      return 'This machine has no such address: correct [http] bind-address.'
    case 'EACCES':
      return 'Only root may listen on a port below 1024: choose a higher one ([http] bind-address).'
    default:
      return 'Choose another address ([http] bind-address).'
  }
}
