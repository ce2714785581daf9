import test from 'ava'
import type { Place } from '../../src/incident/go-zone.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { nodeSettings, OptionError } from '../../src/udf/options.ts'
import { decodeInit, type EdgeType, openEnvelope } from '../../src/wire/messages.ts'
import { option } from '../fakes/peer.ts'
import { flag, init, type Message } from '../fakes/requests.ts'
import { scopeOf } from '../fakes/scope.ts'
import { encodeRequest } from '../fakes/udf-types.ts'
import { MISTAKES, typed } from './mistakes.ts'

function settingsOf(options: readonly Message[], edge: EdgeType = 'STREAM', local?: Place): NodeSettings {
  const body = encodeRequest(init(...options))
  const { start, end } = openEnvelope(body, 0, body.length)
  return nodeSettings(edge, decodeInit(body.subarray(start, end)), local)
}

const VALUES = {
  id: '',
  name: 'cpu',
  taskName: '',
  group: '',
  level: '',
  message: '',
  time: 0n,
  duration: 0n,
}
const SCOPE = scopeOf({ usage: 91 }, { host: 'a' })

test('a node without options takes what the points say and opens from INFO', t => {
  t.deepEqual(settingsOf([]), {
    task: 'cpu_alert',
    node: 'squadcast2',
    endpoint: 'default',
    names: {},
    thresholds: [],
    minLevel: Level.info,
    noRecoveries: false,
    passThrough: false,
    all: false,
    labels: [],
  })
})

const SIMPLE: readonly (readonly [options: Message[], settings: Partial<NodeSettings>, edge?: EdgeType])[] = [
  [[option('endpoint', 'night')], { endpoint: 'night' }],
  [[option('levelField', 'state')], { names: { levelField: 'state' } }],
  [
    ['levelField', 'levelTag', 'idField', 'idTag', 'messageField', 'durationField'].map(name =>
      option(name, `my ${name}`),
    ),
    {
      names: {
        levelField: 'my levelField',
        levelTag: 'my levelTag',
        idField: 'my idField',
        idTag: 'my idTag',
        messageField: 'my messageField',
        durationField: 'my durationField',
      },
    },
  ],
  [[option('minLevel', 'INFO')], { minLevel: Level.info }],
  [[option('minLevel', 'WARNING')], { minLevel: Level.warning }],
  [[option('minLevel', 'CRITICAL')], { minLevel: Level.critical }],
  [[option('priority', 'P1')], { priority: 'P1' }],
  [[option('priority', 'P5')], { priority: 'P5' }],
  [[flag('noRecoveries')], { noRecoveries: true }],
  [[flag('passThrough')], { passThrough: true }],
  [[flag('passThrough'), flag('passThrough')], { passThrough: true }],
  [[flag('all')], { all: true }, 'BATCH'],
  [
    [option('tag', 'team', 'core'), option('tag', 'team', 'night'), option('tag', 'note', '')],
    {
      labels: [
        ['team', 'core'],
        ['team', 'night'],
        ['note', ''],
      ],
    },
  ],
  [[option('endpoint', 'first'), option('endpoint', 'last')], { endpoint: 'last' }],
  [[option('minLevel', 'CRITICAL'), option('minLevel', 'WARNING')], { minLevel: Level.warning }],
]

for (const [options, expected, edge] of SIMPLE) {
  const said = Object.entries(expected).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  test(`${JSON.stringify(options).slice(0, 90)} gives ${said}`, t => {
    t.like(settingsOf(options, edge), expected)
  })
}

test('id, message and details are templates, kept apart', t => {
  const { id, message, details } = settingsOf([
    option('id', 'id {{ .Name }}'),
    option('message', 'message {{ .Name }}'),
    option('details', 'details {{ index .Tags "host" }}'),
  ])
  const rendered = [id, message, details].map(template => template?.render({ ...VALUES, scope: SCOPE }))
  t.deepEqual(rendered, ['id cpu', 'message cpu', 'details a'])
})

test('local time of message and details is that of the place that was passed in, and UTC otherwise', t => {
  const options = ['message', 'details'].map(name => option(name, '{{ .Time.Local.Format "15:04 MST" }}'))
  const of = (local?: Place) => {
    const { message, details } = settingsOf(options, 'STREAM', local)
    return [message, details].map(template => template?.render({ ...VALUES, scope: SCOPE }))
  }
  t.deepEqual(
    of(() => ({ offset: 19_800, name: 'IST' })),
    ['05:30 IST', '05:30 IST'],
  )
  t.deepEqual(of(), ['00:00 UTC', '00:00 UTC'])
})

