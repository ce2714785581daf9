// Which scripts end Kapacitor, and which only look like it.
import test from 'ava'
import { dangersOf } from '../../src/kapacitor/script-advice.ts'
import { adviceOf, ENDS_KAPACITOR, findingOf, saidOf } from './advice-of.ts'
import { JOIN, joined, LITRES, PUMPS, SCRIPTS, sideload, USAGE } from './odd-field-scripts.ts'

for (const [what, script, findings] of SCRIPTS)
  test(`fields: ${what}: ${findings.join(', ') || 'nothing'}`, t => {
    t.deepEqual(saidOf(script, ENDS_KAPACITOR), [...findings])
  })

const FLUX = `from(bucket: "b") |> range(start: -5m) |> filter(fn: (r) => r._measurement == "cpu")`

for (const [what, rest, findings] of [
  ['a query as it is', '', []],
  ['unsigned values', ' |> toUInt()', ['problem unsigned-field 1']],
  ['unsigned values that become ints', ' |> toUInt() |> toInt()', []],
  ['their mean', ' |> toUInt() |> mean()', []],
  ['their sum', ' |> toUInt() |> sum()', ['problem unsigned-field 1']],
  ['a copy of the time, and a sum', ' |> duplicate(column: "_time", as: "at") |> sum()', []],
  ['times', ' |> toTime()', ['problem time-field 1']],
  ['a copy of the time', ' |> duplicate(column: "_time", as: "at")', ['problem time-field 1']],
  ['a copy that is dropped', ' |> duplicate(column: "_stop", as: "at") |> drop(columns: ["at"])', []],
  [
    'a copy that is not kept',
    ' |> duplicate(column: "_stop", as: "at") |> keep(columns: ["_time", "_value"])',
    [],
  ],
  [
    'a copy that is the time again',
    ' |> aggregateWindow(every: 1m, fn: mean) |> duplicate(column: "_stop", as: "_time")',
    [],
  ],
  ['a copy that is grouped by', ' |> duplicate(column: "_stop", as: "at") |> group(columns: ["at"])', []],
  ['the start, renamed', ' |> rename(columns: {_start: "from"})', ['problem time-field 1']],
  [
    'a column of a map',
    ' |> map(fn: (r) => ({ r with at: r._time, n: uint(v: r._value) }))',
    ['problem time-field 1', 'problem unsigned-field 1'],
  ],
  [
    'a map that makes ints of them',
    ' |> map(fn: (r) => ({ r with at: int(v: r._time), n: int(v: uint(v: r._value)) }))',
    [],
  ],
  [
    'a time that is only compared with',
    ' |> filter(fn: (r) => r._time > time(v: "2026-01-01T00:00:00Z"))',
    [],
  ],
  ['something that is not followed', ' |> toUInt() |> mine()', []],
  ['a union', ` |> toUInt()\nunion(tables: [a, b])`, []],
] as const)
  test(`columns of a Flux query: ${what}: ${findings.join(', ') || 'nothing'}`, t => {
    const script = `batch|queryFlux('''${FLUX}${rest}''').every(1m)@squadcastBatch().crit('"_value" > 1')`
    t.deepEqual(saidOf(script, ENDS_KAPACITOR), [...findings])
  })

test('the fix is the text to write: what is read gets a value of its type, and nothing else is kept', t => {
  const fix = (script: string) => findingOf(script, 'null-field')?.fix
  t.is(
    fix(joined('', `@squadcast().crit('"flow.litres" < 5 AND "motor.on" == TRUE')`)),
    "behind the |join() give the fields that you use a value, and keep only these: |default().field('flow.litres', 0.0).field('motor.on', FALSE), then |eval().keep('flow.litres', 'motor.on')",
  )
  t.regex(fix(joined(`|default().field('motor.on', TRUE)`))!, /\.field\('motor\.on', TRUE\)/)
  t.regex(
    fix(joined('', `@squadcast().crit('"motor.state" == \\'off\\'')`))!,
    /\.field\('motor\.state', ''\)/,
  )
  t.regex(
    fix(`${PUMPS}${JOIN}|alert().crit(lambda: !"motor.on" OR "flow.n" > 1)@squadcast()`)!,
    /\.field\('motor\.on', FALSE\)\.field\('flow\.n', 0\.0\)/,
  )
  t.is(
    findingOf(sideload(`.field('limit', 80)`) + USAGE, 'sideload-int')?.fix,
    "make the default a float, such as .field('limit', 80.0)",
  )
  t.regex(findingOf(joined(''), 'null-field')!.says, /'motor\.litres' is null in front of @squadcast\(\)/)
})

test('the repaired script of each fix is right', t => {
  for (const node of [LITRES, `@squadcast().crit('"flow.litres" < 5 AND "motor.on" == TRUE')`]) {
    const fix = findingOf(joined('', node), 'null-field')!.fix!
    const text = fix.slice(fix.indexOf('|default()')).replace(', then ', '')
    t.deepEqual(saidOf(joined(text, node), ENDS_KAPACITOR), [], text)
  }
})

test('a script of joins of joins is looked at in no time to speak of, and little is said of it', t => {
  let script = `var x0 = stream|from()|eval(lambda: 5m, lambda: "b" + "b").as('d', 'b').keep()\n`
  for (let at = 1; at < 60; at++)
    script += `var x${at} = x${at - 1}|join(x${at - 1}).as('a', 'b').fill('null')|union(x${at - 1})|eval(lambda: "b" + "b").as('b').keep()\n`
  t.true(adviceOf(`${script}x59@squadcast().id('{{ index .Tags "q" }}').crit('"b" > 1')`).length <= 61)
})

test('what the status says of a script is what advice says of its fields', t => {
  const functions = new Map([
    ['squadcast', 'stream'],
    ['squadcastBatch', 'batch'],
  ] as const)
  for (const [what, script] of SCRIPTS)
    t.deepEqual(
      dangersOf(script, functions).map(({ code, line }) => `${code} ${line}`),
      adviceOf(script)
        .filter(({ code }) => ENDS_KAPACITOR.includes(code))
        .map(({ code, line }) => `${code} ${line}`),
      what,
    )
  t.deepEqual(dangersOf('stream|from(', functions), [])
})

test('of a name that |flatten() made so much is said as the script knows', t => {
  const flat = `|flatten().on('pump')${LITRES}`
  t.regex(findingOf(joined(flat, ''), 'null-field')!.says, /a side sends no point '[a-z.]+'/)
})
