// The state of a task as people are shown it, with what it waits for.
import {
  dueAt,
  isAlive,
  isDue,
  MISSING_FOR_GOOD,
  type Now,
  refusalOf,
  type TaskRecord,
} from './task-record.ts'

/** See revive.ts. */
export const TASK_STATES = ['alive', 'waiting', 'queued', 'reviving', 'refused', 'disabled', 'gone'] as const
export type TaskState = (typeof TASK_STATES)[number]

export interface TaskStatus {
  readonly task: string
  readonly state: TaskState
  /** How often it was revived since the start. */
  readonly revived: number
  /** What it waits for, or why it was refused. */
  readonly why?: string
}

interface Course {
  readonly isBegun: boolean
  readonly revived: number
}

export function statusOf(record: TaskRecord, now: Now, { isBegun, revived }: Course): TaskStatus {
  const state = isBegun ? 'reviving' : stateOf(record, now)
  const why =
    state === 'refused' ? refusalOf(record) : state === 'waiting' ? waitsFor(record, now) : undefined
  return { task: record.id, state, revived, ...(why !== undefined && { why }) }
}

function stateOf(record: TaskRecord, now: Now): TaskState {
  const { listed, live, missing } = record
  if (missing >= MISSING_FOR_GOOD) return 'gone'
  if (listed?.status === 'disabled') return 'disabled'
  if (refusalOf(record) !== undefined) return 'refused'
  if (listed ? isAlive(record) : live.size > 0) return 'alive'
  return isDue(record, now) ? 'queued' : 'waiting'
}

function waitsFor(record: TaskRecord, now: Now): string | undefined {
  const at = dueAt(record, now.wallMs)
  if (at === undefined) return undefined
  const what = record.restsUntil >= at ? 'it rests after a revival' : 'Kapacitor may be dialing for it'
  const seconds = Math.max(0, Math.ceil((at - now.monotonicMs) / 1000))
  const error = record.listed?.error ? `; Kapacitor says: ${record.listed.error}` : ''
  return `${what}, revived in ${seconds} s${error}`
}
