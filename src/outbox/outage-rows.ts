// Outages of endpoints as the store keeps them: one row each, written anew with each change.
import type { DatabaseSync } from 'node:sqlite'
import type { OutageRow } from './requests.ts'

export const PUT_OUTAGE = `INSERT OR REPLACE INTO outage
  (endpoint, began_at, cause, answer, back_at, over_at, delivered_late, unseen, dead) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** In the order of its columns. */
export const outageValues = (outage: OutageRow): (string | number | null)[] => {
  const { endpoint, from, cause, answer, back = null, over = null, deliveredLate, unseen, dead } = outage
  return [endpoint, from, cause, answer, back, over, deliveredLate, unseen, dead]
}

/** Those that are not over. */
export function currentOutages(db: DatabaseSync): OutageRow[] {
  const rows = db
    .prepare(
      `SELECT endpoint, began_at AS "from", cause, answer, back_at AS back, delivered_late AS deliveredLate, unseen, dead
       FROM outage WHERE over_at IS NULL ORDER BY began_at`,
    )
    .all() as unknown as (Omit<OutageRow, 'back'> & { back: number | null })[]
  return rows.map(({ back, ...row }) => ({ ...row, ...(back !== null && { back }) }))
}
