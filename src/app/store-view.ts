// What people are shown of the store: incidents, events and attempts in plain values with the names of levels and
// times of RFC 3339. The same whether a command asks beside a daemon, or a daemon itself.
import { type LevelName, levelName } from '../incident/level.ts'
import type { AttemptRow, EventRow, EventState } from '../outbox/event-rows.ts'
import type { IncidentRow, IncidentSelection } from '../outbox/incident-rows.ts'
import { StoreReader } from '../outbox/reader.ts'

export interface ContributorView {
  readonly task: string
  readonly node: string
  readonly group: string
  readonly level: LevelName
  readonly since: string
}

/** open. recovering: all have recovered, and the resolve waits. muted: resolved by hand, but not over. closed. */
export type IncidentState = 'open' | 'recovering' | 'muted' | 'closed'

export interface IncidentView {
  readonly id: string
  readonly endpoint: string
  /** Number of this opening of the incident: pages go by it. */
  readonly opening: number
  readonly state: IncidentState
  /** Now; of one that is closed the highest that was told. */
  readonly level: LevelName
  readonly openedAt: string
  readonly closedAt?: string
  readonly mutedAt?: string
  readonly contributors: readonly ContributorView[]
  /** Events that are not delivered yet, and those that never will be. */
  readonly pending: number
  readonly deadLetters: number
}

export interface AttemptView {
  readonly at: string
  readonly outcome: string
  readonly status?: number
  readonly answer?: string
  readonly latencyMs?: number
  readonly received?: string
}

export interface EventView {
  readonly seq: number
  readonly kind: string
  readonly level: LevelName
  readonly task: string
  readonly createdAt: string
  readonly state: EventState
  readonly settledAt?: string
  readonly coalescedBy?: number
  readonly attempts: readonly AttemptView[]
}

export interface PageOf<Item> {
  readonly items: readonly Item[]
  /** Ask for what is before this number for the next page; absent on the last. */
  readonly next?: number
}

/** Throws StoreError with a hint: absent, of another version, or not to be opened. */
export const openStore = (path: string): StoreReader => StoreReader.open(path)

export function incidentPage(
  store: StoreReader,
  selection: IncidentSelection,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): PageOf<IncidentView> {
  // One more than is shown tells whether there is another page.
  const rows = store.incidents(selection, { before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const items = shown.map(row => incidentView(store, row))
  const last = shown.at(-1)
  return rows.length > limit && last ? { items, next: last.opening } : { items }
}

export function incidentView(store: StoreReader, row: IncidentRow): IncidentView {
  const { id, endpoint, opening, openedAt, closedAt, mutedAt, pending, dead } = row
  return {
    id,
    endpoint,
    opening,
    state: stateOf(row),
    level: levelName(closedAt === null ? row.level : row.highest),
    openedAt: instant(openedAt),
    ...(closedAt !== null && { closedAt: instant(closedAt) }),
    ...(mutedAt !== null && { mutedAt: instant(mutedAt) }),
    contributors: store
      .contributors(opening)
      .map(({ level, since, ...who }) => ({ ...who, level: levelName(level), since: instant(since) })),
    pending,
    deadLetters: dead,
  }
}

function stateOf({ closedAt, mutedAt, level }: IncidentRow): IncidentState {
  if (closedAt !== null) return 'closed'
  if (mutedAt !== null) return 'muted'
  return level === 0 ? 'recovering' : 'open'
}

export function eventView(store: StoreReader, row: EventRow): EventView {
  const { seq, kind, level, task, createdAt, state, settledAt, coalescedBy } = row
  return {
    seq,
    kind,
    level: levelName(level),
    task,
    createdAt: instant(createdAt),
    state,
    ...(settledAt !== null && { settledAt: instant(settledAt) }),
    ...(coalescedBy !== null && { coalescedBy }),
    attempts: store.attempts(seq).map(attemptView),
  }
}

function attemptView({ startedAt, outcome, status, text, latencyMs, received }: AttemptRow): AttemptView {
  return {
    at: instant(startedAt),
    outcome: outcome ?? 'under way',
    ...(status !== null && { status }),
    ...(text !== null && { answer: text }),
    ...(latencyMs !== null && { latencyMs: Math.round(latencyMs) }),
    ...(received !== null && { received }),
  }
}

/** RFC 3339, in UTC. @param at wall clock, ms. */
export const instant = (at: number): string => new Date(at).toISOString()
