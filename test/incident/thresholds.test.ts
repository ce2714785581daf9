// Kapacitor's rule for the level of a point, in all of its cases: each condition and each reset absent, true,
// false or impossible to evaluate, at each current level.
import test from 'ava'
import type { Condition } from '../../src/incident/condition/condition.ts'
import { LEVEL_NAMES, Level, levelName } from '../../src/incident/level.ts'
import type { Threshold } from '../../src/incident/node-settings.ts'
import { levelByThresholds } from '../../src/incident/thresholds.ts'
import { point, thresholds } from './points.ts'

type Outcome = 'absent' | 'impossible' | boolean
const OUTCOMES: readonly Outcome[] = ['absent', 'impossible', true, false]
const { ok, info, warning, critical } = Level
const DOWNWARD = [critical, warning, info] as const

const conditionOf = (outcome: Outcome): Condition[] =>
  outcome === 'absent'
    ? []
    : [{ source: String(outcome), reads: [], holds: () => (outcome === 'impossible' ? undefined : outcome) }]

/** What the three levels' conditions, or resets, come to; by level. */
type ByLevel = Readonly<Record<1 | 2 | 3, Outcome>>

const ALL: readonly ByLevel[] = OUTCOMES.flatMap(c =>
  OUTCOMES.flatMap(w => OUTCOMES.map(i => ({ 3: c, 2: w, 1: i }))),
)

function expected(conditions: ByLevel, resets: ByLevel, current: Level): Level | undefined {
  const holds = (level: Level): boolean => level !== ok && conditions[level] === true
  if (DOWNWARD.every(level => typeof conditions[level] !== 'boolean')) return undefined
  const above = DOWNWARD.find(level => level > current && holds(level))
  if (above !== undefined) return above
  if (current !== ok && conditions[current] !== 'absent' && resets[current] === false) return current
  return DOWNWARD.find(level => level <= current && holds(level)) ?? ok
}

for (const current of [ok, info, warning, critical])
  test(`from ${levelName(current)}, every outcome of conditions and resets`, t => {
    for (const conditions of ALL)
      for (const resets of ALL) {
        const given: Threshold[] = DOWNWARD.filter(level => conditions[level] !== 'absent').map(level => ({
          level,
          conditions: conditionOf(conditions[level]),
          resets: conditionOf(resets[level]),
        }))
        const found = levelByThresholds(given, point(), current)
        if (found === expected(conditions, resets, current)) continue
        t.is(found, expected(conditions, resets, current), JSON.stringify({ conditions, resets }))
      }
    t.pass()
  })

const walk = (given: readonly Threshold[], usages: readonly (number | undefined)[]): string[] => {
  let current: Level = ok
  return usages.map(usage => {
    const found = levelByThresholds(given, point({ fields: usage === undefined ? {} : { usage } }), current)
    if (found === undefined) return 'no level'
    current = found
    return LEVEL_NAMES[found]
  })
}

test('a reset keeps a level up until it holds', t => {
  const given = thresholds({ crit: '"usage" > 90', critReset: '"usage" < 50', warn: '"usage" > 70' })
  t.deepEqual(walk(given, [60, 80, 95, 80, 60, 50, 49, 80]), [
    'OK',
    'WARNING',
    'CRITICAL',
    'CRITICAL',
    'CRITICAL',
    'CRITICAL',
    'OK',
    'WARNING',
  ])
})

test('a point that says nothing leaves the level where it was', t => {
  const given = thresholds({ crit: '"usage" > 90', critReset: '"usage" < 50' })
  t.deepEqual(walk(given, [undefined, 95, undefined, 80, 20, undefined]), [
    'no level',
    'CRITICAL',
    'no level',
    'CRITICAL',
    'OK',
    'no level',
  ])
})

test('one condition that can be evaluated is enough for an OK', t => {
  const given = thresholds({ crit: '"load" > 8', warn: '"usage" > 70' })
  t.deepEqual(walk(given, [60]), ['OK'])
})

test('of several conditions of a level any may hold, also behind one that cannot be evaluated', t => {
  const given = thresholds({ crit: ['"load" > 8', '"usage" > 90', '"usage" < 1'] })
  t.deepEqual(walk(given, [95, 50, 0, undefined]), ['CRITICAL', 'OK', 'CRITICAL', 'no level'])
})

test('what one condition or reset says stands, when the next cannot be evaluated', t => {
  const given = thresholds({ crit: ['"usage" > 90', '"load" > 8'] })
  t.deepEqual(walk(given, [95, 50]), ['CRITICAL', 'OK'])
  const held = thresholds({ crit: '"usage" > 90', critReset: ['"usage" < 50', '"load" < 4'] })
  t.deepEqual(walk(held, [95, 80, 40]), ['CRITICAL', 'CRITICAL', 'OK'])
})
