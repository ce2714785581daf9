import test from 'ava'
import fc from 'fast-check'
import { backoffMs } from '../../src/delivery/backoff.ts'

const highest = () => 1 - Number.EPSILON

test('the longest wait doubles from 1 s and stays at 60 s', t => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 100].map(failures => backoffMs(failures, highest) + 1)
  t.deepEqual(longest, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

test('the jitter is full: half of the draw is half of the wait', t => {
  t.is(
    backoffMs(5, () => 0.5),
    8_000,
  )
})

test('a wait is never nearly nothing, nor longer than a minute, however many failures', t => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), random, (failures, drawn) => {
      const wait = backoffMs(failures, () => drawn)
      return wait >= 100 && wait <= 60_000 && Number.isInteger(wait)
    }),
  )
  t.pass()
})
