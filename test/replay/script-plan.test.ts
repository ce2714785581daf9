// What is read off a TICKscript, and what is refused with which sentence.
import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import type { PointMoment } from '../../src/replay/moment.ts'
import { planFor } from '../../src/replay/plan.ts'
import { PlanError } from '../../src/replay/plan-error.ts'
import { readScriptPlan } from '../../src/replay/script-plan.ts'
import { isSelected } from '../../src/replay/selection.ts'

const plain = (script: string): unknown => {
  const { edge, options, selection, grouping } = readScriptPlan(script)
  const calls = options.map(({ name, values }) => [name, ...values.map(({ value }) => value)])
  return { edge, calls, selection, grouping }
}

test('measurement, groups and options are read as they stand', t => {
  t.deepEqual(
    plain(`
dbrp "telegraf"."autogen"
dbrp "other"."week" // and this

stream
    |from()
        .database('telegraf')
        .measurement('cpu')
        .groupBy('region', 'host')
        .groupByMeasurement()
    |log()
    @squadcast()
        .id('cpu/{{ index .Tags "host" }}') // |window() in a comment
        .crit('"usage" > 90 AND "host" != \\'test\\'')
        .warn('''it's "usage" > 80''')
        .tag('team', 'core')
        .recoveryDelay(30s)
        .noRecoveries()
        .quiet()
    |httpOut('x')
        .crit('not ours')
`),
    {
      edge: 'STREAM',
      calls: [
        ['id', 'cpu/{{ index .Tags "host" }}'],
        ['crit', '"usage" > 90 AND "host" != \'test\''],
        ['warn', 'it\'s "usage" > 80'],
        ['tag', 'team', 'core'],
        ['recoveryDelay', 30_000_000_000n],
        ['noRecoveries'],
      ],
      selection: {
        ...{ database: 'telegraf', measurement: 'cpu', conditions: [] },
        origins: [
          { database: 'telegraf', retentionPolicy: 'autogen' },
          { database: 'other', retentionPolicy: 'week' },
        ],
      },
      grouping: { tags: ['host', 'region'], all: false, excluded: [], byMeasurement: true },
    },
  )
})

test('variables are followed: texts, lists and chains', t => {
  t.like(
    plain(`
var name = 'cpu'
var groups = ['host', *]
var limit = '"usage" > 90'
var wait = 5m
var unused = lambda: "usage" > 3 OR stream
var data = stream
    |from()
        .measurement(name)
    |groupBy(groups)
        .exclude('cpu')
data@squadcast().crit(limit).recoveryDelay(wait)
`),
    {
      calls: [
        ['crit', '"usage" > 90'],
        ['recoveryDelay', 300_000_000_000n],
      ],
      selection: { measurement: 'cpu' },
      grouping: { tags: ['host'], all: true, excluded: ['cpu'], byMeasurement: false },
    },
  )
})

test('a variable that holds the node itself is one node', t => {
  t.like(plain(`var node = stream|from()@squadcast().crit('"x" > 1')\nnode|log()`), {
    calls: [['crit', '"x" > 1']],
  })
})

test('of a batch task only the options are asked for', t => {
  t.like(
    plain(`batch|query('SELECT mean(x) FROM y').period(1m).every(1m).groupBy('host')@squadcastBatch().all()`),
    {
      ...{ edge: 'BATCH', calls: [['all']], selection: { origins: [] } },
      grouping: { tags: [], all: false },
    },
  )
})

