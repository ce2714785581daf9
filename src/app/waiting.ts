// Why an undelivered event has not been delivered yet, as far as the store knows. What only a running daemon knows
// (the budget of the minute, whose turn it is) is said to be unknown.
import type { AttemptRow, EventRow } from '../outbox/event-rows.ts'
import type { StoreReader } from '../outbox/reader.ts'
import { instant } from './store-view.ts'

interface Waiting {
  readonly event: EventRow
  readonly endpoint: string
  /** An event of the same incident that goes first. */
  readonly before: EventRow | undefined
}

/** Undefined: it does not wait. */
export function whyItWaits(
  store: StoreReader,
  { event, endpoint, before }: Waiting,
  { now, daemonRuns }: { readonly now: number; readonly daemonRuns: boolean },
): string | undefined {
  if (event.state !== 'pending') return undefined
  if (!daemonRuns) return 'no sidecar runs: it is tried after the next start'
  if (before) return `waits for event ${before.seq} of the incident, which goes first`
  const last = store.attempts(event.seq).at(-1)
  if (last && last.endedAt === null) return 'waits for the answer of the attempt under way'
  if (event.dueAt !== null && event.dueAt > now)
    return `waits until ${instant(event.dueAt)}: ${pauseAfter(last)}`
  if (last && isFailure(last))
    return `waits for its endpoint, which is probed with one event at a time: ${last.text}`
  const others = store.lastAttempt(endpoint)
  if (others && isFailure(others))
    return `waits for its endpoint, whose last answer (to event ${others.seq}) was: ${others.text}`
  return 'waits for its turn: rate and concurrency; only the sidecar knows when'
}

const isFailure = ({ outcome }: AttemptRow): boolean =>
  outcome === 'retry' || outcome === 'blocked' || outcome === 'limited'

function pauseAfter(last: AttemptRow | undefined): string {
  if (last?.outcome === 'limited') return "over the organisation's rate"
  if (last?.outcome === 'blocked') return 'the URL or the way to it is wrong'
  return 'the pause after a failure'
}
