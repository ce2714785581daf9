import { readFileSync } from 'node:fs'
import test from 'ava'
import { compileCondition } from '../../src/incident/condition/condition.ts'
import { LanguageError } from '../../src/incident/language-error.ts'
import type { FieldValue } from '../../src/incident/point.ts'
import { type RecordedValue, recordedScope, scopeOf } from '../fakes/scope.ts'

const holds = (
  source: string,
  fields: Readonly<Record<string, FieldValue>> = {},
  tags: Readonly<Record<string, string>> = {},
): boolean | undefined => compileCondition(source).holds(scopeOf(fields, tags))

function mistakeIn(source: string): LanguageError {
  try {
    compileCondition(source)
  } catch (error) {
    if (error instanceof LanguageError) return error
    throw error
  }
  throw new Error(`not refused: ${source}`)
}

// ---- what a real Kapacitor said

interface KapacitorRow {
  readonly expression: string
  readonly fields: Readonly<Record<string, RecordedValue>>
  readonly tags: Readonly<Record<string, string>>
  readonly holds: boolean | 'error'
  /** How this language differs on purpose. */
  readonly deviates?: string
}

const rows: readonly KapacitorRow[] = JSON.parse(
  readFileSync(new URL('../fixtures/conditions.json', import.meta.url), 'utf8'),
)
// Kapacitor parses `lambda:` away before there is an expression; here it may be pasted along.
const comparable = rows.filter(row => !row.expression.startsWith('lambda:'))

/** What it is here: true, false, or an error of any kind, at the start or at the point. */
function judged(row: KapacitorRow): boolean | 'error' {
  try {
    return compileCondition(row.expression).holds(recordedScope(row.fields, row.tags)) ?? 'error'
  } catch (error) {
    if (error instanceof LanguageError) return 'error'
    throw error
  }
}

test('a condition holds where a real Kapacitor says that it does', t => {
  const alike = comparable.filter(row => row.deviates === undefined)
  t.true(alike.length > 250)
  for (const row of alike) t.is(judged(row), row.holds, row.expression)
})

test('INT with DOUBLE in arithmetic is evaluated by value, where Kapacitor gives up', t => {
  const mixed = comparable.filter(row => row.deviates === 'mixed-arithmetic')
  t.true(mixed.length > 0)
  for (const row of mixed) t.is(judged(row), true, row.expression)
})

test('INT and DOUBLE compare exactly, beyond what a DOUBLE can hold', t => {
  const n = 9007199254740993n
  t.false(holds('"n" == 9007199254740992.0', { n }))
  t.true(holds('"n" > 9007199254740992.0', { n }))
  t.true(holds('"n" == 9007199254740993', { n }))
  t.false(holds('"n" == 9007199254740992', { n }))
  t.false(holds('"d" == 9007199254740993', { d: 9007199254740992 }))
})

test('what is not looked at can not spoil a condition', t => {
  t.true(holds('"x" == 1 OR "missing"', { x: 1 }))
  t.false(holds('"x" == 2 AND "missing"', { x: 1 }))
  t.is(holds('"missing" OR "x" == 1', { x: 1 }), undefined)
})

test('a field wins over a tag of the same name', t => {
  t.true(holds('"v" > 1', { v: 2 }, { v: 'tag' }))
  t.true(holds('"v" == FALSE', { v: false }, { v: 'tag' }))
  t.true(holds(`"v" == ''`, { v: '' }, { v: 'tag' }))
})

// ---- the language

test('the names that a condition reads are listed once, in order', t => {
  t.deepEqual(compileCondition('"b" > 1 AND ("a" == "b" OR !"c")').reads, ['b', 'a', 'c'])
})

test('a lambda: that was copied along is accepted', t => {
  t.true(holds('lambda: "usage" > 90', { usage: 95 }))
  t.true(holds('\n  lambda :"usage" > 90', { usage: 95 }))
})