const REFUSED: readonly (readonly [what: string, script: string, says: RegExp])[] = [
  ['no node', `stream|from()|log()`, /no node @squadcast\(\) or @squadcastBatch\(\)/],
  ['two nodes', `stream|from()@squadcast()\nstream|from()@squadcast()`, /2 nodes .* a replay plays one/],
  ['two nodes in a chain', `stream|from()@squadcast()@squadcast()`, /2 nodes/],
  [
    'an alert',
    `stream|from()|alert().crit(lambda: "x" > 1)@squadcast()`,
    /\|alert\(\) stands in front of the node.*\.crit\(\)/,
  ],
  ['a window', `stream|from()|window().period(10s)@squadcastBatch()`, /\|window\(\) stands in front/],
  ['another function', `stream|from()@other()@squadcast()`, /@other\(\) stands in front/],
  ['rounded times', `stream|from().round(10s)@squadcast()`, /\.round\(\) of \|from\(\) is for Kapacitor/],
  [
    'a function',
    `stream|from().where(lambda: strLength("x") > 1)@squadcast()`,
    /\.where\(\) cannot be judged here/,
  ],
  [
    'a query that is computed on',
    `batch|query('x')|mean('y')@squadcastBatch()`,
    /\|mean\(\) stands in front/,
  ],
  [
    'a text that cannot be computed',
    `stream|from().measurement('c' + 1)@squadcast()`,
    /argument of \.measurement\(\) cannot be read off the script: Kapacitor cannot compute text \+ int/,
  ],
  [
    'a variable of a template',
    `var m string\nstream|from().measurement(m)@squadcast()`,
    /'m' is a variable without a value, as in a template/,
  ],
  [
    'an unknown variable',
    `stream|from()@squadcast().crit(limit)`,
    /argument of \.crit\(\) cannot be read off the script: 'limit' is declared nowhere/,
  ],
  ['a lambda', `stream|from()@squadcast().crit(lambda: "x" > 1)`, /\.crit\(\) takes a text .* not a lambda/],
  ['a chain from nowhere', `data|log()@squadcast()`, /begins at 'data', which cannot be followed/],
]

for (const [what, script, says] of REFUSED)
  test(`${what}: refused in a sentence`, t => {
    t.regex(t.throws(() => readScriptPlan(script), { instanceOf: PlanError }).message, says)
  })

test('every example script is either played or refused with what is in the way', t => {
  const folder = new URL('../../tickscripts/', import.meta.url)
  const found = readdirSync(folder).map(file => {
    try {
      return [file, readScriptPlan(readFileSync(new URL(file, folder), 'utf8')).edge]
    } catch (error) {
      t.true(error instanceof PlanError, String(error))
      return [file, (error as Error).message.replace(/ stands in front.*|\(\) or .*/, '')]
    }
  })
  t.deepEqual(Object.fromEntries(found), {
    'chronograf_rule.tick': '|eval()',
    'cpu_alert.tick': '|alert()',
    'cpu_thresholds.tick': 'STREAM',
    'deadman.tick': '|deadman()',
    'disk_per_path.tick': 'STREAM',
    'mem_batch_query.tick': 'BATCH',
    'post_to_sidecar.tick': 'the script has no node @squadcast',
    'service_down.tick': 'the script has 2 nodes @squadcast',
  })
})

const WISHES = {
  ...{ task: 'cpu', script: undefined, options: [], measurement: undefined },
  ...{ groupBy: undefined, byMeasurement: false },
}

test('flags win over the script: all calls of an option that is given, the measurement, the groups', t => {
  const script = `stream|from().measurement('cpu').groupBy('host')@squadcast().crit('"a" > 1').crit('"b" > 1').priority('P1').passThrough()`
  const plan = planFor(
    { ...WISHES, script, options: ['crit="a" > 2'], measurement: 'mem', groupBy: ['*'], byMeasurement: true },
    'points',
  )
  t.deepEqual(
    plan.init.options.map(({ name, values }) => [name, values[0]?.value]),
    [
      ['priority', 'P1'],
      ['crit', '"a" > 2'],
    ],
  )
  t.is(plan.selection.measurement, 'mem')
  t.like(plan.grouping, { all: true, byMeasurement: true })
  t.is(plan.init.nodeID, 'replay')
})

