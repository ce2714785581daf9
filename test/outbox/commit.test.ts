// What was committed is what the next daemon finds.
import test from 'ava'
import { Level } from '../../src/incident/level.ts'
import type { OpenIncident } from '../../src/incident/state-change.ts'
import {
  contributor,
  incidentEvent,
  loadAll,
  NOW,
  newEvent,
  open,
  opening,
  openingCommit,
  reopened,
  rows,
  settlement,
  storePath,
  told,
} from './stored.ts'

test('an empty store is loaded as such', async t => {
  const outbox = await open(t, await storePath(t))
  t.deepEqual(await loadAll(outbox), {
    lastSeq: 0,
    lastOpening: 0,
    pendingCount: 0,
    incidents: [],
    pending: [],
    receivedOpenings: [],
    recentAttempts: [],
    outages: [],
  })
})

test('an open incident is read back with its contributors, what was told, and its time to the nanosecond', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const openedTime = 9_007_199_254_740_993n
  await outbox.commit({
    at: NOW,
    changes: [
      opening(7, 'cpu/é🔥', openedTime),
      contributor(7, 'host=a', Level.warning),
      contributor(7, 'cpu\nhost=b', Level.critical, 'other_task'),
      told(7, Level.warning),
      told(7, Level.critical, 'other_task'),
    ],
    events: [],
  })
  const { loaded } = await reopened(t, outbox, path)
  const [incident, ...more] = loaded.incidents
  t.deepEqual(more, [])
  t.like(incident, { opening: 7, endpoint: 'default', id: 'cpu/é🔥', openedTime })
  t.deepEqual(contributorsOf(incident!), [
    'cpu_alert squadcast2 host=a 2',
    'other_task squadcast2 cpu\nhost=b 3',
  ])
  t.deepEqual(toldOf(incident!), ['cpu_alert 2', 'other_task 3'])
  t.is(loaded.lastOpening, 7)
})

const contributorsOf = ({ contributors }: OpenIncident): string[] =>
  contributors.map(({ task, node, group, level }) => `${task} ${node} ${group} ${level}`).sort()

const toldOf = (incident: OpenIncident): string[] =>
  incident.told.map(({ task, level }) => `${task} ${level}`).sort()

test('each of many incidents has its own contributors and what was told, in whatever order they came', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const numbers = [5, 1, 9, 3, 7, 2]
  const groups = (number: number) => ['host=b', 'host=a', 'host=c'].slice(0, number % 4)
  for (const number of numbers) await outbox.commit({ at: NOW, changes: [opening(number)], events: [] })
  for (const number of numbers.toReversed()) {
    const changes = [
      ...groups(number).map(group => contributor(number, group, Level.warning, `task_${number}`)),
      ...(number % 2 ? [told(number, Level.info, 'b'), told(number, Level.critical, 'a')] : []),
    ]
    await outbox.commit({ at: NOW, changes, events: [] })
  }
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(
    loaded.incidents.map(incident => [incident.opening, contributorsOf(incident), toldOf(incident)]),
    numbers
      .toSorted((a, b) => a - b)
      .map(number => [
        number,
        groups(number)
          .map(group => `task_${number} squadcast2 ${group} 2`)
          .sort(),
        number % 2 ? ['a 3', 'b 1'] : [],
      ]),
  )
})

test('what was loaded may be gone through again', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  const { incidents } = await outbox.load(NOW, NOW)
  t.is(incidents.length, 1)
  t.deepEqual([...incidents], [...incidents])
})

test('a contributor that changes keeps its last level, one that recovers is gone', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const changes = [
    opening(1),
    contributor(1, 'host=a', Level.info),
    contributor(1, 'host=b', Level.info),
    contributor(1, 'host=a', Level.critical),
    contributor(1, 'host=b', Level.ok),
    told(1, Level.info),
    told(1, Level.critical),
  ]
  await outbox.commit({ at: NOW, changes, events: [] })
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(contributorsOf(loaded.incidents[0]!), ['cpu_alert squadcast2 host=a 3'])
  t.deepEqual(toldOf(loaded.incidents[0]!), ['cpu_alert 3'])
})

