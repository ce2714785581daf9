// How often the fallback is used, and how it rests after failures.
import test from 'ava'
import { FallbackPace, type FallbackStep, MOST_SINGLES } from '../../src/watch/fallback-pace.ts'

const MINUTE = 60_000

/** What is told while `untaken` are left, one step each second of some minutes. */
function steps(pace: FallbackPace, untaken: () => number, minutes: number, from = 0): FallbackStep[] {
  const told: FallbackStep[] = []
  for (let now = from; now < from + minutes * MINUTE; now += 1000) {
    const step = pace.next(untaken(), now)
    if (!step) continue
    pace.told(step, now)
    told.push(step)
  }
  return told
}

test('a storm is some one by one and a summary, and no more than a summary every five minutes', t => {
  const pace = new FallbackPace()
  const first = steps(pace, () => 10_000, 6)
  t.deepEqual(first, [...Array<FallbackStep>(MOST_SINGLES).fill('one'), 'all', 'all'])
  t.deepEqual(
    steps(pace, () => 10_000, 4, 6 * MINUTE),
    [],
  )
  t.is(steps(pace, () => 10_000, 60, 10 * MINUTE).filter(step => step === 'all').length, 12)
})

test('what is alone is never a summary', t => {
  const pace = new FallbackPace()
  const told = steps(pace, () => 1, 6)
  t.deepEqual(new Set(told), new Set(['one']))
  t.is(told.length, MOST_SINGLES + 2)
})

test('nothing is told where nothing is left', t => {
  t.deepEqual(
    steps(new FallbackPace(), () => 0, 1),
    [],
  )
})

test('after each failure it rests longer, up to ten minutes; a success ends that', t => {
  const pace = new FallbackPace()
  let now = 0
  const rests = Array.from({ length: 9 }, () => {
    t.is(pace.next(1, now), 'one')
    const restMs = pace.failed(now)
    t.is(pace.next(1, now + restMs - 1), undefined)
    now += restMs
    return restMs / 1000
  })
  t.deepEqual(rests, [10, 20, 40, 80, 160, 320, 600, 600, 600])
  pace.told('one', now)
  t.is(pace.failed(now), 10_000)
})

test('another way is tried at once', t => {
  const pace = new FallbackPace()
  pace.failed(0)
  pace.startAfresh()
  t.is(pace.next(1, 1), 'one')
})
