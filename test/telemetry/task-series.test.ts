// Series of tasks: from the first connection to the end of the task, and never without bound.
import test from 'ava'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { samplesOf } from './samples.ts'

const connections = (metrics: Metrics) => samplesOf(metrics, 'connections', 'task')

test('a task stands at zero while it is away, and is counted once for each connection', async t => {
  const metrics = new Metrics()
  metrics.tasks.started('cpu')
  metrics.tasks.started('cpu')
  metrics.tasks.started('disk')
  metrics.tasks.ended('cpu')
  metrics.tasks.ended('disk')
  t.deepEqual(await connections(metrics), { cpu: 1, disk: 0 })
  metrics.tasks.ended('cpu')
  metrics.tasks.started('disk')
  t.deepEqual(await connections(metrics), { cpu: 0, disk: 1 })
})

test("a task's points start from zero when it connects, so that a rate shows the first of them", async t => {
  const metrics = new Metrics()
  metrics.tasks.started('cpu')
  t.deepEqual(await samplesOf(metrics, 'points_total', 'task'), { cpu: 0 })
  t.deepEqual(await samplesOf(metrics, 'unlevelled_points_total', 'task'), { cpu: 0 })
  metrics.points.inc({ task: 'cpu' }, 7)
  metrics.tasks.started('cpu')
  t.deepEqual(await samplesOf(metrics, 'points_total', 'task'), { cpu: 7 })
})

test('all series of a task that Kapacitor no longer has are gone, but not while it is connected', async t => {
  const metrics = new Metrics()
  for (const task of ['deleted', 'disabled', 'replayed']) metrics.tasks.started(task)
  metrics.tasks.ended('deleted')
  metrics.tasks.ended('disabled')
  metrics.tasks.listed(task => task === 'disabled')
  t.deepEqual(await connections(metrics), { disabled: 0, replayed: 1 })
  t.deepEqual(await samplesOf(metrics, 'points_total', 'task'), { disabled: 0, replayed: 0 })
  metrics.tasks.ended('replayed')
  metrics.tasks.listed(task => task === 'disabled')
  t.deepEqual(Object.keys(await connections(metrics)), ['disabled'])
})

test('without a list of tasks a thousand that are away are kept, those that left last', async t => {
  const metrics = new Metrics()
  metrics.tasks.started('connected')
  for (let n = 0; n < 1200; n++) {
    metrics.tasks.started(`task-${n}`)
    metrics.tasks.ended(`task-${n}`)
  }
  const kept = Object.keys(await connections(metrics))
  t.is(kept.length, 1001)
  t.true(kept.includes('connected'))
  t.true(kept.includes('task-1199'))
  t.false(kept.includes('task-199'))
})
