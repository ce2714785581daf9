// The last hour in steps, and what one node's traffic says.
import test from 'ava'
import { FeedCounts, History } from '../../src/app/history.ts'
import { Traffic } from '../../src/app/traffic.ts'

const NOTHING = { points: 0, triggers: 0, resolves: 0, delivered: 0, failed: 0 }
const CALM = { pending: 0, oldestPendingSeconds: 0, openIncidents: 0 }

test('a step has what was added in it, and what was there at its end', t => {
  const history = new History()
  history.step({ ...NOTHING, points: 100, triggers: 1 }, { ...CALM, pending: 1, openIncidents: 1 }, 10_000)
  history.step({ ...NOTHING, points: 250, triggers: 1, resolves: 1, delivered: 2 }, CALM, 20_000)
  const { everySeconds, until, series } = history.view()
  t.is(everySeconds, 10)
  t.is(until, '1970-01-01T00:00:20.000Z')
  t.deepEqual(series.points, [100, 150])
  t.deepEqual(series.triggers, [1, 0])
  t.deepEqual(series.delivered, [0, 2])
  t.deepEqual(series.pending, [1, 0])
  t.deepEqual(series.openIncidents, [1, 0])
})

test('an hour is kept and no more', t => {
  const history = new History()
  for (let n = 1; n <= 400; n++) history.step({ ...NOTHING, points: n * n }, CALM, n * 10_000)
  const { points } = history.view().series
  t.is(points.length, 360)
  t.is(points[0], 41 * 41 - 40 * 40)
})

test('a failed attempt counts once, whatever came of it', t => {
  const counts = new FeedCounts()
  for (const event of ['trigger', 'retrying', 'blocked', 'limited', 'refused', 'dead-letter', 'delivered'])
    counts.hear({ event })
  counts.hear({ event: 'node-started' })
  t.like(counts, { triggers: 1, resolves: 0, delivered: 1, failed: 5 })
})

test('the rate of a node is that of the last ten to twenty seconds', t => {
  const traffic = new Traffic(0)
  t.is(traffic.perSecond(0), 0)
  traffic.count({ points: 100, unlevelled: 0 }, 1)
  t.is(traffic.perSecond(5_000), 20)
  traffic.mark(10_000)
  t.is(traffic.perSecond(10_000), 10)
  traffic.mark(20_000)
  t.is(traffic.perSecond(20_000), 0, 'nothing came since the first mark')
  traffic.count({ points: 50, unlevelled: 0 }, 2)
  t.is(traffic.perSecond(25_000), 50 / 15)
})

test('one level is enough, however many points come without', t => {
  const traffic = new Traffic(0)
  t.false(traffic.isWithoutLevels, 'nothing came')
  traffic.count({ points: 3, unlevelled: 3 }, 1)
  t.true(traffic.isWithoutLevels)
  traffic.count({ points: 1, unlevelled: 0 }, 2)
  traffic.count({ points: 9, unlevelled: 9 }, 3)
  t.false(traffic.isWithoutLevels)
  t.is(traffic.lastAt, 3)
})
