// Events that were made or settled in a span of time, as a person asks for the near past. Reads only; each question
// walks an index no further than the span goes.
import type { DatabaseSync } from 'node:sqlite'
import type { EventKind } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'
import type { EventState } from './event-rows.ts'

/** Times are wall clock, ms. */
export interface PastEventRow {
  readonly seq: number
  readonly incident: string
  readonly endpoint: string
  readonly task: string
  readonly kind: EventKind
  readonly level: Level
  readonly createdAt: number
  readonly state: EventState
  readonly settledAt: number | null
  readonly coalescedBy: number | null
  /** What its last attempt was answered. */
  readonly answer: string | null
}

export interface Span {
  readonly from: number
  readonly until: number
}

const COLUMNS = `e.seq, i.id AS incident, i.endpoint, e.task, e.kind, e.level, e.created_at AS createdAt, e.state,
  e.settled_at AS settledAt, e.coalesced_by AS coalescedBy,
  (SELECT text FROM attempt a WHERE a.seq = e.seq ORDER BY attempt DESC LIMIT 1) AS answer`

export const PAST = {
  /** Numbers rise with time. */
  made: `SELECT ${COLUMNS} FROM event e JOIN incident i USING (opening) WHERE e.seq < ? ORDER BY e.seq DESC LIMIT ?`,
  settled: `SELECT ${COLUMNS} FROM event e INDEXED BY event_settled JOIN incident i USING (opening)
    WHERE e.state = ? AND e.settled_at IS NOT NULL AND e.settled_at >= ? AND e.settled_at < ?
    ORDER BY e.settled_at DESC LIMIT ?`,
} as const

const PAGE = 500

/** The newest first, and no more than `most`. */
export function eventsMadeIn(db: DatabaseSync, { from, until }: Span, most: number): PastEventRow[] {
  const statement = db.prepare(PAST.made)
  const found: PastEventRow[] = []
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const rows = statement.all(before, PAGE) as unknown as PastEventRow[]
    found.push(...rows.filter(({ createdAt }) => createdAt >= from && createdAt < until))
    const last = rows.at(-1)
    if (!last || last.createdAt < from || found.length >= most) return found.slice(0, most)
    before = last.seq
  }
}

/** Of one state, the newest first. */
export const eventsSettledIn = (
  db: DatabaseSync,
  state: EventState,
  { span: { from, until }, most }: { readonly span: Span; readonly most: number },
): PastEventRow[] => db.prepare(PAST.settled).all(state, from, until, most) as unknown as PastEventRow[]
