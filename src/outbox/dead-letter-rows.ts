// Which events are dead letters, by what a person chose, and whether one may be sent again. Reads only; a page at a
// time, by number, so that a million cost no more than ten.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { EventKind } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'

/** receiver: it refused the event. own: the stored event could not be read, or not be rendered. */
export const FAULTS = ['receiver', 'own'] as const
export type Fault = (typeof FAULTS)[number]

/** What is left out chooses all. Times are wall clock, ms, of the making of the event. */
export interface Selection {
  readonly seqs?: readonly number[]
  readonly endpoint?: string
  readonly fault?: Fault
  readonly since?: number
  readonly until?: number
}

export interface DeadLetterRow {
  readonly seq: number
  readonly opening: number
  readonly endpoint: string
  readonly incident: string
  readonly task: string
  readonly kind: EventKind
  readonly level: Level
  readonly createdAt: number
  readonly diedAt: number
  readonly fault: Fault
  /** Wall clock, ms; null while its incident is open. */
  readonly closedAt: number | null
  readonly mutedAt: number | null
}

/** A page: in ascending order those after a number, in descending order those before it. */
export interface Page {
  readonly order: 'ascending' | 'descending'
  readonly from?: number | undefined
  readonly limit: number
}

const COLUMNS = `e.seq, e.opening, i.endpoint, i.id AS incident, e.task, e.kind, e.level,
  e.created_at AS createdAt, e.settled_at AS diedAt, coalesce(e.fault, 'receiver') AS fault,
  i.closed_at AS closedAt, i.muted_at AS mutedAt`

/** The statement and its values, apart so that a test can ask how it is carried out. */
export function deadLettersQuery(selection: Selection, { order, from, limit }: Page): Query {
  const isUp = order === 'ascending'
  const conditions: [text: string, value: SQLInputValue][] = [
    [isUp ? 'e.seq > ?' : 'e.seq < ?', from ?? (isUp ? 0 : Number.MAX_SAFE_INTEGER)],
  ]
  const { seqs, endpoint, fault, since, until } = selection
  if (seqs) conditions.push(['e.seq IN (SELECT value FROM json_each(?))', JSON.stringify(seqs)])
  if (endpoint !== undefined) conditions.push(['i.endpoint = ?', endpoint])
  if (fault !== undefined) conditions.push([`coalesce(e.fault, 'receiver') = ?`, fault])
  if (since !== undefined) conditions.push(['e.created_at >= ?', since])
  if (until !== undefined) conditions.push(['e.created_at < ?', until])
  return {
    sql: `SELECT ${COLUMNS} FROM event e JOIN incident i USING (opening)
      WHERE e.state = 'dead' AND ${conditions.map(([text]) => text).join(' AND ')}
      ORDER BY e.seq ${isUp ? 'ASC' : 'DESC'} LIMIT ?`,
    values: [...conditions.map(([, value]) => value), limit],
  }
}

export interface Query {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

export function deadLetters(db: DatabaseSync, selection: Selection, page: Page): DeadLetterRow[] {
  const { sql, values } = deadLettersQuery(selection, page)
  return db.prepare(sql).all(...values) as unknown as DeadLetterRow[]
}

/**
 * Why an event is not sent again unless somebody insists.
 * overtaken: a newer event of its incident was received since, or may have been. closed: its incident is over and
 * no resolve of it waits, so the page that it opens would stay open.
 */
export type Objection = 'overtaken' | 'closed'

export const NEWER_RECEIVED = `
  SELECT 1 FROM incident i JOIN event e USING (opening)
  WHERE i.id = ? AND i.opening >= ? AND i.endpoint = ? AND e.seq > ?
    AND (e.state = 'delivered' OR (e.state = 'pending' AND e.unsure > 0)) LIMIT 1`

export const RESOLVE_WAITS = `
  SELECT 1 FROM event INDEXED BY event_opening
  WHERE opening = ? AND seq > ? AND kind = 'resolve' AND state = 'pending' LIMIT 1`

export function objectionTo(db: DatabaseSync, letter: DeadLetterRow): Objection | undefined {
  const { seq, opening, endpoint, incident, kind, closedAt, mutedAt } = letter
  if (db.prepare(NEWER_RECEIVED).get(incident, opening, endpoint, seq)) return 'overtaken'
  if (kind === 'resolve' || (closedAt === null && mutedAt === null)) return undefined
  return db.prepare(RESOLVE_WAITS).get(opening, seq) ? undefined : 'closed'
}
