// How long a contributor has been silent, for those that recover by silence, and what of it the store knows. Whether
// it could be heard, and what follows from its silence, is decided elsewhere.
import type { Contributor } from './contributors.ts'
import type { StateChange } from './state-change.ts'

/** How far the store may lag behind a silence that grows, ms. */
const REMEMBER_EVERY_MS = 10_000

/** A point came: the silence is over. */
export function hear({ silence }: Contributor): void {
  if (!silence) return
  silence.forMs = 0
  silence.spoke = true
}

/**
 * Time passed. It counts where nothing was said all through it: a point at its end must not be taken for one at its
 * beginning. True when the contributor has been silent for as long as it may.
 */
export function grow({ silence }: Contributor, byMs: number, isHeard: boolean): boolean {
  if (!silence) return false
  const { spoke } = silence
  silence.spoke = false
  if (spoke || !isHeard) return false
  silence.forMs = Math.min(silence.forMs + byMs, silence.afterMs)
  return silence.forMs === silence.afterMs
}

/** What the store has to know: that a silence is over, always; that it grows, every now and then. */
export function toRemember({ who, incident, silence }: Contributor): StateChange | undefined {
  if (!silence) return undefined
  const unknownMs = silence.forMs - silence.stored
  if (unknownMs >= 0 && unknownMs < REMEMBER_EVERY_MS) return undefined
  // The clock counts fractions of a millisecond, the store does not.
  silence.stored = Math.round(silence.forMs)
  const { task, node, group } = who
  return { change: 'silent', opening: incident.opening, task, node, group, forMs: silence.stored }
}