const RUNNING = `
var units = /^(nginx|cron)$/
var least = 2
stream
    |from()
        .where(lambda: "name" =~ units)
        .where(lambda: "x" >= least AND isPresent)
    |where(lambda: "y" == 'a' OR "y" == 'b')
    @squadcast()
stream|from()@squadcast().crit('"x" > 1')
`

test('filters are judged as the node judges its own conditions, with what variables stand for', t => {
  const script = RUNNING.replace(' AND isPresent', '')
  const { selection } = readScriptPlan(script, { node: 1 })
  const point = (name: string, x: number, y: string): PointMoment => ({
    ...{ kind: 'point', time: 0n, fields: [['x', x]], database: undefined, retentionPolicy: undefined },
    series: {
      name: 'cpu',
      tags: [
        ['name', name],
        ['y', y],
      ],
    },
  })
  t.true(isSelected(selection, point('nginx', 2, 'b')))
  for (const other of [point('sshd', 2, 'b'), point('nginx', 1, 'b'), point('nginx', 2, 'c')])
    t.false(isSelected(selection, other))
  t.false(
    isSelected(selection, { ...point('nginx', 2, 'b'), fields: [] }),
    'what cannot be evaluated does not hold',
  )
  t.throws(() => readScriptPlan(RUNNING, { node: 1 }), { message: /isPresent/ })
})

test('of several nodes one is chosen by its number', t => {
  t.like(readScriptPlan(RUNNING, { node: 2 }).options, [{ name: 'crit' }])
  t.throws(() => readScriptPlan(RUNNING), { message: /2 nodes .* say which by --node, from 1/ })
  t.throws(() => readScriptPlan(RUNNING, { node: 3 }), { message: /no node number 3; it has 2/ })
})

test('what the sidecar would refuse is refused before anything is played', t => {
  for (const [options, says] of [
    [['crit="usage" >'], /^\.crit\(\): /],
    [['minlevel=INFO'], /minlevel\(\): no such option; did you mean/],
    [['priority=P9'], /'P9' is none of P1/],
    [['all'], /\.all\(\)|for batches/],
    [['recoveryDelay=soon'], /'soon' is no duration as TICKscript writes it, such as 30s/],
    [['recoveryDelay'], /recoveryDelay takes a duration: write recoveryDelay=30s/],
    [['noRecoveries=1'], /noRecoveries takes no value/],
    [['tag=team'], /tag takes two texts: write tag=NAME=VALUE/],
    [['crit'], /crit takes a text: write crit=TEXT/],
    [['"usage" > 90'], /write NAME=VALUE/],
  ] as const)
    t.regex(
      t.throws(() => planFor({ ...WISHES, options }, 'points'), { instanceOf: PlanError }).message,
      says,
    )
})

test('an option is read with the types that it has in a script', t => {
  const { init } = planFor(
    { ...WISHES, options: ['tag=team=a=b', 'crit="a" == 1', 'stateChangesOnly=10m', 'noRecoveries'] },
    'points',
  )
  t.deepEqual(init.options, [
    {
      name: 'tag',
      values: [
        { type: 'STRING', value: 'team' },
        { type: 'STRING', value: 'a=b' },
      ],
    },
    { name: 'crit', values: [{ type: 'STRING', value: '"a" == 1' }] },
    { name: 'stateChangesOnly', values: [{ type: 'DURATION', value: 600_000_000_000n }] },
    { name: 'noRecoveries', values: [] },
  ])
})

test('data and node have to be of one kind', t => {
  const stream = 'stream|from()@squadcast()'
  const batch = `batch|query('x')@squadcastBatch()`
  t.throws(() => planFor({ ...WISHES, script: stream }, 'batches'), { message: /recording of batches, and/ })
  t.throws(() => planFor({ ...WISHES, script: batch }, 'points'), { message: /holds points, and/ })
  t.throws(() => planFor({ ...WISHES, groupBy: ['host'] }, 'batches'), { message: /groups already/ })
})
