// The note of a revival that has begun, kept on disk from before its first PATCH until after its second; and what can be
// told by it after a crash in between.
import type { ListedTask } from './task-record.ts'

export interface RevivalNote {
  readonly task: string
  /** When it was to be disabled; wall clock, ms. */
  readonly at: number
  /** `modified` before that. */
  readonly before: string
  /** `modified` after it was disabled by us; absent: unknown. */
  readonly disabled?: string
}

/** How long after its note a PATCH of ours can arrive: what a request is given, and a little. */
const PATCH_WITHIN_MS = 12_000

/** Whether a disabled task was disabled by us. Where the answer of our PATCH was lost, its time has to tell. */
export function isOurs({ at, before, disabled }: RevivalNote, { modified }: ListedTask): boolean {
  if (disabled !== undefined) return modified === disabled
  const modifiedAt = Date.parse(modified)
  // Kapacitor tells more digits than fit.
  return modified !== before && modifiedAt >= at - 1 && modifiedAt <= at + PATCH_WITHIN_MS
}

/** Whether a PATCH of ours may still arrive. @param wallMs wall clock. */
export const isRecent = ({ at }: RevivalNote, wallMs: number): boolean =>
  wallMs >= at && wallMs - at <= PATCH_WITHIN_MS
