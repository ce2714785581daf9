// Reads back, at start, what the last daemon left: open incidents, undelivered events, and the attempts that
// still count for the rate.
import type { DatabaseSync } from 'node:sqlite'
import { decodeEvent } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'
import type { OpenIncident } from '../incident/state-change.ts'
import type { Loaded, LoadRequest, PendingRow } from './requests.ts'

export function load(db: DatabaseSync, request: LoadRequest): Loaded {
  const recentAttempts = endLostAttempts(db, request)
  const last = db
    .prepare('SELECT (SELECT max(seq) FROM event) AS seq, (SELECT max(opening) FROM incident) AS opening')
    .get() as { seq: number | null; opening: number | null }
  return {
    lastSeq: last.seq ?? 0,
    lastOpening: last.opening ?? 0,
    incidents: openIncidents(db),
    pending: pendingEvents(db),
    receivedOpenings: receivedOpenings(db),
    recentAttempts,
  }
}

/** Attempts in flight when the last daemon died have no end: they are written down as lost, and maybe received. */
function endLostAttempts(db: DatabaseSync, { attemptsSince, now }: LoadRequest): Loaded['recentAttempts'] {
  const rows = db
    .prepare('SELECT started_at, ended_at FROM attempt WHERE ended_at >= ? OR ended_at IS NULL')
    .all(attemptsSince) as { started_at: number; ended_at: number | null }[]
  db.exec(
    `UPDATE incident SET received = 1 WHERE opening IN (
      SELECT opening FROM event JOIN attempt USING (seq) WHERE ended_at IS NULL AND kind = 'trigger')`,
  )
  db.prepare(
    `UPDATE attempt SET ended_at = ?, outcome = 'lost', received = 'maybe' WHERE ended_at IS NULL`,
  ).run(now)
  return rows.map(({ started_at: startedAt, ended_at: endedAt }) =>
    endedAt === null ? { startedAt } : { startedAt, endedAt },
  )
}

interface IncidentRow {
  opening: bigint
  endpoint: string
  id: string
  opened_time: bigint
}

interface ContributorRow {
  opening: number
  task: string
  node: string
  group: string
  level: Level
  silent_after: number | null
  silent_for: number | null
  quietly: number | null
}

type ToldRow = { opening: number; task: string; level: Level; at: number }
type HeldRow = { opening: number; due_at: number; body: string }

function openIncidents(db: DatabaseSync): OpenIncident[] {
  const statement = db.prepare(
    'SELECT opening, endpoint, id, opened_time FROM incident WHERE closed_at IS NULL',
  )
  statement.setReadBigInts(true)
  const contributors = byOpening(db.prepare('SELECT * FROM contributor').all() as unknown as ContributorRow[])
  const told = byOpening(db.prepare('SELECT opening, task, level, at FROM told').all() as ToldRow[])
  const held = byOpening(db.prepare('SELECT opening, due_at, body FROM held').all() as HeldRow[])
  return (statement.all() as unknown as IncidentRow[]).map(row => {
    const opening = Number(row.opening)
    const [resolve] = held.get(opening) ?? []
    return {
      opening,
      endpoint: row.endpoint,
      id: row.id,
      openedTime: row.opened_time,
      contributors: (contributors.get(opening) ?? []).map(contributor),
      told: told.get(opening) ?? [],
      ...(resolve && { held: { dueAt: resolve.due_at, event: decodeEvent(resolve.body) } }),
    }
  })
}

function contributor(row: ContributorRow): OpenIncident['contributors'][number] {
  const { task, node, group, level, silent_after: afterMs, silent_for: forMs, quietly } = row
  return {
    task,
    node,
    group,
    level,
    ...(afterMs !== null && { silence: { afterMs, forMs: forMs ?? 0 } }),
    ...(quietly === 1 && { quietly: true }),
  }
}

function byOpening<Row extends { opening: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const grouped = new Map<number, Row[]>()
  for (const row of rows) {
    const known = grouped.get(row.opening)
    if (known) known.push(row)
    else grouped.set(row.opening, [row])
  }
  return grouped
}

const PENDING = `
  SELECT e.seq, i.endpoint, i.id AS incident, e.task, e.opening, e.kind, e.level, e.created_at, e.attempts, e.unsure, e.bare,
    e.due_at, i.received
  FROM event e JOIN incident i USING (opening)
  WHERE e.state = 'pending' ORDER BY e.seq`

interface StoredPending {
  seq: number
  endpoint: string
  incident: string
  task: string
  opening: number
  kind: PendingRow['kind']
  level: Level
  created_at: number
  attempts: number
  unsure: number
  bare: number
  due_at: number | null
  received: number
}

function pendingEvents(db: DatabaseSync): PendingRow[] {
  const rows = db.prepare(PENDING).all() as unknown as StoredPending[]
  return rows.map(row => ({
    seq: row.seq,
    endpoint: row.endpoint,
    incident: row.incident,
    task: row.task,
    opening: row.opening,
    kind: row.kind,
    level: row.level,
    createdAt: row.created_at,
    attempts: row.attempts,
    certain: row.unsure === 0,
    bare: row.bare === 1,
    openingReceived: row.received === 1,
    ...(row.due_at !== null && { dueAt: row.due_at }),
  }))
}

function receivedOpenings(db: DatabaseSync): number[] {
  const rows = db.prepare('SELECT opening FROM incident WHERE closed_at IS NULL AND received = 1').all()
  return (rows as { opening: number }[]).map(({ opening }) => opening)
}
