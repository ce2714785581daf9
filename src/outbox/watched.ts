// What the watch over the sidecar asks of the store: dead letters that nobody has dealt with, and CRITICAL incidents that
// the receiver has not taken. Small answers, whatever waits.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { prepared } from './database.ts'
import type { FallbackRequest, UntakenRequest } from './requests.ts'
import type { StoryWriter } from './story.ts'

export interface StandingLetters {
  /** At most so many are counted. */
  readonly count: number
  readonly isMore: boolean
  readonly hasCritical: boolean
  /** Seq of the newest; 0: none. */
  readonly newest: number
  /** Of the newest few. */
  readonly incidents: readonly string[]
}

/** An open incident that the receiver has not taken. */
export interface UntakenRow {
  readonly opening: number
  /** Of its newest CRITICAL trigger. */
  readonly seq: number
  readonly endpoint: string
  readonly incident: string
  readonly task: string
  /** Of its first CRITICAL trigger; wall clock, ms. */
  readonly since: number
  /** Encoded event. */
  readonly body: string
  /** Refused for good. */
  readonly isDead: boolean
  /** Of the last attempt that was answered; null: none was. */
  readonly answer: string | null
}

export interface Untaken {
  /** The oldest first. */
  readonly openings: readonly number[]
  /** Of the first of them. */
  readonly first: readonly UntakenRow[]
}

const MOST_COUNTED = 1000
const MOST_NAMED = 3
/** For different ones among them. */
const LOOKED_AT = 20

// A delivered one tells that the receiver knows of it; one that gave way to a newer one keeps its time.
const UNTAKEN = `
  SELECT opening, max(seq) AS seq,
    (SELECT min(created_at) FROM event t WHERE t.opening = e.opening AND kind = 'trigger' AND level = 3) AS since
  FROM event e INDEXED BY event_untaken JOIN incident i USING (opening)
  WHERE kind = 'trigger' AND level = 3 AND state IN ('pending', 'dead')
    AND closed_at IS NULL AND muted_at IS NULL AND fallback_at IS NULL
    AND EXISTS (SELECT 1 FROM contributor c WHERE c.opening = e.opening)
    AND NOT EXISTS (SELECT 1 FROM event t
      WHERE t.opening = e.opening AND kind = 'trigger' AND level = 3 AND state = 'delivered')
  GROUP BY opening HAVING since <= ? ORDER BY since, opening`

const STATEMENTS = {
  letters: `SELECT count(*) AS count, coalesce(max(seq), 0) AS newest,
      coalesce(max(kind = 'trigger' AND level = 3), 0) AS hasCritical
    FROM (SELECT seq, kind, level FROM event INDEXED BY event_dead
      WHERE state = 'dead' AND task <> ? ORDER BY seq DESC LIMIT ${MOST_COUNTED + 1})`,
  named: `SELECT id FROM event INDEXED BY event_dead JOIN incident USING (opening)
    WHERE state = 'dead' AND task <> ? ORDER BY seq DESC LIMIT ${LOOKED_AT}`,
  untaken: UNTAKEN,
  detail: `SELECT opening, seq, endpoint, id AS incident, task, body, state = 'dead' AS isDead,
      (SELECT text FROM attempt a WHERE a.seq = e.seq AND text IS NOT NULL ORDER BY attempt DESC LIMIT 1) AS answer
    FROM event e JOIN incident USING (opening) WHERE seq = ?`,
  told: 'UPDATE incident SET fallback_at = ? WHERE opening = ?',
} as const

export class Watched {
  readonly #sql: Record<keyof typeof STATEMENTS, StatementSync>
  readonly #story: StoryWriter
  readonly #bodyElsewhere: (seq: number) => string

  constructor(db: DatabaseSync, story: StoryWriter, bodyElsewhere: (seq: number) => string) {
    this.#sql = prepared(db, STATEMENTS)
    this.#story = story
    this.#bodyElsewhere = bodyElsewhere
  }

  standingLetters(exceptTask: string): StandingLetters {
    const row = this.#sql.letters.get(exceptTask) as { count: number; newest: number; hasCritical: number }
    const { count, newest } = row
    return {
      count: Math.min(count, MOST_COUNTED),
      isMore: count > MOST_COUNTED,
      hasCritical: row.hasCritical === 1,
      newest,
      incidents: count === 0 ? [] : this.#named(exceptTask),
    }
  }

  #named(exceptTask: string): string[] {
    const ids = this.#sql.named.all(exceptTask).map(({ id }) => id as string)
    return [...new Set(ids)].slice(0, MOST_NAMED)
  }

  untaken({ until, details }: UntakenRequest): Untaken {
    const rows = this.#sql.untaken.all(until) as { opening: number; seq: number; since: number }[]
    return {
      openings: rows.map(({ opening }) => opening),
      first: rows.slice(0, details).map(({ seq, since }) => this.#detail(seq, since)),
    }
  }

  /** In a transaction of the caller's. */
  toldByFallback({ openings, at }: FallbackRequest): void {
    for (const opening of openings) {
      this.#sql.told.run(at, opening)
      this.#story.toldByFallback(opening, at)
    }
  }

  #detail(seq: number, since: number): UntakenRow {
    const row = this.#sql.detail.get(seq) as unknown as Omit<UntakenRow, 'since' | 'isDead'> & {
      isDead: number
    }
    return { ...row, since, isDead: row.isDead === 1, body: row.body || this.#bodyElsewhere(seq) }
  }
}