test('integers calculate in 64 bits, as in Go', t => {
  const big = 2n ** 63n - 1n
  t.true(holds('"big" + 1 < 0', { big }))
  t.true(holds('-"big" - 2 > 0', { big }))
  t.true(holds('"small" / -1 == "small"', { small: -(2n ** 63n) }))
  t.true(holds('-7 / 2 == -3 AND -7 % 2 == -1'))
})

test('a division by zero is an error for INT and infinity for DOUBLE', t => {
  t.is(holds('"n" / 0 > 1', { n: 1n }), undefined)
  t.is(holds('"n" % 0 == 1', { n: 1n }), undefined)
  t.true(holds('"x" / 0.0 > 1000000', { x: 1 }))
})

test('NaN holds only for !=', t => {
  for (const operator of ['==', '<', '<=', '>', '>=']) {
    t.false(holds(`"x" ${operator} 1`, { x: Number.NaN }), operator)
    t.false(holds(`"x" ${operator} "n"`, { x: Number.NaN, n: 1n }), operator)
  }
  t.true(holds('"x" != 1', { x: Number.NaN }))
  t.true(holds('"x" != "n"', { x: Number.NaN, n: 1n }))
})

test('a regular expression that would never end elsewhere takes linear time', t => {
  t.false(holds('"host" =~ /^(a+)+$/', {}, { host: `${'a'.repeat(50_000)}!` }))
})

test('a chain of thousands of comparisons is no depth', t => {
  const hosts = Array.from({ length: 2500 }, (_, index) => `"host" == 'h${index}'`)
  t.true(holds(hosts.join(' OR '), {}, { host: 'h2499' }))
  t.false(holds(hosts.join('\n  OR '), {}, { host: 'h2500' }))
})

