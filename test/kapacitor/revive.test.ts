// Which task is revived when, step by step, by the state machine alone.
import test from 'ava'
import { Revival } from '../../src/kapacitor/revive.ts'
import type { ListedTask, Now } from '../../src/kapacitor/task-record.ts'

const WALL = Date.UTC(2026, 0, 1)
const at = (monotonicMs: number, jumpMs = 0): Now => ({ monotonicMs, wallMs: WALL + monotonicMs + jumpMs })
const instant = (ms: number): string => new Date(WALL + ms).toISOString()

const task = (rest: Partial<ListedTask> = {}): ListedTask => ({
  ...{ id: 'cpu', status: 'enabled', executing: true, error: '', uses: 1 },
  ...{ lastEnabled: instant(-60_000), modified: instant(-60_000), ...rest },
})

/** Lists at a moment; what is to be done then. */
function look(revival: Revival, listed: readonly ListedTask[], now: Now): string[] {
  revival.listed(listed, now.monotonicMs, now)
  return revival.steps(now).map(step => `${step.do} ${step.task}`)
}

/** A daemon that starts on what one left that had heard the task. */
const afterRestart = (enabled = instant(-60_000)): Revival =>
  new Revival([{ task: 'cpu', node: 'squadcast2', at: WALL - 50_000, enabled }])

test('a task that was heard since it was enabled is revived at once', t => {
  const revival = afterRestart()
  t.deepEqual(look(revival, [task()], at(0)), [])
  t.is(revival.nextDueIn(at(0)), 2000)
  t.deepEqual(look(revival, [task()], at(2000)), ['disable cpu'])
})

test('one that was enabled since may be dialed for, for 95 s', t => {
  const revival = afterRestart()
  const again = task({ lastEnabled: instant(-10), modified: instant(-10) })
  t.deepEqual(look(revival, [again], at(0)), [])
  t.deepEqual(look(revival, [again], at(94_999)), [])
  t.deepEqual(look(revival, [again], at(95_000)), ['disable cpu'])
})

test('one that was never heard is revived after 95 s, and again from the start when it is enabled meanwhile', t => {
  const revival = new Revival()
  look(revival, [task()], at(0))
  const again = task({ lastEnabled: instant(50_000), modified: instant(50_000) })
  t.deepEqual(look(revival, [again], at(90_000)), [])
  t.deepEqual(look(revival, [again], at(184_000)), [])
  t.deepEqual(look(revival, [again], at(185_000)), ['disable cpu'])
})

test('where only one of two nodes was heard, Kapacitor may be dialing for the other', t => {
  const revival = afterRestart()
  t.deepEqual(look(revival, [task({ uses: 2 })], at(0)), [])
  t.deepEqual(look(revival, [task({ uses: 2 })], at(10_000)), [])
  t.deepEqual(look(revival, [task({ uses: 2 })], at(95_000)), ['disable cpu'])
})

test('when Kapacitor has started, nothing that was heard before counts', t => {
  const revival = afterRestart()
  look(revival, [task()], at(0))
  revival.kapacitorStarted(at(1000))
  t.deepEqual(look(revival, [task()], at(5000)), [])
  t.deepEqual(look(revival, [task()], at(99_999)), [])
  t.deepEqual(look(revival, [task()], at(100_000)), ['disable cpu'])
})

test('an Init that nobody could compare with a list counts by the clock, unless it is of the future', t => {
  const noted = (ms: number) => new Revival([{ task: 'cpu', node: 'squadcast2', at: WALL + ms }])
  for (const [ms, steps] of [
    [-59_000, ['disable cpu']],
    [-61_000, []],
    [3_600_000, []],
  ] as const) {
    const revival = noted(ms)
    look(revival, [task()], at(0))
    t.deepEqual(look(revival, [task()], at(2000)), [...steps], String(ms))
  }
})

test('what is alive, disabled or refused is let be', t => {
  const revival = new Revival()
  revival.started('cpu', 'squadcast2', at(0))
  t.deepEqual(look(revival, [task()], at(200_000)), [])
  t.deepEqual(look(revival, [task({ id: 'off', status: 'disabled' })], at(400_000)), [])
  revival.refused('no', 'squadcast2', 'a wrong option', at(400_000))
  const refused = task({ id: 'no', executing: false })
  t.deepEqual(look(revival, [refused], at(400_000)), [])
  t.deepEqual(look(revival, [refused], at(600_000)), [])
  t.deepEqual(revival.newlyRefused(), [{ task: 'no', reason: 'a wrong option' }])
  t.deepEqual(revival.newlyRefused(), [])
  t.is(revival.status(at(600_000)).find(status => status.task === 'no')?.why, 'a wrong option')
})

