// What lambdas come to where something of what they read is missing or cannot be read: by what Kapacitor does.
import test from 'ava'
import fc from 'fast-check'
import { ANY, ERROR, known, MISSING, type Reading, reading } from '../../src/kapacitor/lambda-reading.ts'
import { parseScript } from '../../src/kapacitor/tickscript.ts'

const bodyOf = (lambda: string) => parseScript(`var x = lambda: ${lambda}`)[0]!.value
const POINT: Readonly<Record<string, Reading>> = {
  gone: MISSING,
  odd: ERROR,
  five: known(5),
  ok: known('OK'),
}
const read = (lambda: string) => reading(bodyOf(lambda), name => POINT[name] ?? ANY)

for (const [lambda, expected] of [
  ['"five" > 4', known(true)],
  ['"five" > 4 AND "other" > 1', ANY],
  ['"five" < 4 AND "other" > 1', known(false)],
  ['"five" < 4 AND "gone" > 1', known(false)],
  ['"other" < 4 AND "gone" > 1', known(false)],
  ['"five" > 4 OR "gone" > 1', known(true)],
  ['"five" > 4 OR "gone"', ERROR],
  ['"gone" > 1 OR "five" > 4', ERROR],
  ['"odd" > 1', ERROR],
  ['!("five" > 4)', known(false)],
  ['-"five" < 0', known(true)],
  ['isPresent("gone")', known(false)],
  ['!isPresent("gone")', known(true)],
  ['isPresent("odd")', ERROR],
  ['isPresent("other")', ANY],
  ['if(isPresent("gone"), "gone", 0.0)', ERROR],
  ['if("five" > 4, 1, 2)', known(1)],
  ['float("five") + 1.0 == 6.0', known(true)],
  ['sigma("gone") > 3', ERROR],
  ['sigma("five") > 3', ANY],
  [`"ok" != 'OK'`, known(false)],
  ['"ok" =~ /^O/', known(true)],
  ['"ok" !~ /(?i)ok/', known(false)],
  ['"ok" =~ /[[:alpha:]]+(?P<n>x)/', ANY],
  ['"ok" > 3', ERROR],
] as const)
  test(`${lambda} is ${'value' in expected ? String(expected.value) : expected.is}`, t => {
    t.deepEqual(read(lambda), expected)
  })

test('where a name has some value, what is said of a lambda is what Kapacitor comes to, or left open', t => {
  const atom = fc.constantFrom('"a" > 1', '"b" > 1', '"a" < "b"', '"a" + "b" == 3', 'TRUE')
  const { lambda } = fc.letrec<{ lambda: string }>(tie => ({
    lambda: fc.oneof(
      { depthSize: 'small' },
      atom,
      fc
        .tuple(tie('lambda'), fc.constantFrom('AND', 'OR'), tie('lambda'))
        .map(([a, sign, b]) => `(${a}) ${sign} (${b})`),
      tie('lambda').map(one => `!(${one})`),
    ),
  }))
  t.notThrows(() =>
    fc.assert(
      fc.property(lambda, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (text, a, b) => {
        const body = bodyOf(text)
        const both = reading(body, name => known(name === 'a' ? a : b))
        const one = reading(body, name => (name === 'a' ? known(a) : ANY))
        return both.is === 'known' && (one.is === 'any' || (one.is === 'known' && one.value === both.value))
      }),
    ),
  )
})