test('a mistake is named with its place and what to write instead', t => {
  for (const [source, code, position, hint] of [
    ['"usage" = 90', 'unexpected', 8, /==/],
    ['"a" > 1 && "b"', 'unexpected', 8, /AND/],
    ['"a" > 1 or "b"', 'unexpected', 8, /OR/],
    ['"a" > 1 ANND "b"', 'unexpected', 8, /AND/],
    ['"a" <> 1', 'unexpected', 4, /!=/],
    ['"a" === 1', 'unexpected', 4, /==/],
    ['"a" "b"', 'unexpected', 4, /allowed are/],
    ['usage > 90', 'unknown-name', 0, /"usage"/],
    ['"a" == true', 'unknown-name', 7, /TRUE/],
    ['"a" in (1, 2)', 'unexpected', 4, /OR/],
    ['"a" LIKE \'x%\'', 'unexpected', 4, /=~/],
    ['"a" IS TRUE', 'unexpected', 4, /==/],
    ['"a" > 1 AND lambda: "b"', 'unexpected', 12, /leave lambda: out/],
    ['not "a"', 'unknown-name', 0, /!/],
    ['abs("a") > 1', 'not-supported', 0, /\|eval/],
    ['"a" > 5m', 'not-supported', 6, /number/],
    ['"a" > 1e5', 'bad-literal', 6, /exponent/],
    ['"a" > 9223372036854775808', 'bad-literal', 6, /decimal point/],
    ['"a" =~ /(?=x)/', 'bad-literal', 7, /RE2/],
    ['“a” > 1', 'unexpected', 0, /straight quotes/],
    ['"a" >', 'unfinished', 5, /allowed are/],
    ['', 'unfinished', 0, /allowed are/],
    ['"a" == \'x', 'unfinished', 7, /'/],
    ["\"a\" == '''x", 'unfinished', 7, /'''/],
    ['("a" > 1', 'unfinished', 0, /\)/],
  ] as const) {
    const error = mistakeIn(source)
    t.is(error.code, code, source)
    t.is(error.position, position, source)
    t.regex(error.hint ?? '', hint, source)
  }
})

test('the fix is spelled out for the very condition', t => {
  for (const [source, fix] of [
    ['"usage" > crit', `'"usage" > ' + string(crit); a field`],
    [
      '"usage" > crit AND "host" != \'test\'',
      `'"usage" > ' + string(crit) + ' AND "host" != \\'test\\''; a field`,
    ],
    ['"host" == web', `one that is a text '"host" == \\'' + web + '\\''`],
    [
      'usage > 90',
      `a field or tag stands in double quotes, "usage"; a var of the script is written string(usage) + ' > 90'`,
    ],
    ['"host" =~ pattern', 'write the regular expression itself'],
    ['isPresent("usage") AND "usage" > 90', 'leave it out: while "usage" is missing'],
    ['"usage" > 90 AND isPresent("usage")', 'leave it out: while "usage" is missing'],
    ['!isPresent("usage") OR "usage" > 90', `lambda: isPresent("usage")).as('isPresent_usage')`],
    ['isPresent("usage") AND "other" > 90', `lambda: isPresent("usage")).as('isPresent_usage')`],
    ['float("a") > 90', 'write "a" > 90'],
    ['float("used") / float("total") > 0.5', 'write 1.0 * "used" / "total" > 0.5'],
    ['"used" / float("total") > 0.5', 'write "used" / (1.0 * "total") > 0.5'],
    ['100.0 - float("a") * 2.0 > float("b")', 'write 100.0 - "a" * 2.0 > "b"'],
    ['int("a") > 90', 'write "a", which keeps what is behind the point'],
    ['strHasPrefix("host", \'web.\')', 'write "host" =~ /^web\\./'],
    ['strHasSuffix("host", \'a/b\')', 'write "host" =~ /a\\/b$/'],
    ['strContains("host", \'web\')', 'write "host" =~ /web/'],
    ['abs("drift") > 0.5', `|eval(lambda: abs("drift")).as('abs_drift').keep(), and write "abs_drift" here`],
    ['max("a", "b") > 0.5', `|eval(lambda: max("a", "b")).as('x').keep(), and write "x" here`],
    ['abs("a" > 1', 'lambda: abs(...))'],
    ['"since" > 5m', '300 for seconds, 300000000000 for nanoseconds'],
    ["'usage' > 90", 'a field or tag stands in double quotes: "usage"'],
    ["'usage' > 90 AND TRUE", 'a field or tag stands in double quotes: "usage"'],
    ["'ok' == TRUE", 'a field or tag stands in double quotes: "ok"'],
    ["'usage'", 'double quotes'],
    ["'usage' AND TRUE", 'a field or tag stands in double quotes: "usage"'],
    ["'90' < 5", 'a number stands without quotes: 90'],
  ] as const)
    t.true(mistakeIn(source).hint?.includes(fix), `${source}: ${mistakeIn(source).hint}`)
})

test('each fix that is a condition is one, and says the same', t => {
  const fields = { used: 6n, total: 10n, a: 95n, b: -1 }
  for (const source of [
    'float("used") / float("total") > 0.5',
    '"used" / float("total") > 0.5',
    'float("a") > 90',
  ]) {
    const [, fixed] = /write (.*)$/.exec(mistakeIn(source).hint!)!
    t.true(holds(fixed!, fields), fixed)
  }
})

test('a function is refused by name', t => {
  t.regex(mistakeIn('"a" > 1 AND sigma("usage") > 3.0').message, /function sigma\(\)/)
})

test('what no point could make evaluable is refused', t => {
  for (const source of [
    `'a' > 5`,
    'TRUE < FALSE',
    '"a" + 1',
    `"a" =~ 'x'`,
    '"a" == /x/',
    '!5',
    '"a" AND 5',
    `-'x' == 1`,
    `"a" - 'x' == ''`,
    '"a" > 1 + 2 == 5',
  ]) {
    t.is(mistakeIn(source).code, 'wrong-type', source)
  }
})

test('a condition is refused where it is nested too deep or too long', t => {
  t.true(holds(`${'('.repeat(199)}TRUE${')'.repeat(199)}`))
  for (const source of [
    `${'('.repeat(300)}TRUE${')'.repeat(300)}`,
    `${'!'.repeat(60_000)}TRUE`,
    `1${'+1'.repeat(300)} > 0`,
    `TRUE${' '.repeat(70_000)}`,
  ]) {
    t.is(mistakeIn(source).code, 'too-large', source.slice(0, 20))
  }
})
