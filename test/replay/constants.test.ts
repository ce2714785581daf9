// What a script computes before its task starts. The table is what Kapacitor 1.5.9 and 1.8.3 sent in Init for the same
// expressions as the text of `.tag('v', …)`; of what they refused only that it is refused.
import test from 'ava'
import { PlanError } from '../../src/replay/plan-error.ts'
import { readScriptPlan } from '../../src/replay/script-plan.ts'

const VARIABLES = `var crit = 90
var f = 90.0
var d = 5m
var t = TRUE
var s = 'abc'
var neg = -3
`

const option = (expression: string): unknown =>
  readScriptPlan(
    `${VARIABLES}stream\n  |from()\n    .measurement('cpu')\n  @squadcast()\n    .tag('v', ${expression})\n`,
  ).options[0]!.values[1]!.value

const GIVES: readonly (readonly [expression: string, text: string])[] = [
  [`'a' + string(crit)`, 'a90'],
  [`'a' + string(f)`, 'a90'],
  [`'a' + string(d)`, 'a5m'],
  [`'a' + string(t)`, 'atrue'],
  [`'a' + 'b' + s`, 'ababc'],
  [`string(90) + 'x'`, '90x'],
  [`'' + string(0.1 + 0.2)`, '0.30000000000000004'],
  [`'' + string(1000000.0 * 1000000.0 * 1000000.0 * 1000000.0)`, '1000000000000000000000000'],
  [`'' + string(0.0000001)`, '0.0000001'],
  [`'' + string(neg)`, '-3'],
  [`'' + string(-f)`, '-90'],
  [`'' + string(14d)`, '2w'],
  [`'' + string(90m)`, '90m'],
  [`'' + string(1500ms)`, '1500ms'],
  [`'' + string(5u)`, '5u'],
  [`'' + string(d * 2)`, '10m'],
  [`'' + string(1.5 * d)`, '450s'],
  [`'' + string(d / 2m)`, '2'],
  [`'' + string(5m - 10m)`, '-5m'],
  [`'' + string(crit / 4)`, '22'],
  [`'' + string(crit % 7)`, '6'],
  [`'' + string(float(crit) / 4.0)`, '22.5'],
  [`'' + string(int(-2.9))`, '-2'],
  [`'' + string(int('+12'))`, '12'],
  [`'' + string(int(TRUE))`, '1'],
  [`'' + string(float('1e3'))`, '1000'],
  [`'' + string(bool('t'))`, 'true'],
  [`'' + string(bool(0.0))`, 'false'],
  [`'' + string(duration(1.5, 1h))`, '90m'],
  [`'' + string(duration('1h30m', 1s))`, '90m'],
  [`'' + string(1 < 2.5)`, 'true'],
  [`'' + string(!t)`, 'false'],
  [`'' + string(t AND FALSE)`, 'false'],
  [`'' + if(crit > 50, 'high', 'low')`, 'high'],
  [`'' + strToUpper(s)`, 'ABC'],
  [`'' + strReplace('aXbXc', 'X', '-', 1)`, 'a-bXc'],
  [`'' + strReplace('abc', '', '-', -1)`, '-a-b-c-'],
  [`'' + strSubstring('hello', 1, 3)`, 'el'],
  [`'' + string(strLength('äö'))`, '4'],
  [`'' + string(strIndex('äöx', 'x'))`, '4'],
  [`'' + string(strCount('äöx', ''))`, '4'],
  [`'' + strTrimLeft('xxaxx', 'x')`, 'axx'],
  [`'' + strTrimSuffix('abc', 'c')`, 'ab'],
  [`'' + string(strLastIndexAny('golang', 'go'))`, '5'],
  [`'' + string(floor(2.7))`, '2'],
  [`'' + string(pow(2.0, 10.0))`, '1024'],
  [`'' + string(1.0 / 0.0)`, '+Inf'],
  [`'a' + string(010)`, 'a8'],
  [`'a' + string((1 + 2) * 3)`, 'a9'],
  [`'a' + string(10 - 2 - 3)`, 'a5'],
  [`'it\\'s ' + s`, `it's abc`],
  [`'''x'y''' + s`, `x'yabc`],
  [`'a' + string(9223372036854775807 + 1)`, 'a-9223372036854775808'],
  [`'' + string(12345678901234567890.0)`, '12345678901234567000'],
]

for (const [expression, text] of GIVES)
  test(`${expression} is '${text}', as in Kapacitor`, t => {
    t.is(option(expression), text)
  })

const REFUSED: readonly (readonly [expression: string, says: RegExp])[] = [
  [
    `string(crit)`,
    /Kapacitor knows string\(\) here only within a longer expression, such as '' \+ string\(90\)/,
  ],
  [`(string(crit))`, /only within a longer expression/],
  [`'a' + 5`, /cannot compute text \+ int; convert with string\(\)/],
  [`'a' - 'b'`, /cannot compute text - text/],
  [`'' + string(crit + f)`, /cannot compute int \+ float/],
  [`'' + string(TRUE < FALSE)`, /cannot compute bool < bool/],
  [`'' + string(10 / 0)`, /divides by zero/],
  [`'' + string(int('1.5'))`, /'1\.5' cannot be read as integer/],
  [`'' + string(int(d))`, /no int\(duration\); it takes \(bool\) or \(text\)/],
  [`'' + string(bool(2))`, /'2' cannot be read as bool/],
  [`'' + string(duration('90s'))`, /no duration\(text\); it takes/],
  [`'' + if(crit > 50, 'high', 3)`, /if\(\) takes a bool and two values of one type/],
  [`'' + strSubstring('hello', 1, 5)`, /of 5 bytes has no part from 1 to 5/],
  [`'' + string(abs(-2))`, /no abs\(int\); it takes \(float\)/],
  [`'x' + undefinedVar`, /'undefinedVar' is declared nowhere/],
  [`'x' + string("field")`, /"field" is a field/],
  [`'' + trunc(1.5)`, /cannot compute text \+ float/],
  [`'' + string(now())`, /now\(\) is not computed here/],
  [`'' + (`, /the script ends too early|cannot be read/],
]

for (const [expression, says] of REFUSED)
  test(`${expression} is refused, with why`, t => {
    const { message } = t.throws(() => option(expression), { instanceOf: PlanError })
    t.regex(message, says)
    t.regex(message, /^the argument of \.tag\(\) cannot be read off the script: /)
  })

test('a condition takes its numbers from variables; so do filters, and a list is all arguments', t => {
  const { options, selection } = readScriptPlan(`
var crit = 90
var factor = 2
var twice = crit * factor
var isProd = lambda: "env" == 'prod'
var team = ['team', 'core']
stream
    |from()
        .where(lambda: isProd AND "usage" < twice)
    @squadcast()
        .crit('"usage" > ' + string(crit))
        .recoveryDelay(2 * 30s)
        .tag(team)
`)
  t.deepEqual(options, [
    { name: 'crit', values: [{ type: 'STRING', value: '"usage" > 90' }] },
    { name: 'recoveryDelay', values: [{ type: 'DURATION', value: 60_000_000_000n }] },
    {
      name: 'tag',
      values: [
        { type: 'STRING', value: 'team' },
        { type: 'STRING', value: 'core' },
      ],
    },
  ])
  const holds = (env: string, usage: number): unknown =>
    selection.conditions[0]!.holds({
      field: name => (name === 'usage' ? usage : undefined),
      tag: name => (name === 'env' ? env : undefined),
    })
  t.is(holds('prod', 179), true)
  t.is(holds('prod', 180), false)
  t.is(holds('test', 1), false)
})
