import test from 'ava'
import { figuresOf } from '../../bench/figures.ts'
import { ofAllRuns } from '../../bench/runs.ts'
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
  t.regex(row(text, 'deliveries'), /300 a second +>= 250 +1\.20 +====\| +met$/)
  t.regex(row(text, 'latency'), /6\.00 ms +<= 3 +0\.50 +== +\| +MISSED$/)
  t.regex(row(text, 'growth'), /-2\.00 MiB +<= 10 +> 10 +====\|==== +met$/)
  t.regex(row(text, 'connections'), /16\.0$/)
  t.regex(text.split('\n')[0]!, /^ +figure +value +bar +ratio$/)
})

test('of several runs the median stands there, between the least and the most', t => {
  const figures = ofAllRuns([3, 1, 2].map(value => [of('latency', value, 'ms', { atMost: 2 })]))
  t.deepEqual(figures, [{ ...of('latency', 2, 'ms', { atMost: 2 }), spread: { least: 1, most: 3 } }])
  t.regex(row(table(figures), 'latency'), /2\.00 ms +1\.00\.\.3\.00 +<= 2 +1\.00 +====\| +met$/)
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
  const longest = of('passing through, protobufjs / sidecar', 1_234_567, '', { atLeast: 190_000 })
  const text = table([{ ...longest, spread: { least: 987_654, most: 1_586_510 } }])
  t.true(text.includes('987,654..1,586,510'))
  for (const line of text.split('\n')) t.true(line.length <= 110, line)
})
