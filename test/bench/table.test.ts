import test from 'ava'
import { figuresOf } from '../../bench/figures.ts'
import { table } from '../../bench/table.ts'

const of = figuresOf('storm')
const row = (text: string, figure: string): string =>
  text.split('\n').find(line => line.trim().startsWith(figure))!

test('a figure stands beside its bar, with how many times the bar was reached', t => {
  const text = table([
    of('deliveries', 300, 'a second', { atLeast: 250 }),
    of('latency', 6, 'ms', { atMost: 3 }),
    of('growth', -2, 'MiB', { atMost: 10 }),
    of('connections', 16, ''),
  ])
  t.regex(row(text, 'deliveries'), /300 a second +>= 250 +1\.20 +======\|= +met$/)
  t.regex(row(text, 'latency'), /6\.00 ms +<= 3 +0\.50 +=== +\| +MISSED$/)
  t.regex(row(text, 'growth'), /-2\.00 MiB +<= 10 +> 10 +======\|====== +met$/)
  t.regex(row(text, 'connections'), /16\.0$/)
})

test('what was not run says why, and is no bar that is met', t => {
  const text = table([
    { scenario: 'kapacitor', skipped: 'no binary' },
    { scenario: 'soak', failed: 'it left' },
  ])
  t.regex(text, /kapacitor\n {2}SKIPPED: no binary\nsoak\n {2}FAILED: it left$/)
  t.notRegex(text, /met/)
})

test('the table of a whole run fits into 110 columns', t => {
  const longest = 'absorbing, two small writes a point, as it is'
  const text = table([of(longest, 1_234_567, 'MiB more', { atLeast: 1_000_000 })])
  for (const line of text.split('\n')) t.true(line.length <= 110, line)
})
