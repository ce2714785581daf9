// What is known of one task that uses our functions, and what follows from it alone: whether it is alive, whether
// Kapacitor may be dialing for it, how long it rests between revivals.
import type { TaskAnswer } from './answers.ts'

/** A task as it was listed, with how often its script uses our functions. */
export type ListedTask = Pick<
  TaskAnswer,
  'id' | 'status' | 'executing' | 'error' | 'lastEnabled' | 'modified'
> & {
  readonly uses: number
}

/** That a node's Init was seen, for good: whoever starts anew after a crash goes by it. */
export interface InitNote {
  readonly task: string
  readonly node: string
  /** Wall clock, ms. */
  readonly at: number
  /** `last-enabled` of the task while the node was connected; absent as long as nobody looked. */
  readonly enabled?: string
  /** Why its script was refused. */
  readonly refused?: string
}

/** Both clocks, ms. */
export interface Now {
  readonly monotonicMs: number
  readonly wallMs: number
}

export interface TaskRecord {
  readonly id: string
  listed: ListedTask | undefined
  /** Nodes that are connected, and since when; monotonic clock, ms. */
  readonly live: Map<string, number>
  readonly notes: Map<string, InitNote>
  /** Since when it is seen dead without a break; monotonic clock, ms. */
  deadSince: number | undefined
  /** Since when it is alive; monotonic clock, ms. */
  aliveSince: number | undefined
  /** Revivals that did not last. */
  tries: number
  /** No revival before; monotonic clock, ms. */
  restsUntil: number
  /** Lists in a row that it was not in. */
  missing: number
  refusalTold: boolean
}

export const newRecord = (id: string): TaskRecord => ({
  id,
  listed: undefined,
  live: new Map(),
  notes: new Map(),
  deadSince: undefined,
  aliveSince: undefined,
  tries: 0,
  restsUntil: -Infinity,
  missing: 0,
  refusalTold: false,
})

/** Kapacitor dials at least once in 90 s (60 s, 50 % more): whoever heard nothing for longer heard that nobody dials. */
export const LISTEN_MS = 95_000
/** The nodes of a task that is being stopped leave one by one, and a Kapacitor that stops ends them all. */
const SETTLE_MS = 2000
/** A list may miss a task that moved to another page while it was read. */
export const MISSING_FOR_GOOD = 2
const FIRST_REST_MS = 10_000
const LONGEST_REST_MS = 600_000

export const isAlive = ({ live, listed }: TaskRecord): boolean =>
  listed !== undefined && live.size >= listed.uses

export function refusalOf({ notes }: TaskRecord): string | undefined {
  for (const { refused } of notes.values()) if (refused !== undefined) return refused
  return undefined
}

/**
 * Whether each of its nodes was heard since the task was enabled last: then none is being dialed for. `last-enabled` is
 * of Kapacitor's clock. Where it was read while a node was connected it only has to be the same still; else the clocks
 * are compared, which are one on a machine, and a note from the future is not trusted.
 */
export function allHeard({ notes, listed }: TaskRecord, wallMs: number): boolean {
  if (!listed) return false
  const heard = [...notes.values()].filter(({ enabled, at }) =>
    enabled === undefined
      ? at > Date.parse(listed.lastEnabled) && at <= wallMs
      : enabled === listed.lastEnabled,
  )
  return heard.length >= listed.uses
}

/** When it may be revived; monotonic clock, ms. Undefined: it need not be. */
export function dueAt(record: TaskRecord, wallMs: number): number | undefined {
  const { listed, deadSince, restsUntil } = record
  if (listed?.status !== 'enabled' || deadSince === undefined) return undefined
  if (refusalOf(record) !== undefined) return undefined
  const quiet = deadSince + (allHeard(record, wallMs) ? SETTLE_MS : LISTEN_MS)
  return Math.max(quiet, restsUntil)
}

/** A refusal of before the task was enabled last was of another script, or of another version of ours. */
export function dropOldRefusals({ notes, listed }: TaskRecord): void {
  const enabledAt = Date.parse(listed?.lastEnabled ?? '')
  for (const { node, refused, at } of notes.values())
    if (refused !== undefined && at < enabledAt) notes.delete(node)
}

/** It was revived: the next time is later, and later again. */
export function rest(record: TaskRecord, now: number): void {
  record.restsUntil = now + Math.min(FIRST_REST_MS * 2 ** record.tries, LONGEST_REST_MS)
  record.tries++
}

export function isDue(record: TaskRecord, now: Now): boolean {
  const at = dueAt(record, now.wallMs)
  return at !== undefined && at <= now.monotonicMs
}

/** It came back, or died. */
export function noteLife(record: TaskRecord, now: number): void {
  const needsLife = record.listed?.status === 'enabled'
  if (isAlive(record) || !needsLife) {
    record.deadSince = undefined
    record.aliveSince = isAlive(record) ? (record.aliveSince ?? now) : undefined
    if (record.aliveSince !== undefined && now - record.aliveSince >= LONGEST_REST_MS) record.tries = 0
    return
  }
  record.aliveSince = undefined
  record.deadSince ??= now
}
