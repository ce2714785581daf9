// Which event goes first when not all can: CRITICAL triggers, the newest first; then resolves and then the
// rest, the oldest first. Pure.
import { Level } from '../incident/level.ts'
import type { PendingEvent } from './ledger.ts'

type Ranked = Pick<PendingEvent, 'kind' | 'level' | 'seq'>

/** A CRITICAL trigger: the only kind that may use the last tenth of the budget. */
export const isCritical = (event: Ranked): boolean =>
  event.kind === 'trigger' && event.level === Level.critical

function rankOf(event: Ranked): number {
  if (isCritical(event)) return 0
  return event.kind === 'resolve' ? 1 : 2
}

/** Negative when `a` goes before `b`. */
export function byUrgency(a: Ranked, b: Ranked): number {
  const rank = rankOf(a)
  const difference = rank - rankOf(b)
  if (difference !== 0) return difference
  return rank === 0 ? b.seq - a.seq : a.seq - b.seq
}
