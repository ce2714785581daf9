// Events as they are stored: what is written is read back, with integers exact to 64 bits.
import test from 'ava'
import fc from 'fast-check'
import { decodeEvent, encodeEvent, fromExactJson, toExactJson } from '../../src/incident/event.ts'
import { anyEvent, cpuEvent } from '../squadcast/events.ts'

test('integers of 64 bits are written as they are', t => {
  t.is(
    toExactJson({ least: -(2n ** 63n), most: 2n ** 63n - 1n, unsigned: 2n ** 64n - 1n, none: 0n }),
    '{"least":-9223372036854775808,"most":9223372036854775807,"unsigned":18446744073709551615,"none":0}',
  )
})

test('integers that a double cannot hold are read as what they are, others as numbers', t => {
  t.deepEqual(fromExactJson('[9007199254740991, 9007199254740992, -9007199254740993, 5, 0.5, 1e300, 12e3]'), [
    9007199254740991,
    9007199254740992n,
    -9007199254740993n,
    5,
    0.5,
    1e300,
    12000,
  ])
})

test('text that looks like a number stays text', t => {
  t.is(fromExactJson('"9223372036854775807"'), '9223372036854775807')
  t.deepEqual(fromExactJson('{"9223372036854775807": null, "__proto__": 1}'), {
    '9223372036854775807': null,
    ['__proto__']: 1,
  })
})

test('JSON that is none is refused', t => {
  t.throws(() => fromExactJson('{"a": 1'), { instanceOf: SyntaxError })
})

test('any integer of 64 bits survives', t => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), value => {
      t.is(BigInt(fromExactJson(toExactJson([value]))![0 as never]), value)
    }),
  )
})

test('time and duration are nanoseconds to the last, small ones too', t => {
  for (const time of [0n, -1n, 5n, 1_779_999_915_123_456_789n, 2n ** 63n - 1n]) {
    const event = decodeEvent(encodeEvent(cpuEvent({ time, duration: time })))
    t.is(event.time, time)
    t.is(event.duration, time)
  }
})

test('what a script can make is read back as it was', t => {
  const event = cpuEvent({
    details: 'a\nb',
    cut: 'Left out for size: 3 columns.',
    condition: '"usage" > 90',
    priority: 'P1',
    labels: [['team', 'storage']],
    series: [
      {
        name: 'cpu',
        tags: { host: 'alpha' },
        columns: ['time', 'a', 'b', 'c', 'd', 'e'],
        values: [['2026-05-28T20:26:55Z', 9_223_372_036_854_775_807n, 0.1, 'ü🔥', true, null]],
      },
    ],
  })
  t.deepEqual(decodeEvent(encodeEvent(event)), event)
})

test('whatever arrives, an event that was read back is written the same again', t => {
  fc.assert(
    fc.property(anyEvent, event => {
      const text = encodeEvent(event)
      t.true(encodeEvent(decodeEvent(text)) === text)
    }),
    { numRuns: 60 },
  )
})
