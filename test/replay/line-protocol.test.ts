// Line protocol: what is written is read again, whatever it holds; what is wrong is said with what was expected.
import test from 'ava'
import fc from 'fast-check'
import { LineError } from '../../src/replay/line-error.ts'
import { LineParser, type LinePoint, type Precision } from '../../src/replay/line-protocol.ts'
import type { Field } from '../../src/wire/point-writer.ts'

function read(line: string, precision?: Precision): LinePoint | undefined {
  const bytes = Buffer.from(`behind${line}\nbefore`)
  return new LineParser(precision).read(bytes, 6, bytes.length - 7)
}

/** What a line cannot say: a name that ends in a backslash, a newline in one, nothing at all. */
const name = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 30 })
  .map(text => text.toWellFormed())
  .filter(text => !/\\$|[\n\r]|\\[,= ]/.test(text) && !/^[ \t#]/.test(text))
const text = fc.string({ unit: 'binary', maxLength: 60 }).map(value => value.toWellFormed())
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const value = fc.oneof(number, int64, text, fc.boolean())
const unique = { selector: ([key]: readonly [string, unknown]): string => key }
const tags = fc.uniqueArray(fc.tuple(name, name), { ...unique, maxLength: 5 })
const fields = fc.uniqueArray(fc.tuple(name, value), { ...unique, minLength: 1, maxLength: 6 })

const escaped = (word: string): string => word.replace(/[,= ]/g, '\\$&')
function written(value: Field[1]): string {
  if (typeof value === 'bigint') return `${value}i`
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`
  return Object.is(value, -0) ? '-0' : String(value)
}
const pair = ([key, text]: readonly [string, string]): string => `${escaped(key)}=${text}`

test('what is written is read again: names, texts, numbers to the last bit, times', t => {
  fc.assert(
    fc.property(name, tags, fields, int64, (measurement, tags, fields, time) => {
      fc.pre(time > -(2n ** 63n))
      const key = [measurement.replace(/[, ]/g, '\\$&'), ...tags.map(([k, v]) => pair([k, escaped(v)]))]
      const line = `${key.join(',')} ${fields.map(([k, v]) => pair([k, written(v)])).join(',')} ${time}`
      const point = read(line)!
      t.is(point.series.name, measurement)
      t.deepEqual(point.series.tags.toSorted(), tags.toSorted())
      t.deepEqual(point.fields, fields)
      t.is(point.time, time)
    }),
    { numRuns: 500 },
  )
})

test('tags are sorted by their bytes, as Kapacitor sorts them', t => {
  t.deepEqual(
    read('cpu,z=1,a=2,\u{1f600}=4,\uffee=3 x=1 0')!.series.tags.map(([name]) => name),
    ['a', 'z', '\uffee', '\u{1f600}'],
  )
})

test('every spelling of a value is read as InfluxDB reads it', t => {
  const table: readonly (readonly [string, unknown])[] = [
    ['1', 1],
    ['-1.50', -1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-1.5E-7', -1.5e-7],
    ['0.1', 0.1],
    ['123456789012345678', 123456789012345680],
    ['1i', 1n],
    ['-9223372036854775808i', -(2n ** 63n)],
    ['18u', 18n],
    ...['t', 'T', 'true', 'True', 'TRUE'].map(text => [text, true] as const),
    ...['f', 'F', 'false', 'False', 'FALSE'].map(text => [text, false] as const),
    ['""', ''],
    ['"a \\"b\\" \\\\ \\c, =d"', 'a "b" \\ \\c, =d'],
  ]
  for (const [text, value] of table) t.deepEqual(read(`m x=${text} 1`)!.fields, [['x', value as never]], text)
})

test('blank lines and comments are nothing; blanks around the parts mean nothing', t => {
  for (const line of ['', '   ', '\t', '# cpu usage=1 1', '  # x']) t.is(read(line), undefined)
  t.like(read('  cpu   usage=1   5  '), { time: 5n, series: { name: 'cpu', tags: [] } })
})

test('a timestamp counts what the precision says', t => {
  const times = (['ns', 'us', 'ms', 's', 'm', 'h'] as const).map(unit => read('m x=1 2', unit)!.time)
  t.deepEqual(times, [2n, 2_000n, 2_000_000n, 2_000_000_000n, 120_000_000_000n, 7_200_000_000_000n])
})

test('of a field that stands twice the last counts', t => {
  t.deepEqual(read('m a=1,b=2,a="x" 1')!.fields, [
    ['b', 2],
    ['a', 'x'],
  ])
})

const WRONG: readonly (readonly [line: string, says: RegExp])[] = [
  [',host=a x=1 1', /expected a measurement, found ',host=a'/],
  ['cpu', /expected a space and fields such as usage=1.5 behind 'cpu', found the end of the line/],
  ['cpu,host x=1 1', /expected a tag such as host=a behind the comma, found 'host'/],
  ['cpu, x=1 1', /expected a tag such as host=a behind the comma, found the end/],
  ['cpu,host= x=1 1', /the tag 'host' has no value/],
  ['cpu,host=a,host=b x=1 1', /the tag 'host' is there twice/],
  ['cpu,host=a=b x=1 1', /a second '=' needs a backslash/],
  ['cpu usage 1', /expected a field such as usage=1.5, found 'usage 1'/],
  ['cpu =1 1', /expected a field such as usage=1.5, found '=1 1'/],
  ['cpu x=1,,y=2 1', /expected a field such as usage=1.5, found ',y=2 1'/],
  ['cpu x= 1', /expected a value such as 1.5, 3i, true or "text", found nothing/],
  ['cpu x=high 1', /expected a value .* found 'high'/],
  ['cpu x=1.5i 1', /expected a value .* found '1.5i'/],
  ['cpu x=NaN 1', /expected a value .* found 'NaN'; InfluxDB does not take it either/],
  ['cpu x=+5 1', /expected a value .* found '\+5'; InfluxDB takes no plus sign/],
  ['cpu x=1e999 1', /expected a value .* found '1e999'/],
  ['cpu x=0x10 1', /expected a value .* found '0x10'/],
  ['cpu x=9223372036854775808i 1', /does not fit into 64 bits/],
  ['cpu x="open 1', /the text '"open 1' has no closing quote/],
  ['cpu x="a"b 1', /expected a comma or a space behind a value, found 'b 1'/],
  ['cpu x=1', /no timestamp at the end/],
  ['cpu x=1 yesterday', /expected a timestamp of digits .* found 'yesterday'/],
  ['cpu x=1 1 2', /expected a timestamp of digits .* found '1 2'/],
  ['cpu x=1 99999999999999999999', /beyond what 64 bits of nanoseconds hold; mind --precision/],
]

for (const [line, says] of WRONG)
  test(`'${line}' is refused with what was expected`, t => {
    const error = t.throws(() => read(line), { instanceOf: LineError })
    t.regex(error.message, says)
  })

test('bytes that are no UTF-8 are refused, since Kapacitor would end the task over them', t => {
  const bytes = Buffer.from([...Buffer.from('m x="'), 0xff, ...Buffer.from('" 1')])
  t.throws(() => new LineParser().read(bytes, 0, bytes.length), { message: /not UTF-8/ })
})

test('whatever a line holds, it is read or refused, and nothing else happens', t => {
  const part = fc.constantFrom('cpu', ',', '=', ' ', '\\', '"', 'a', '1', 'i', '-', '.', 'e', 't', '#', 'ü')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), parts => {
      try {
        read(parts.join(''))
      } catch (error) {
        t.true(error instanceof LineError, String(error))
      }
    }),
    { numRuns: 2000 },
  )
  t.pass()
})
