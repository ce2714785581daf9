import test from 'ava'
import fc from 'fast-check'
import { Pacing } from '../../src/delivery/pacing.ts'
import { mostInOneMinute } from './windows.ts'

test('the last tenth of the rate is for CRITICAL triggers only', t => {
  const pacing = new Pacing(20)
  for (let sent = 0; sent < 18; sent += 1) {
    t.true(pacing.isFree(false, 0))
    pacing.begin(true)
  }
  t.deepEqual([pacing.isFree(false, 0), pacing.isFree(true, 0)], [false, true])
  pacing.begin(true)
  pacing.begin(true)
  t.false(pacing.isFree(true, 0))
  t.deepEqual(pacing.status(0), { rate: 20, used: 20, reserved: 2 })
})

test('among CRITICAL triggers the others have all but the last tenth, whatever those have used', t => {
  const pacing = new Pacing(20)
  for (let sent = 0; sent < 19; sent += 1) pacing.begin(true)
  t.deepEqual([pacing.isFree(false, 0), pacing.isFreeAmongCritical(0)], [false, true])
  pacing.begin(false)
  t.false(pacing.isFreeAmongCritical(0), 'the whole rate is used')
  const other = new Pacing(20)
  for (let sent = 0; sent < 18; sent += 1) other.begin(false)
  t.false(other.isFreeAmongCritical(0))
  other.end(false, 0)
  t.deepEqual([other.isFreeAmongCritical(60_099), other.isFreeAmongCritical(60_100)], [false, true])
})

test('a small rate has no tenth to keep back', t => {
  const pacing = new Pacing(9)
  for (let sent = 0; sent < 9; sent += 1) pacing.begin(true)
  pacing.cancel(true)
  t.true(pacing.isFree(false, 0))
})

test('an attempt counts while it is under way and for a minute after its end', t => {
  const pacing = new Pacing(1)
  pacing.begin(true)
  t.false(pacing.isFree(true, 1_000_000))
  t.is(pacing.nextFreeAt(true, 1_000_000), undefined, 'no time is known while it is under way')
  pacing.end(true, 1_000_000)
  t.false(pacing.isFree(true, 1_060_000))
  t.is(pacing.nextFreeAt(true, 1_030_000), 1_060_100)
  t.true(pacing.isFree(true, 1_060_100))
})

test('it says when the others are free, and when CRITICAL triggers are', t => {
  const pacing = new Pacing(10)
  for (let sent = 0; sent < 10; sent += 1) pacing.begin(true)
  for (let sent = 0; sent < 10; sent += 1) pacing.end(true, sent * 1_000)
  t.is(pacing.nextFreeAt(true, 9_000), 60_100)
  t.is(pacing.nextFreeAt(false, 9_000), 61_100)
})

test('a hold keeps everybody back, and a shorter one does not end it', t => {
  const pacing = new Pacing(10)
  pacing.holdUntil(5_000)
  pacing.holdUntil(2_000)
  t.false(pacing.isFree(true, 4_999))
  t.is(pacing.nextFreeAt(true, 0), 5_000)
  t.is(pacing.heldUntil(4_999), 5_000)
  t.true(pacing.isFree(false, 5_000))
  t.is(pacing.heldUntil(5_000), undefined)
})

test('attempts of the last minute count after a restart', t => {
  const pacing = new Pacing(5)
  const wall = 1_000_000_000
  const ended = (ago: number) => ({ startedAt: wall - ago - 5, endedAt: wall - ago })
  pacing.restore([ended(70_000), ended(60_099), ended(1_000)], wall, 500)
  t.is(pacing.status(500).used, 2)
  t.is(pacing.status(501).used, 1)
})

test('an attempt that a crash cut off counts from the restart, and so does one from the future', t => {
  const pacing = new Pacing(2)
  const wall = 1_000_000_000
  pacing.restore([{ startedAt: wall - 600_000 }, { startedAt: wall, endedAt: wall + 3_600_000 }], wall, 500)
  t.false(pacing.isFree(true, 60_599))
  t.true(pacing.isFree(true, 60_600))
})

test('another rate holds at once', t => {
  const pacing = new Pacing(100)
  for (let sent = 0; sent < 50; sent += 1) pacing.begin(true)
  pacing.setRate(40)
  t.false(pacing.isFree(true, 0))
  for (let sent = 0; sent < 50; sent += 1) pacing.end(true, sent)
  t.is(pacing.nextFreeAt(true, 100), 60_110)
  pacing.setRate(100)
  t.true(pacing.isFree(true, 100))
})

test('whoever asks first, no minute ever holds more than the rate', t => {
  const wishes = fc.array(fc.record({ wait: fc.nat(8_000), lasts: fc.nat(10_000), critical: fc.boolean() }), {
    minLength: 50,
    maxLength: 300,
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), wishes, (rate, list) => {
      const pacing = new Pacing(rate)
      let underWay: { readonly end: number }[] = []
      const received: number[] = []
      let now = 0
      for (const { wait, lasts, critical } of list) {
        now += wait
        for (const { end } of underWay.filter(({ end }) => end <= now).sort((a, b) => a.end - b.end))
          pacing.end(true, end)
        underWay = underWay.filter(({ end }) => end > now)
        if (!pacing.isFree(critical, now)) continue
        pacing.begin(true)
        underWay.push({ end: now + lasts })
        // The request reaches the receiver at any moment between the claim and the answer.
        received.push(critical ? now : now + lasts)
      }
      return mostInOneMinute(received) <= rate
    }),
  )
  t.pass()
})
