// What counts as a status: what a sidecar of any version says, and nothing that a command could not read.
import test from 'ava'
import { parkedStatus } from '../../src/app/parked-status.ts'
import { isStatus } from '../../src/app/status-shape.ts'

const STATUS = parkedStatus('why', Date.parse('2026-05-28T12:00:00Z'), 0)
const TASK = { task: 'cpu', state: 'alive', revived: 0, nodes: [] }

test('a status is one, also with fields and words of a version to come', t => {
  t.true(isStatus(STATUS))
  t.true(isStatus({ ...STATUS, more: 1, tasks: [{ ...TASK, state: 'resting', more: [] }] }))
  t.true(isStatus({ ...STATUS, kapacitor: { reachable: null } }))
})

test('what has other values where a command reads is none', t => {
  for (const other of [null, undefined, [], 'fine', {}]) t.false(isStatus(other))
  for (const wrong of [
    ...[{ state: 'constructor' }, { sentence: 1 }, { problems: [null] }, { problems: [{ text: 'a' }] }],
    ...[
      { tasks: [{ ...TASK, nodes: 1 }] },
      { pending: '1' },
      { incidents: { open: 0, byLevel: { OK: '1' } } },
    ],
  ])
    t.false(isStatus({ ...STATUS, ...wrong }), JSON.stringify(wrong))
})
