// Takes settled events out of the store, the oldest first and a few at a time, so that nothing waits long for it.
// Never what is undelivered or open, and never what still counts for the rate.
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'

/** Events of one step. */
export const STEP = 500
/** Attempts of so long ago no longer count for the rate. */
const COUNTS_FOR_MS = 120_000

/** States of events that nobody has to look at. */
const HISTORY = ['delivered', 'coalesced', 'discarded'] as const
const OLDEST = `SELECT seq FROM event WHERE state = ? AND settled_at < ? ORDER BY settled_at LIMIT ${STEP}`

/** What was taken out. */
export interface Pruned {
  readonly events: number
  readonly deadLetters: number
}

/** One step. @param before wall clock, ms: what was settled earlier goes. @param now wall clock, ms. */
export function prune(db: DatabaseSync, before: number, now: number): Pruned {
  const settledBefore = Math.min(before, now - COUNTS_FOR_MS)
  return inTransaction(db, () => {
    const events = HISTORY.reduce((sum, state) => sum + dropEvents(db, state, settledBefore), 0)
    dropIncidents(db, settledBefore)
    dropNotes(db, settledBefore)
    return { events, deadLetters: 0 }
  })
}

/** One step for room on the disk: history first; dead letters, which nobody has read, only when there is no other. */
export function pruneForRoom(db: DatabaseSync, now: number): Pruned {
  const settledBefore = now - COUNTS_FOR_MS
  const pruned = prune(db, settledBefore, now)
  if (pruned.events > 0) return pruned
  const deadLetters = inTransaction(db, () => {
    const dropped = dropEvents(db, 'dead', settledBefore)
    dropIncidents(db, settledBefore)
    return dropped
  })
  return { events: 0, deadLetters }
}

function dropEvents(db: DatabaseSync, state: string, settledBefore: number): number {
  db.prepare(`DELETE FROM attempt WHERE seq IN (${OLDEST})`).run(state, settledBefore)
  return Number(db.prepare(`DELETE FROM event WHERE seq IN (${OLDEST})`).run(state, settledBefore).changes)
}

function dropIncidents(db: DatabaseSync, closedBefore: number): void {
  const gone = `
    SELECT opening FROM incident WHERE closed_at < ?
      AND NOT EXISTS (SELECT 1 FROM event WHERE event.opening = incident.opening)
    ORDER BY closed_at LIMIT ${STEP}`
  db.prepare(`DELETE FROM story WHERE opening IN (${gone})`).run(closedBefore)
  db.prepare(`DELETE FROM incident WHERE opening IN (${gone})`).run(closedBefore)
}

/** What an incident that is open for long has seen, what others asked for, and outages. */
function dropNotes(db: DatabaseSync, before: number): void {
  // Of those that came first, so that nothing is searched for when there is nothing old.
  const oldest = (table: string, key: string, column: string) =>
    `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM
      (SELECT ${key}, ${column} AS moment FROM ${table} ORDER BY ${key} LIMIT ${STEP}) WHERE moment < ?)`
  db.prepare(oldest('story', 'number', 'at')).run(before)
  db.prepare(oldest('instruction', 'id', 'done_at')).run(before)
  db.prepare('DELETE FROM outage WHERE over_at < ?').run(before)
}
