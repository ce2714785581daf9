// What other processes ask for through the store: found by the daemon, answered in the transaction of its effect.
import test from 'ava'
import { Instructor } from '../../src/outbox/instructor.ts'
import { isOwned } from '../../src/outbox/owned.ts'
import { StoreReader } from '../../src/outbox/reader.ts'
import { NOW, newEvent, open, opening, openingCommit, reopened, rows, storePath } from './stored.ts'

test('an instruction is open until it is marked as done, over restarts too', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const instructor = Instructor.open(path)
  t.teardown(() => instructor.close())
  const id = instructor.ask('resolve', { endpoint: 'default', incident: 'cpu:1' }, NOW)
  const { outbox: next } = await reopened(t, outbox, path)
  t.deepEqual(await next.instructions(), [
    { id, kind: 'resolve', body: '{"endpoint":"default","incident":"cpu:1"}', answer: null },
  ])
  t.deepEqual(instructor.progress(id), { isDone: false, answer: undefined })
  const part = { id, answer: '{"step":1}', isDone: false }
  await next.commit({ at: NOW, changes: [], events: [], instruction: part })
  t.deepEqual(instructor.progress(id), { isDone: false, answer: { step: 1 } })
  t.is((await next.instructions())[0]?.answer, '{"step":1}')
  await next.commit({ at: NOW, changes: [], events: [], instruction: { id, answer: '{}', isDone: true } })
  t.deepEqual(instructor.progress(id), { isDone: true, answer: {} })
  t.deepEqual(await next.instructions(), [])
})

test('the effect of an instruction and its mark are one transaction', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const instructor = Instructor.open(path)
  t.teardown(() => instructor.close())
  const instruction = { id: instructor.ask('resolve', {}, NOW), answer: '{}', isDone: true }
  const twice = [opening(1), opening(1)]
  await t.throwsAsync(outbox.commit({ at: NOW, changes: twice, events: [newEvent(1, 1)], instruction }))
  t.false(instructor.progress(instruction.id).isDone)
  t.deepEqual(rows(path, 'SELECT * FROM event'), [])
})

test('a store that is not there is not made by those who only look or ask', async t => {
  const path = await storePath(t)
  t.throws(() => StoreReader.open(path), { code: 'absent' })
  t.throws(() => Instructor.open(path), { code: 'absent' })
  t.false(isOwned(path))
  t.throws(() => StoreReader.open(path), { code: 'absent' })
})

test('a daemon is seen by its lock, and looking never keeps another from starting', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  t.true(isOwned(path))
  await outbox.close()
  t.false(isOwned(path))
  for (let turn = 0; turn < 5; turn++) {
    const opening = open(t, path)
    for (let look = 0; look < 200; look++) isOwned(path)
    await (await opening).close()
  }
})

test('a mute is kept over a restart, and the story tells of it in order', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  await outbox.commit(openingCommit(1))
  const resolve = newEvent(2, 1, 'resolve')
  await outbox.commit({ at: NOW + 1, changes: [{ change: 'mute', opening: 1 }], events: [resolve] })
  const { loaded } = await reopened(t, outbox, path)
  t.true(loaded.incidents[0]?.muted)
  const store = StoreReader.open(path)
  t.teardown(() => store.close())
  t.deepEqual(
    store.story(1, 0, 10).map(({ what, seq }) => [what, seq]),
    [
      ['contributor', null],
      ['event', 1],
      ['muted', null],
      ['event', 2],
    ],
  )
})

test('events stand in the story behind the changes that made them, also where a commit holds many', async t => {
  const path = await storePath(t)
  const outbox = await open(t, path)
  const { changes } = openingCommit(1)
  const rise = { ...changes[1]!, level: 2 } as (typeof changes)[number]
  await outbox.commit({
    at: NOW,
    changes: [...changes, rise],
    events: [
      { ...newEvent(1, 1), after: 3 },
      { ...newEvent(2, 1), after: 4 },
    ],
  })
  const story = rows(path, 'SELECT what FROM story ORDER BY number').map(({ what }) => what)
  t.deepEqual(story, ['contributor', 'event', 'contributor', 'event'])
})
