// The status of a sidecar, as what a restart of it would cost.
import test from 'ava'
import { costOf } from '../../src/app/restart-cost.ts'
import type { NodeView, TaskView } from '../../src/app/status-view.ts'

const NODE: NodeView = {
  ...{ node: 'squadcast2', endpoint: 'default', connectedAt: '2026-05-28T12:00:00.000Z' },
  ...{ points: 1, pointsPerSecond: 0, withoutLevels: false },
}
const task = (name: string, nodes: readonly NodeView[]): TaskView => ({
  ...{ task: name, state: nodes.length > 0 ? 'alive' : 'waiting', revived: 0, nodes },
})

test('connections are counted, and the tasks that have one', t => {
  const standing = {
    tasks: [task('cpu', [NODE, { ...NODE, node: 'squadcast4' }]), task('disk', [NODE]), task('dead', [])],
    ...{ connections: 3, incidents: { open: 3, byLevel: { CRITICAL: 3 } }, pending: 5, durable: true },
  }
  t.deepEqual(costOf(standing), {
    ...{ tasks: 2, connections: 3, openIncidents: 3, pendingEvents: 5, durable: true },
  })
  t.false(costOf({ ...standing, durable: false }).durable)
})