test('what was told and is told no more is forgotten, of that task alone', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const changes = [opening(1), told(1, Level.critical), told(1, Level.info, 'other_task'), told(1, Level.ok)]
  await outbox.commit({ at: NOW, changes, events: [] })
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(toldOf(loaded.incidents[0]!), ['other_task 1'])
})

test('an incident that closed is open no more, its numbers are not used again, and it may open anew', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  await outbox.commit({
    at: NOW,
    changes: [contributor(1, 'host=a', Level.ok), { change: 'close', opening: 1 }],
    events: [newEvent(2, 1, 'resolve')],
  })
  const first = await reopened(t, outbox, path)
  t.deepEqual(first.loaded.incidents, [])
  t.deepEqual([first.loaded.lastOpening, first.loaded.lastSeq], [1, 2])
  await first.outbox.commit({ at: NOW, changes: [opening(2, 'cpu:1')], events: [] })
  const { loaded } = await reopened(t, first.outbox, path)
  t.deepEqual(
    loaded.incidents.map(({ opening: number, id, told: known }) => [number, id, known]),
    [[2, 'cpu:1', []]],
  )
})

test('an event waits with all that delivery has to know of it, in the order of its seq', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit({ ...openingCommit(2), at: NOW + 5 })
  await outbox.commit(openingCommit(1))
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual(
    loaded.pending.map(({ seq }) => seq),
    [1, 2],
  )
  t.deepEqual(loaded.pending[1], {
    seq: 2,
    endpoint: 'default',
    incident: 'cpu:2',
    task: 'cpu_alert',
    opening: 2,
    kind: 'trigger',
    level: Level.critical,
    createdAt: NOW + 5,
    attempts: 0,
    certain: true,
    bare: false,
    openingReceived: false,
  })
})

test('an event comes back from its claim as it was, integers exact to 64 bits', async t => {
  const outbox = await open(t, await storePath(t))
  await outbox.commit(openingCommit(1))
  const [claim] = await outbox.claim([1], NOW)
  t.is(claim?.seq, 1)
  t.deepEqual(claim?.event, incidentEvent({ message: 'event 1' }))
})

test('a state that cannot be stored takes its event with it', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  // The incident is open already, so it cannot be opened again.
  const wrong = { at: NOW, changes: [opening(2, 'cpu:1')], events: [newEvent(2, 2)] }
  await t.throwsAsync(outbox.commit(wrong), { message: /UNIQUE/ })
  t.deepEqual(rows(path, 'SELECT seq FROM event'), [{ seq: 1 }])
  t.deepEqual(rows(path, 'SELECT opening FROM incident'), [{ opening: 1 }])
})

test('an event that cannot be stored takes its state with it', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  const wrong = { at: NOW, changes: [opening(2)], events: [newEvent(1, 2)] }
  await t.throwsAsync(outbox.commit(wrong), { code: 'our-fault' })
  const { loaded } = await reopened(t, outbox, path)
  t.deepEqual([loaded.lastOpening, loaded.lastSeq], [1, 1])
})

test('a commit is on the disk when its promise is kept: another program sees it', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  t.deepEqual(rows(path, 'SELECT seq, state FROM event'), [{ seq: 1, state: 'pending' }])
  t.deepEqual(rows(path, 'PRAGMA journal_mode'), [{ journal_mode: 'wal' }])
})

test('requests take effect in the order in which they were asked for', async t => {
  const outbox = await open(t, await storePath(t))
  const [, claims, , again, , last] = await Promise.all([
    outbox.commit(openingCommit(1)),
    outbox.claim([1, 2], NOW),
    outbox.commit(openingCommit(2)),
    outbox.claim([2], NOW),
    outbox.settle([settlement(1, 1)]),
    outbox.claim([1, 2], NOW),
  ])
  const seqs = [claims, again, last].map(found => found.map(({ seq }) => seq))
  t.deepEqual(seqs, [[1], [2], [2]])
})
