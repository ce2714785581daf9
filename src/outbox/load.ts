// Reads back, at start, what the last daemon left: open incidents, and the attempts that still count for the rate; and
// then, asked for by itself, undelivered events.
import type { DatabaseSync } from 'node:sqlite'
import { pendingOf } from './loaded.ts'
import { currentOutages } from './outage-rows.ts'
import { type Packed, pack } from './packed.ts'
import type { Loaded, LoadRequest, PackedLoad, PendingRow } from './requests.ts'

export function load(db: DatabaseSync, request: LoadRequest): PackedLoad {
  const recentAttempts = endLostAttempts(db, request)
  const last = db
    .prepare(
      `SELECT (SELECT max(seq) FROM event) AS seq, (SELECT max(opening) FROM incident) AS opening,
        (SELECT count(*) FROM event WHERE state = 'pending') AS pending`,
    )
    .get() as { seq: number | null; opening: number | null; pending: number }
  return {
    lastSeq: last.seq ?? 0,
    lastOpening: last.opening ?? 0,
    pendingCount: last.pending,
    incidents: pack(db, OPEN, ['opened_time']),
    contributors: pack(db, CONTRIBUTORS, ['alert_time']),
    told: pack(db, 'SELECT opening, task, level, at FROM told ORDER BY opening'),
    held: pack(db, 'SELECT opening, due_at, body FROM held'),
    receivedOpenings: receivedOpenings(db),
    recentAttempts,
    outages: currentOutages(db),
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

// Each by opening, which is how it lies in the store.
const OPEN =
  'SELECT opening, endpoint, id, opened_time, muted_at FROM incident WHERE closed_at IS NULL ORDER BY opening'
const CONTRIBUTORS = `SELECT opening, task, node, "group", level, silent_after, silent_for, quietly, alert_time
    FROM contributor ORDER BY opening`

const PENDING = `
  SELECT e.seq, i.endpoint, i.id AS incident, e.task, e.opening, e.kind, e.level, e.created_at, e.attempts, e.unsure, e.bare,
    e.due_at, i.received
  FROM event e JOIN incident i USING (opening)
  WHERE e.state = 'pending'`

/** All that wait to be delivered, in order of `seq`. */
export const loadPending = (db: DatabaseSync): Packed => pack(db, `${PENDING} ORDER BY e.seq`)

/** One that waits to be delivered. */
export const pendingEvent = (db: DatabaseSync, seq: number): PendingRow =>
  pendingOf(pack(db, `${PENDING} AND e.seq = ${Number(seq)}`))[0]!

function receivedOpenings(db: DatabaseSync): number[] {
  const rows = db.prepare('SELECT opening FROM incident WHERE closed_at IS NULL AND received = 1').all()
  return (rows as { opening: number }[]).map(({ opening }) => opening)
}
