// Incidents as a person asks for them: a page at a time, the newest first, by the number of their opening. Reads
// only, and each query by an index, so that a long history slows nothing.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Level } from '../incident/level.ts'
import type { Query } from './dead-letter-rows.ts'

export interface IncidentRow {
  readonly opening: number
  readonly endpoint: string
  readonly id: string
  /** Wall clock, ms. */
  readonly openedAt: number
  readonly closedAt: number | null
  readonly mutedAt: number | null
  /** The highest of its contributors; OK: closed, or its resolve waits. */
  readonly level: Level
  /** The highest level that was to be told of it. */
  readonly highest: Level
  readonly pending: number
  readonly dead: number
}

export interface ContributorRow {
  readonly task: string
  readonly node: string
  readonly group: string
  readonly level: Level
  /** Wall clock, ms. */
  readonly since: number
}

/** What is left out chooses all. */
export interface IncidentSelection {
  readonly isOpen?: true
  readonly id?: string
  readonly endpoint?: string
  /** At least this: of what is open now; of what is closed the highest that was told. */
  readonly level?: Level
  /** One opening alone. */
  readonly opening?: number
}

const LEVEL = 'coalesce((SELECT max(level) FROM contributor c WHERE c.opening = i.opening), 0)'
const HIGHEST =
  'coalesce((SELECT max(level) FROM event e INDEXED BY event_opening WHERE e.opening = i.opening), 0)'
const counted = (state: string): string =>
  `(SELECT count(*) FROM event e INDEXED BY event_opening WHERE e.opening = i.opening AND e.state = '${state}')`

/** The statement and its values, apart so that a test can ask how it is carried out. */
export function incidentsQuery(
  { isOpen, id, endpoint, level, opening }: IncidentSelection,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Query {
  const conditions: [text: string, value: SQLInputValue][] = [
    ['i.opening < ?', before ?? Number.MAX_SAFE_INTEGER],
  ]
  if (id !== undefined) conditions.push(['i.id = ?', id])
  if (opening !== undefined) conditions.push(['i.opening = ?', opening])
  if (endpoint !== undefined) conditions.push(['i.endpoint = ?', endpoint])
  if (level !== undefined) conditions.push([`iif(i.closed_at IS NULL, ${LEVEL}, ${HIGHEST}) >= ?`, level])
  const where = conditions.map(([text]) => text).join(' AND ')
  return {
    sql: `SELECT i.opening, i.endpoint, i.id, i.opened_at AS openedAt, i.closed_at AS closedAt,
        i.muted_at AS mutedAt, ${LEVEL} AS level, ${HIGHEST} AS highest, ${counted('pending')} AS pending,
        ${counted('dead')} AS dead
      FROM incident i${isOpen && id === undefined ? ' INDEXED BY incident_standing' : ''}
      WHERE ${where}${isOpen ? ' AND i.closed_at IS NULL' : ''}
      ORDER BY i.opening DESC LIMIT ?`,
    values: [...conditions.map(([, value]) => value), limit],
  }
}

export function incidents(
  db: DatabaseSync,
  selection: IncidentSelection,
  page: { readonly before?: number | undefined; readonly limit: number },
): IncidentRow[] {
  const { sql, values } = incidentsQuery(selection, page)
  return db.prepare(sql).all(...values) as unknown as IncidentRow[]
}

/** No more than a person reads; in the order of names. */
export const CONTRIBUTORS =
  'SELECT task, node, "group", level, since FROM contributor WHERE opening = ? ORDER BY task, node, "group" LIMIT 1000'

export const contributorsTo = (db: DatabaseSync, opening: number): ContributorRow[] =>
  db.prepare(CONTRIBUTORS).all(opening) as unknown as ContributorRow[]
