// What is noted of Kapacitor's tasks, over a restart of the daemon and while the disk takes nothing.
import test from 'ava'
import type { TaskNote } from '../../src/outbox/task-notes.ts'
import { NOW, open, storePath } from './stored.ts'

const INIT = { task: 'cpu', node: 'squadcast2', at: NOW }
const ENABLED = '2026-01-01T00:00:00.123456789Z'
const REVIVAL = { task: 'cpu', at: NOW, before: ENABLED }

test('notes are there after a restart, each as it was last', async t => {
  const path = await storePath(t)
  const first = await open(t, path)
  t.deepEqual(await first.notes(), { inits: [], revivals: [], startedAfter: 0 })
  await first.note([
    { note: 'started', opening: 7 },
    { note: 'init', ...INIT },
    { note: 'init', ...INIT, enabled: ENABLED },
    { note: 'init', ...INIT, node: 'squadcast4', refused: 'a wrong option' },
    { note: 'revival', ...REVIVAL },
    { note: 'revival', ...REVIVAL, disabled: ENABLED },
    { note: 'revival', ...REVIVAL, task: 'mem' },
    { note: 'over', task: 'mem' },
  ])
  await first.close()
  const second = await open(t, path)
  t.deepEqual(await second.notes(), {
    inits: [
      { ...INIT, enabled: ENABLED },
      { ...INIT, node: 'squadcast4', refused: 'a wrong option' },
    ],
    revivals: [{ ...REVIVAL, disabled: ENABLED }],
    startedAfter: 7,
  })
})

for (const [what, note] of [
  ['a start of Kapacitor', { note: 'started', opening: 9 }],
  ['the end of the task', { note: 'gone', task: 'cpu' }],
] as const satisfies [string, TaskNote][])
  test(`Inits do not outlive ${what}`, async t => {
    const outbox = await open(t, await storePath(t))
    await outbox.note([{ note: 'init', ...INIT, at: NOW + 0.7 }, note])
    t.deepEqual((await outbox.notes()).inits, [])
  })
