// The sum of what was told, and when points are due.
import test from 'ava'
import type { LevelName } from '../../src/incident/level.ts'
import { Pace } from '../../src/replay/pace.ts'
import { byLevel, Summary } from '../../src/replay/summary.ts'

let second = 0n
const told = (incident: string, level: LevelName, previousLevel?: LevelName) => ({
  ...{ incident, level, message: '', time: second++ },
  ...(previousLevel && { previousLevel }),
})

test('what is told is an opening, an escalation, the same again, or a resolve', t => {
  const summary = new Summary()
  const steps = [
    ...['WARNING', 'CRITICAL', 'CRITICAL', 'WARNING', 'OK', 'INFO'].map(level =>
      summary.take(told('a', level as LevelName)),
    ),
  ]
  t.deepEqual(steps, ['opened', 'escalated', 'told again', 'told again', 'resolved', 'opened'])
  t.deepEqual(summary.steps, { opened: 2, escalated: 1, 'told again': 2, resolved: 1 })
})

test('an incident that closes without a word is seen by its next opening', t => {
  const knows = new Summary(true)
  t.is(knows.take(told('a', 'CRITICAL', 'OK')), 'opened')
  t.is(knows.take(told('a', 'CRITICAL', 'OK')), 'opened')
  t.is(knows.take(told('a', 'CRITICAL', 'CRITICAL')), 'told again')
  const guesses = new Summary(true)
  t.deepEqual(
    ['WARNING', 'CRITICAL', 'CRITICAL'].map(level => guesses.take(told('a', level as LevelName))),
    ['opened', 'escalated', 'opened'],
  )
})

test('what is open is listed in the order of opening, counted by level', t => {
  const summary = new Summary()
  for (const [id, level] of [
    ['b', 'WARNING'],
    ['a', 'CRITICAL'],
    ['c', 'INFO'],
    ['b', 'CRITICAL'],
    ['c', 'OK'],
  ] as const)
    summary.take(told(id, level))
  const open = summary.open()
  t.deepEqual(
    open.map(({ incident }) => incident),
    ['b', 'a'],
  )
  t.deepEqual(byLevel(open), [['CRITICAL', 2]])
})

test('the busiest ids come first, and those that open too often are named', t => {
  const summary = new Summary()
  for (let round = 0; round < 4; round++)
    for (const level of ['CRITICAL', 'OK'] as const) summary.take(told('flaps', level))
  summary.take(told('calm', 'WARNING'))
  t.deepEqual(summary.busiest(1), [{ incident: 'flaps', opened: 4, told: 8 }])
  t.deepEqual(summary.flapping(3), [{ incident: 'flaps', opened: 4, told: 8 }])
  t.deepEqual(summary.flapping(4), [])
  t.is(summary.ids, 2)
})

test('points are due by the data’s clock, made faster; what is older than another is due at once', t => {
  const pace = new Pace(10)
  const second = 1_000_000_000n
  t.is(pace.waitFor(100n * second, 5_000), 0)
  t.is(pace.waitFor(160n * second, 5_000), 6_000)
  t.is(pace.waitFor(160n * second, 9_000), 2_000)
  t.is(pace.waitFor(130n * second, 11_500), 0)
  t.is(pace.waitFor(99n * second, 5_000), 0)
  t.is(new Pace(Number.POSITIVE_INFINITY).waitFor(10n ** 18n, 0), 0)
})
