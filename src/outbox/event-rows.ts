// Events with their attempts, and the story of an incident, as a person asks for them. Reads only.
import type { DatabaseSync } from 'node:sqlite'
import type { EventKind } from '../incident/event.ts'
import type { Level } from '../incident/level.ts'
import type { Fault } from './dead-letter-rows.ts'
import type { What } from './story.ts'

export const EVENT_STATES = ['pending', 'delivered', 'coalesced', 'dead', 'discarded'] as const
export type EventState = (typeof EVENT_STATES)[number]

/** Times are wall clock, ms. */
export interface EventRow {
  readonly seq: number
  readonly task: string
  readonly kind: EventKind
  readonly level: Level
  readonly createdAt: number
  readonly state: EventState
  readonly dueAt: number | null
  readonly settledAt: number | null
  readonly coalescedBy: number | null
  readonly fault: Fault | null
}

export interface AttemptRow {
  readonly attempt: number
  readonly startedAt: number
  /** Null: under way, or cut off by a crash that no start has noted yet. */
  readonly endedAt: number | null
  readonly outcome: string | null
  readonly received: 'yes' | 'no' | 'maybe' | null
  readonly status: number | null
  readonly text: string | null
  readonly latencyMs: number | null
}

export interface StoryRow {
  readonly number: number
  readonly at: number
  readonly what: What
  readonly task: string | null
  readonly node: string | null
  readonly group: string | null
  readonly level: Level | null
  readonly seq: number | null
  readonly text: string | null
}

/** The last answer that an endpoint gave, whatever it was about. */
export interface LastAttempt extends AttemptRow {
  readonly seq: number
}

const EVENT = `SELECT seq, task, kind, level, created_at AS createdAt, state, due_at AS dueAt,
  settled_at AS settledAt, coalesced_by AS coalescedBy, fault FROM event`

const ATTEMPT = `attempt, started_at AS startedAt, ended_at AS endedAt, outcome, attempt.received, status, text,
  latency_ms AS latencyMs`

/** How far back the last answer of an endpoint is looked for. */
const ATTEMPTS_BACK = 1000

export const QUERIES = {
  events: `${EVENT} WHERE opening = ? ORDER BY seq`,
  event: `${EVENT} WHERE seq = ?`,
  body: 'SELECT body FROM event WHERE seq = ?',
  attempts: `SELECT ${ATTEMPT} FROM attempt WHERE seq = ? ORDER BY attempt`,
  story: `SELECT number, at, what, task, node, "group", level, seq, text FROM story WHERE opening = ? AND number > ?
    ORDER BY number LIMIT ?`,
  lastAttempt: `SELECT seq, ${ATTEMPT} FROM attempt JOIN event USING (seq) JOIN incident USING (opening)
    WHERE attempt > (SELECT max(attempt) FROM attempt) - ${ATTEMPTS_BACK} AND endpoint = ? AND ended_at IS NOT NULL
    ORDER BY attempt DESC LIMIT 1`,
} as const

export const eventsOf = (db: DatabaseSync, opening: number): EventRow[] =>
  db.prepare(QUERIES.events).all(opening) as unknown as EventRow[]

export const eventOf = (db: DatabaseSync, seq: number): EventRow | undefined =>
  db.prepare(QUERIES.event).get(seq) as unknown as EventRow | undefined

/** As it is stored: JSON, unless the file is damaged. */
export const bodyOf = (db: DatabaseSync, seq: number): string =>
  (db.prepare(QUERIES.body).get(seq) as { body: string } | undefined)?.body ?? ''

export const attemptsOf = (db: DatabaseSync, seq: number): AttemptRow[] =>
  db.prepare(QUERIES.attempts).all(seq) as unknown as AttemptRow[]

export const storyOf = (db: DatabaseSync, opening: number, after: number, limit: number): StoryRow[] =>
  db.prepare(QUERIES.story).all(opening, after, limit) as unknown as StoryRow[]

export const lastAttemptAt = (db: DatabaseSync, endpoint: string): LastAttempt | undefined =>
  db.prepare(QUERIES.lastAttempt).get(endpoint) as unknown as LastAttempt | undefined