test('of a template that stands twice the last counts, and the first is not even read', t => {
  const { message } = settingsOf([option('message', '{{ broken'), option('message', 'good')])
  t.is(message?.render({ ...VALUES, scope: SCOPE }), 'good')
})

test('message and details may say what an id must not', t => {
  const all = '{{ .ID }} {{ .Level }} {{ .Time }} {{ .Duration }}'
  t.notThrows(() => settingsOf([option('message', all), option('details', `${all} {{ .Message }}`)]))
})

test('thresholds stand highest first, whatever the order of the script, each with its conditions and resets', t => {
  const { thresholds } = settingsOf([
    option('info', '"usage" > 10'),
    option('critReset', '"usage" < 85'),
    option('crit', '"usage" > 90'),
    option('warn', '"usage" > 50'),
    option('crit', '"host" == \'b\''),
  ])
  const shown = thresholds.map(({ level, conditions, resets }) => [
    level,
    conditions.map(({ source }) => source),
    resets.map(({ source }) => source),
  ])
  t.deepEqual(shown, [
    [Level.critical, ['"usage" > 90', '"host" == \'b\''], ['"usage" < 85']],
    [Level.warning, ['"usage" > 50'], []],
    [Level.info, ['"usage" > 10'], []],
  ])
  t.deepEqual(
    thresholds[0]!.conditions.map(condition => condition.holds(SCOPE)),
    [true, false],
  )
})

test('what depends on the configuration is not refused', t => {
  t.is(settingsOf([option('endpoint', 'no such endpoint')]).endpoint, 'no such endpoint')
})

for (const { title, options, sentence, edge } of MISTAKES) {
  test(`${title} is refused`, t => {
    const error = t.throws(() => settingsOf(options, edge), { instanceOf: OptionError })
    if (typeof sentence === 'string') t.is(error?.message, sentence)
    else t.regex(error?.message ?? '', sentence)
  })
}

const duration = (name: string, nanoseconds: string) =>
  typed(name, { type: 'DURATION', durationValue: nanoseconds })
const MINUTE = '60000000000'

const TIMINGS = [
  ['stateChangesOnly', 'tellAgainAfterMs'],
  ['recoveryDelay', 'recoveryDelayMs'],
  ['recoverWhenSilent', 'silentAfterMs'],
] as const

for (const [name, setting] of TIMINGS) {
  test(`.${name}() takes a duration of more than nothing`, t => {
    const crit = option('crit', '"usage" > 90')
    t.is(settingsOf([crit, duration(name, MINUTE)])[setting], 60_000)
    t.is(settingsOf([crit, duration(name, '1')])[setting], 1)
    t.is(settingsOf([crit])[setting], undefined)
    for (const nothing of ['0', '-5'])
      t.throws(() => settingsOf([crit, duration(name, nothing)]), {
        instanceOf: OptionError,
        message: `.${name}(): the duration must be longer than nothing, such as 10m`,
      })
  })
}

test('.recoverWhenSilent() is refused where silence is usual', t => {
  const silent = duration('recoverWhenSilent', MINUTE)
  for (const speaks of [option('warn', '"usage" > 1'), option('levelField', 'l'), option('levelTag', 'l')])
    t.is(settingsOf([speaks, silent]).silentAfterMs, 60_000)
  t.throws(() => settingsOf([silent]), {
    instanceOf: OptionError,
    message: /^\.recoverWhenSilent\(\): needs thresholds such as \.crit\(\)/,
  })
})

test('where a script has two mistakes, one of them is told', t => {
  const both = [option('priority', 'P9'), option('minLevel', 'HIGH')]
  t.throws(() => settingsOf(both), { instanceOf: OptionError, message: /^\.(priority|minLevel)\(\): / })
})

test('a sentence about a long text of astral characters is still text', t => {
  const long = `${'🔥'.repeat(200)}{{ .Nothing }}${'🔥'.repeat(200)}`
  const error = t.throws(() => settingsOf([option('message', long)]), { instanceOf: OptionError })
  t.true(error?.message.isWellFormed())
  t.true((error?.message.length ?? 0) < 600)
})
