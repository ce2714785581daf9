// How much is open, waits, or was refused for good, counted as a person asks for it. Reads only, each by an index.
import type { DatabaseSync } from 'node:sqlite'
import { LEVEL_NAMES, type Level, type LevelName } from '../incident/level.ts'

export interface Standing {
  /** Open incidents; those whose resolve waits are OK. */
  readonly byLevel: Readonly<Record<LevelName, number>>
  readonly pending: number
  /** Wall clock, ms. */
  readonly oldestPendingAt: number | undefined
  readonly deadLetters: number
}

export const STANDING = {
  open: `SELECT level, count(*) AS count FROM (
      SELECT coalesce((SELECT max(level) FROM contributor c WHERE c.opening = i.opening), 0) AS level
      FROM incident i INDEXED BY incident_standing WHERE i.closed_at IS NULL
    ) GROUP BY level`,
  pending: `SELECT count(*) AS count, min(created_at) AS oldest FROM event INDEXED BY event_pending
    WHERE state = 'pending'`,
  dead: `SELECT count(*) AS count FROM event INDEXED BY event_dead WHERE state = 'dead'`,
} as const

export function standing(db: DatabaseSync): Standing {
  const open = db.prepare(STANDING.open).all() as unknown as { level: Level; count: number }[]
  const pending = db.prepare(STANDING.pending).get() as unknown as { count: number; oldest: number | null }
  const dead = db.prepare(STANDING.dead).get() as unknown as { count: number }
  const counts = { CRITICAL: 0, WARNING: 0, INFO: 0, OK: 0 }
  for (const { level, count } of open) counts[LEVEL_NAMES[level]] = count
  return {
    byLevel: counts,
    pending: pending.count,
    oldestPendingAt: pending.oldest ?? undefined,
    deadLetters: dead.count,
  }
}
