// The level of a point by the node's own conditions, by the rule of Kapacitor's alert node.
import type { Condition } from './condition/condition.ts'
import { Level } from './level.ts'
import type { Threshold } from './node-settings.ts'
import type { Scope } from './point.ts'

/**
 * The highest level above the current one whose condition holds; else the current one while its reset is false;
 * else the highest at or below it whose condition holds; else OK.
 * Undefined when no condition could be evaluated: such a point says nothing, not OK.
 * @param thresholds highest level first.
 */
export function levelByThresholds(
  thresholds: readonly Threshold[],
  scope: Scope,
  current: Level,
): Level | undefined {
  let evaluated = false
  let atOrBelow: Level = Level.ok
  for (const { level, conditions } of thresholds) {
    const holds = anyHolds(conditions, scope)
    evaluated ||= holds !== undefined
    if (!holds) continue
    if (level > current) return level
    atOrBelow = level
    break
  }
  if (!evaluated) return undefined
  const reset = thresholds.find(threshold => threshold.level === current)?.resets
  return reset && anyHolds(reset, scope) === false ? current : atOrBelow
}

/** True when one holds, false when one was evaluated and none holds, undefined when none could be evaluated. */
function anyHolds(conditions: readonly Condition[], scope: Scope): boolean | undefined {
  let result: boolean | undefined
  for (const condition of conditions) {
    const holds = condition.holds(scope)
    if (holds) return true
    if (holds === false) result = false
  }
  return result
}
