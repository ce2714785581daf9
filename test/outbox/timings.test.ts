// What waits for its time is found again after a restart: held resolves, silence, and when something was told.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import { Level } from '../../src/incident/level.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import { contributor, incidentEvent, NOW, open, opening, reopened, storePath, told } from './stored.ts'

const EVENT = incidentEvent({ kind: 'resolve', level: 'OK' })
const hold = (number: number, dueAt: number): StateChange => ({
  change: 'hold',
  opening: number,
  dueAt,
  event: EVENT,
})

async function afterRestart(t: Parameters<typeof open>[0], ...commits: readonly StateChange[][]) {
  const path = await storePath(t)
  const outbox = await open(t, path)
  for (const changes of commits) await outbox.commit({ at: NOW, changes, events: [] })
  return (await reopened(t, outbox, path)).loaded.incidents
}

test('a held resolve comes back as it was, with the time at which it is due', async t => {
  const [incident] = await afterRestart(t, [opening(1), hold(1, NOW + 1)], [hold(1, NOW + 60_000)])
  t.deepEqual(incident?.held, { dueAt: NOW + 60_000, event: EVENT })
})

test('a resolve that is held no more is gone, and so is one whose incident closed', async t => {
  const [back, ...more] = await afterRestart(
    t,
    [opening(1), hold(1, NOW), opening(2), hold(2, NOW)],
    [
      { change: 'unhold', opening: 1 },
      { change: 'close', opening: 2 },
    ],
  )
  t.deepEqual(more, [])
  t.is(back?.opening, 1)
  t.false('held' in back!)
})

test('when something was told is known again, to tell it again in time', async t => {
  const [incident] = await afterRestart(t, [
    opening(1),
    { ...told(1, Level.info), at: NOW } as StateChange,
    { ...told(1, Level.critical), at: NOW + 5 } as StateChange,
  ])
  t.deepEqual(
    incident?.told.map(({ level, at }) => [level, at]),
    [[Level.critical, NOW + 5]],
  )
})

test('how long a contributor may be silent, and has been, is known again', async t => {
  const silence = { afterMs: 600_000, forMs: 0 }
  const watched = { ...contributor(1, 'host=a', Level.critical), silence } as StateChange
  const [incident] = await afterRestart(
    t,
    [opening(1), watched, contributor(1, 'host=b', Level.critical)],
    [{ change: 'silent', opening: 1, task: 'cpu_alert', node: 'squadcast2', group: 'host=a', forMs: 30_000 }],
  )
  const silences = new Map(incident?.contributors.map(found => [found.group, found.silence]))
  t.deepEqual(silences.get('host=a'), { ...silence, forMs: 30_000 })
  t.is(silences.get('host=b'), undefined)
})

test('whether a contributor recovers without a word is known again, and only of those that do', async t => {
  const quiet = { ...contributor(1, 'host=a', Level.critical), quietly: true } as StateChange
  const silence = { afterMs: 600_000, forMs: 0 }
  const both = { ...contributor(1, 'host=b', Level.info), quietly: true, silence } as StateChange
  const [incident] = await afterRestart(t, [opening(1), quiet, both, contributor(1, 'host=c', Level.warning)])
  const who = { task: 'cpu_alert', node: 'squadcast2' }
  t.deepEqual(incident?.contributors, [
    { ...who, group: 'host=a', level: Level.critical, quietly: true },
    { ...who, group: 'host=b', level: Level.info, silence, quietly: true },
    { ...who, group: 'host=c', level: Level.warning },
  ])
})

test('a contributor whose options changed has the last ones', async t => {
  const silence = { afterMs: 600_000, forMs: 0 }
  const shorter = { afterMs: 60_000, forMs: 0 }
  const plain = contributor(1, 'host=a', Level.critical)
  const [first] = await afterRestart(t, [
    opening(1),
    { ...plain, silence, quietly: true } as StateChange,
    { ...plain, silence: shorter } as StateChange,
  ])
  t.deepEqual(first?.contributors[0]?.silence, shorter)
  t.false('quietly' in first!.contributors[0]!)
  const [second] = await afterRestart(t, [opening(1), { ...plain, silence } as StateChange, plain])
  t.false('silence' in second!.contributors[0]!)
})

test('silence by a clock that counts fractions of a millisecond can be stored', async t => {
  const silence = { afterMs: 600_000, forMs: 0 }
  const book = new Book([
    {
      opening: 1,
      endpoint: 'default',
      id: 'cpu:1',
      openedTime: 1n,
      contributors: [
        { task: 'cpu_alert', node: 'squadcast2', group: 'host=a', level: Level.critical, silence },
      ],
      told: [],
    },
  ])
  const { remember } = book.passSilence(12_345.678, () => true)
  t.is(remember.length, 1)
  const watched = { ...contributor(1, 'host=a', Level.critical), silence } as StateChange
  const [incident] = await afterRestart(t, [opening(1), watched], remember)
  t.is(incident?.contributors[0]?.silence?.forMs, 12_346)
})