test('a script that was refused is given another chance when it is enabled anew', t => {
  const revival = new Revival()
  revival.refused('cpu', 'squadcast2', 'a wrong option', at(0))
  look(revival, [task()], at(1000))
  t.is(revival.status(at(1000))[0]?.state, 'refused')
  const mended = task({ lastEnabled: instant(5000), modified: instant(5000) })
  t.deepEqual(look(revival, [mended], at(6000)), [])
  t.deepEqual(look(revival, [mended], at(101_000)), ['disable cpu'])
})

test('at most four are revived at a time', t => {
  const ids = Array.from({ length: 10 }, (_, n) => `t${n}`)
  const revival = new Revival(
    ids.map(id => ({ task: id, node: 'squadcast2', at: WALL, enabled: instant(-60_000) })),
  )
  const all = ids.map(id => task({ id }))
  look(revival, all, at(0))
  t.is(look(revival, all, at(2000)).length, 4)
  revival.done('t1', 'enabled', at(3000))
  t.deepEqual(
    revival.steps(at(3000)).map(({ task }) => task),
    ['t4'],
  )
})

test('one that dies again and again rests longer and longer, from 10 s to 10 min', t => {
  const revival = new Revival()
  const rests: number[] = []
  let now = 0
  for (let count = 0; count < 9; count++) {
    const enabled = { lastEnabled: instant(now), modified: instant(now) }
    const from = now
    revival.started('cpu', 'squadcast2', at(now))
    look(revival, [task(enabled)], at(now + 1))
    revival.ended('cpu', 'squadcast2', at(now + 2))
    for (now += 3; look(revival, [task(enabled)], at(now)).length === 0; ) now += 1000
    rests.push(Math.round((now - from) / 1000))
    revival.done('cpu', 'enabled', at(now))
  }
  t.deepEqual(rests, [2, 10, 20, 40, 80, 160, 320, 600, 600])
})

test('what the last daemon left half done is finished, and what somebody touched since is not', t => {
  const note = { task: 'cpu', at: WALL - 30_000, before: instant(-60_000), disabled: instant(-29_000) }
  const disabled = task({ status: 'disabled', executing: false, modified: instant(-29_000) })
  t.deepEqual(look(new Revival([], [note]), [disabled], at(0)), ['enable cpu'])
  const touched = { ...disabled, modified: instant(-5000) }
  const revival = new Revival([], [note])
  t.deepEqual(revival.listed([touched], 0, at(0)).over, ['cpu'])
  t.deepEqual(revival.steps(at(0)), [])
})

test('where the answer of the PATCH was lost, the time of the change tells whose it was', t => {
  const note = { task: 'cpu', at: WALL - 30_000, before: instant(-60_000) }
  const disabled = (ms: number): ListedTask =>
    task({ status: 'disabled', executing: false, modified: instant(ms) })
  t.deepEqual(look(new Revival([], [note]), [disabled(-29_500)], at(0)), ['enable cpu'])
  t.deepEqual(look(new Revival([], [note]), [disabled(-10_000)], at(0)), [])
  t.deepEqual(look(new Revival([], [note]), [disabled(-60_000)], at(0)), [])
})

test('a task that is deleted is forgotten, and not because one list missed it', t => {
  const revival = afterRestart()
  look(revival, [task()], at(0))
  t.deepEqual(revival.listed([], 10_000, at(10_000)).gone, [])
  t.deepEqual(revival.listed([], 20_000, at(20_000)).gone, ['cpu'])
  t.deepEqual(revival.status(at(20_000)), [])
})

test('a task that waits says for what, and what Kapacitor says', t => {
  const revival = new Revival()
  look(revival, [task({ executing: false, error: 'broken pipe' })], at(0))
  t.deepEqual(revival.status(at(5000)), [
    {
      ...{ task: 'cpu', state: 'waiting', revived: 0 },
      why: 'Kapacitor may be dialing for it, revived in 90 s; Kapacitor says: broken pipe',
    },
  ])
})
