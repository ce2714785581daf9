// What the store's history knows of a span of time, in the words of the feed: events as they were made, and what became
// of them. Everything else that happened then is in the log alone.
import type { Wants } from '../http/feed-filter.ts'
import { levelName } from '../incident/level.ts'
import type { PastEventRow, Span } from '../outbox/past-rows.ts'
import type { StoreReader } from '../outbox/reader.ts'
import type { Severity } from '../telemetry/feed.ts'
import { messageOf } from './dead-letters.ts'
import { instant } from './store-view.ts'

/** A happening without a number, since the feed does not know it. */
export interface PastHappening {
  readonly history: true
  readonly at: string
  readonly severity: Severity
  readonly event: string
  readonly text: string
  readonly [field: string]: unknown
}

export interface Question {
  readonly span: Span
  readonly wants: Wants
}

export const MOST_HISTORY = 10_000

const SETTLED = {
  delivered: 'delivered',
  coalesced: 'coalesced',
  dead: 'dead-letter',
  discarded: 'discarded',
} as const

/** In the order in which it happened. */
export function historyOf(
  store: StoreReader,
  { span, wants }: Question,
): { readonly found: PastHappening[]; readonly isCut: boolean } {
  const most = MOST_HISTORY + 1
  const made = store.eventsMade(span, most)
  const settled = (Object.keys(SETTLED) as (keyof typeof SETTLED)[]).map(state =>
    store.eventsSettled(state, span, most).map(row => settledHappening(row, SETTLED[state])),
  )
  const all = [...made.map(row => madeHappening(store, row)), ...settled.flat()]
  const isCut = [made, ...settled].some(({ length }) => length === most)
  const found = all
    .filter(happening => wants({ ...happening, number: 0 }))
    // Of the same millisecond an event is made first.
    .sort((a, b) => (a.at === b.at ? order(a) - order(b) : a.at < b.at ? -1 : 1))
  return { found: found.slice(-MOST_HISTORY), isCut: isCut || found.length > MOST_HISTORY }
}

const order = ({ event }: PastHappening): number => (event === 'trigger' || event === 'resolve' ? 0 : 1)

function madeHappening(store: StoreReader, row: PastEventRow): PastHappening {
  const { kind, incident, level, createdAt } = row
  const text = `${kind} ${incident} ${levelName(level)}`
  const message = messageOf(store, row.seq)?.message
  return {
    ...about(row),
    ...(message !== undefined && { message }),
    at: instant(createdAt),
    event: kind,
    text,
  }
}

function settledHappening(row: PastEventRow, event: string): PastHappening {
  const { kind, incident, createdAt, settledAt, answer, coalescedBy } = row
  return {
    ...about(row),
    ...(answer !== null && { answer }),
    ...(coalescedBy !== null && { by: coalescedBy }),
    ...(event === 'delivered' && settledAt !== null && { latencyMs: settledAt - createdAt }),
    ...{ at: instant(settledAt ?? 0), event, severity: event === 'dead-letter' ? 'error' : 'info' },
    text: `${event} ${kind} ${incident}`,
  }
}

type About = Pick<PastHappening, 'history' | 'severity'> & Readonly<Record<string, unknown>>

const about = ({ seq, incident, endpoint, task, kind, level }: PastEventRow): About => ({
  ...{ history: true, severity: 'info', seq, incident, endpoint, task, kind },
  incidentLevel: levelName(level),
})
