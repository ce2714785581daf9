// Times as Kapacitor writes them.
import test from 'ava'
import fc from 'fast-check'
import { rfc3339Nano } from '../../src/incident/rfc3339.ts'

const BY_HAND: readonly (readonly [time: bigint, text: string])[] = [
  [0n, '1970-01-01T00:00:00Z'],
  [1n, '1970-01-01T00:00:00.000000001Z'],
  [1_000n, '1970-01-01T00:00:00.000001Z'],
  [100_000_000n, '1970-01-01T00:00:00.1Z'],
  [1_779_999_915_123_456_700n, '2026-05-28T20:25:15.1234567Z'],
  [1_709_164_800_000_000_000n, '2024-02-29T00:00:00Z'],
  [-1n, '1969-12-31T23:59:59.999999999Z'],
  [-1_000_000_000n, '1969-12-31T23:59:59Z'],
  [-1_500_000_000n, '1969-12-31T23:59:58.5Z'],
  [2n ** 63n - 1n, '2262-04-11T23:47:16.854775807Z'],
  [-(2n ** 63n), '1677-09-21T00:12:43.145224192Z'],
]

for (const [time, text] of BY_HAND)
  test(`${time} ns are ${text}`, t => {
    t.is(rfc3339Nano(time), text)
  })

test('any time reads back to the millisecond, with its nanoseconds behind it', t => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), time => {
      const text = rfc3339Nano(time)
      const [, whole, fraction = ''] = /^(.{19})(?:\.(\d{0,8}[1-9]))?Z$/.exec(text)!
      const seconds = BigInt(Date.parse(`${whole}Z`)) / 1000n
      t.is(seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')), time)
    }),
  )
})

test('whole milliseconds are what Date writes, without trailing zeros', t => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1700-01-01'), max: new Date('2260-01-01'), noInvalidDate: true }),
      date => {
        const expected = date.toISOString().replace(/\.?0*Z$/, match => (match.startsWith('.') ? 'Z' : match))
        t.is(rfc3339Nano(BigInt(date.getTime()) * 1_000_000n), expected.replace(/(\.\d*[1-9])0+Z$/, '$1Z'))
      },
    ),
  )
})
