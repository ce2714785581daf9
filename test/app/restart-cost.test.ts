// The metrics of a sidecar, as what a restart of it would cost.
import test from 'ava'
import { costOf } from '../../src/app/restart-cost.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'

test('connections are counted, and the tasks that have one; a task whose name tries to look like a value too', async t => {
  const metrics = new Metrics()
  metrics.observe({
    openIncidents: () => 3,
    endpoints: () =>
      [4, 1].map((pending, at) => ({ name: `e${at}`, pending, oldestPendingSeconds: 9, isUp: true })),
  })
  metrics.connections.set({ task: 'cpu' }, 2)
  metrics.connections.set({ task: '"} 7\nkapacitor_squadcast_open_incidents 99' }, 1)
  metrics.connections.set({ task: 'gone' }, 0)
  t.deepEqual(costOf(await metrics.registry.metrics()), {
    tasks: 2,
    connections: 3,
    openIncidents: 3,
    pendingEvents: 5,
    durable: true,
  })
  metrics.durable.set(0)
  t.false(costOf(await metrics.registry.metrics())?.durable)
})

test('the metrics of something else are not taken for those of a sidecar', t => {
  t.is(costOf('# HELP up it is\nup 1\nconnections 7\n'), undefined)
  t.is(costOf('<html>'), undefined)
})
