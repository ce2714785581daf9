// Values of options, as people write them.
import test from 'ava'
import { readLevel, readNumber, readTime } from '../../src/cli/values.ts'

const NOW = Date.UTC(2026, 4, 28, 12)

test('a number is whole and above 0', t => {
  t.is(readNumber('42'), 42)
  for (const text of ['0', '-1', '1.5', 'x', '', '1e3', '9'.repeat(20)])
    t.throws(() => readNumber(text), undefined, text)
})

test('a level is one that can be open, in any case', t => {
  t.deepEqual(['info', 'Warning', 'CRITICAL'].map(readLevel), [1, 2, 3])
  for (const text of ['OK', 'high', '']) t.throws(() => readLevel(text), undefined, text)
})

test('a time is a moment, or so long ago', t => {
  t.is(readTime('2026-05-28T11:00:00Z', NOW), NOW - 3_600_000)
  t.is(readTime('90m', NOW), NOW - 5_400_000)
  t.is(readTime('2d', NOW), NOW - 2 * 86_400_000)
  for (const text of ['yesterday', '2', '2w', '28.05.2026', ''])
    t.throws(() => readTime(text, NOW), undefined, text)
})
