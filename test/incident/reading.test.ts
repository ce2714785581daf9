// What a point says of an incident: each source of level, id, message and duration, and what it takes away from
// the data; groups and default ids.
import test from 'ava'
import fc from 'fast-check'
import { capId } from '../../src/incident/id.ts'
import { type LevelName, levelName } from '../../src/incident/level.ts'
import type { FieldNames } from '../../src/incident/node-settings.ts'
import type { FieldValue } from '../../src/incident/point.ts'
import {
  type GroupSource,
  groupOf,
  incidentId,
  levelFromOutside,
  NOTHING_CONSUMED,
  plainGroup,
  readOutside,
  tagsThatMayBeConsumed,
} from '../../src/incident/reading.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { nodeWith, point, thresholds } from './points.ts'

type Fields = Readonly<Record<string, FieldValue>>
type Tags = Readonly<Record<string, string>>

const LEVELS: readonly (readonly [what: string, FieldNames, Fields, Tags, level: LevelName | undefined])[] = [
  ['the usual field', {}, { level: 'WARNING' }, {}, 'WARNING'],
  ['the usual tag', {}, {}, { level: 'INFO' }, 'INFO'],
  ['the usual field before the tag', {}, { level: 'OK' }, { level: 'CRITICAL' }, 'OK'],
  ['the usual field in another case: no level', {}, { level: 'critical' }, {}, undefined],
  ['the usual tag in another case: no level', {}, {}, { level: 'Critical' }, undefined],
  ['a usual field that is no level, before a tag that is', {}, { level: 'high' }, { level: 'INFO' }, 'INFO'],
  ['a usual field that is a number, before a tag', {}, { level: 3n }, { level: 'CRITICAL' }, 'CRITICAL'],
  ['an empty usual field, before a tag', {}, { level: '' }, { level: 'OK' }, 'OK'],
  ['nothing at all', {}, { usage: 97.5 }, { host: 'alpha' }, undefined],
  ['a name nobody uses', {}, { severity: 'CRITICAL' }, {}, undefined],
  ['a named field', { levelField: 'severity' }, { severity: 'CRITICAL' }, {}, 'CRITICAL'],
  ['a named field in any case', { levelField: 'severity' }, { severity: 'Critical' }, {}, 'CRITICAL'],
  ['a named tag in any case', { levelTag: 'severity' }, {}, { severity: 'ok' }, 'OK'],
  ['a usual name in any case, when named', { levelField: 'level' }, { level: 'info' }, {}, 'INFO'],
  [
    'a named field before a named tag',
    { levelField: 'severity', levelTag: 'state' },
    { severity: 'warning' },
    { state: 'critical' },
    'WARNING',
  ],
  [
    'a named tag where the named field is missing',
    { levelField: 'severity', levelTag: 'state' },
    {},
    { state: 'critical' },
    'CRITICAL',
  ],
  [
    'a named tag where the named field is no string',
    { levelField: 'severity', levelTag: 'state' },
    { severity: 2 },
    { state: 'critical' },
    'CRITICAL',
  ],
  [
    'a name ends the search: the usual field is not looked at',
    { levelField: 'severity' },
    { level: 'CRITICAL' },
    { level: 'CRITICAL' },
    undefined,
  ],
  [
    'a named field is not looked for among the tags',
    { levelField: 'severity' },
    {},
    { severity: 'CRITICAL' },
    undefined,
  ],
  ['a named field that is no string', { levelField: 'severity' }, { severity: true }, {}, undefined],
  ['a named field that is empty', { levelField: 'severity' }, { severity: '' }, {}, undefined],
  ['a named field that is no level', { levelField: 'severity' }, { severity: 'fatal' }, {}, undefined],
]

for (const [what, names, fields, tags, expected] of LEVELS)
  test(`the level: ${what}`, t => {
    const level = levelFromOutside(names, point({ fields, tags }))
    t.is(level === undefined ? undefined : levelName(level), expected)
  })

const L = { level: 'CRITICAL' }

const IDS: readonly (readonly [what: string, FieldNames, Fields, Tags, id: string | undefined])[] = [
  ['the usual field', {}, { id: 'f' }, { id: 't', alertID: 'a' }, 'f'],
  ['the usual tag', {}, {}, { id: 't', alertID: 'a' }, 't'],
  ["the tag of Chronograf's rules", {}, {}, { alertID: 'a' }, 'a'],
  ['a field of that name: none', {}, { alertID: 'a' }, {}, undefined],
  ['a usual field that is no string', {}, { id: 7n }, { id: 't' }, 't'],
  ['empty ones', {}, { id: '' }, { id: '', alertID: '' }, undefined],
  ['none', {}, {}, {}, undefined],
  ['a named field', { idField: 'alert' }, { alert: 'n', id: 'f' }, {}, 'n'],
  ['a named tag', { idTag: 'alert' }, { alert: 'f' }, { alert: 'n', id: 't' }, 'n'],
  ['a named field before a named tag', { idField: 'x', idTag: 'y' }, { x: '1' }, { y: '2' }, '1'],
  ['a named tag where the field is missing', { idField: 'x', idTag: 'y' }, {}, { y: '2' }, '2'],
  ['a name ends the search', { idField: 'alert' }, { id: 'f' }, { id: 't', alertID: 'a' }, undefined],
]

for (const [what, names, fields, tags, expected] of IDS)
  test(`the id from outside: ${what}`, t => {
    t.is(readOutside(names, point({ fields: { ...L, ...fields }, tags })).id, expected)
  })

const MESSAGES: readonly (readonly [what: string, FieldNames, Fields, message: string | undefined])[] = [
  ['the usual field', {}, { message: 'disk full' }, 'disk full'],
  ['a named field', { messageField: 'text' }, { text: 'disk full', message: 'no' }, 'disk full'],
  ['a name ends the search', { messageField: 'text' }, { message: 'no' }, undefined],
  ['no string', {}, { message: 1 }, undefined],
  ['an empty one', {}, { message: '' }, undefined],
]

for (const [what, names, fields, expected] of MESSAGES)
  test(`the message from outside: ${what}`, t => {
    t.is(readOutside(names, point({ fields, tags: { message: 'a tag' } })).message, expected)
  })

const DURATIONS: readonly (readonly [what: string, FieldNames, Fields, duration: bigint | undefined])[] = [
  ['the usual field', {}, { duration: 5_000_000_000n }, 5_000_000_000n],
  ['a named field', { durationField: 'lasts' }, { lasts: 3n, duration: 5n }, 3n],
  ['a name ends the search', { durationField: 'lasts' }, { duration: 5n }, undefined],
  ['zero', {}, { duration: 0n }, 0n],
  ['a negative one is none', {}, { duration: -1n }, 0n],
  ['a float is none', {}, { duration: 5 }, undefined],
  ['a string is none', {}, { duration: '5s' }, undefined],
]

for (const [what, names, fields, expected] of DURATIONS)
  test(`the duration from outside: ${what}`, t => {
    t.is(readOutside(names, point({ fields })).duration, expected)
  })

const consumed = (names: FieldNames, fields: Fields, tags: Tags): string[] => {
  const read = readOutside(names, point({ fields, tags })).consumed
  return [...[...read.fields].map(name => `field ${name}`), ...[...read.tags].map(name => `tag ${name}`)]
}

test('what was read as level, id, message or duration is taken out of the data', t => {
  const fields = { level: 'OK', id: 'x', message: 'm', duration: 1n, usage: 5 }
  t.deepEqual(consumed({}, fields, {}), ['field level', 'field id', 'field message', 'field duration'])
  t.deepEqual(consumed({}, {}, { level: 'OK', alertID: 'x', host: 'a' }), ['tag level', 'tag alertID'])
  const names = { levelTag: 'l', idField: 'i', messageField: 'm', durationField: 'd' }
  t.deepEqual(consumed(names, { i: 'x', m: 'y', d: 2n }, { l: 'ok' }), [
    'field i',
    'field m',
    'field d',
    'tag l',
  ])
})

test('what was not read stays data: the second choice, the wrong type, the empty text', t => {
  t.deepEqual(consumed({}, { level: 'OK' }, { level: 'OK' }), ['field level'])
  t.deepEqual(consumed({}, { level: 'high', id: '', message: 3, duration: 1.5 }, { level: 'OK' }), [
    'tag level',
  ])
  t.deepEqual(consumed({}, { id: 'x' }, { id: 'y', alertID: 'z' }), ['field id'])
})

const source = (parts: Partial<GroupSource>): GroupSource => ({
  name: 'cpu',
  byName: false,
  tags: [],
  ...parts,
})
const HOST_AND_REGION = [
  ['host', 'alpha'],
  ['region', 'eu'],
] as const

const GROUPS: readonly (readonly [what: string, Partial<GroupSource>, text: string])[] = [
  ['no tags', {}, 'nil'],
  ['tags in the order given', { tags: HOST_AND_REGION }, 'host=alpha,region=eu'],
  ['a tag that the point lacks', { tags: [['host', '']] }, 'host='],
  ['by measurement alone', { byName: true }, 'cpu'],
  ['by measurement and tags', { byName: true, tags: HOST_AND_REGION }, 'cpu\nhost=alpha,region=eu'],
  ['by a measurement without a name', { byName: true, name: '' }, 'nil'],
  ['values that look like groups', { tags: [['path', 'a=b,c=d\ne']] }, 'path=a=b,c=d\ne'],
]

for (const [what, parts, expected] of GROUPS)
  test(`the group: ${what}`, t => {
    t.is(groupOf(source(parts), NOTHING_CONSUMED).text, expected)
  })

test('the group is without the tags that were read as level and id', t => {
  const tags = [['alertID', 'x'], ...HOST_AND_REGION.slice(0, 1), ['level', 'WARNING']] as const
  const read = readOutside({}, point({ tags: Object.fromEntries(tags) })).consumed
  t.deepEqual(groupOf(source({ tags }), read), { text: 'host=alpha', tags: { host: 'alpha' } })
  t.deepEqual(groupOf(source({ tags, byName: true }), read).text, 'cpu\nhost=alpha')
  t.deepEqual(groupOf(source({ tags: tags.slice(0, 1) }), read), { text: 'nil', tags: {} })
})

test('a group tag stays when a field was read in its place', t => {
  const tags = [['level', 'three']] as const
  const read = readOutside({}, point({ fields: L, tags: { level: 'three' } })).consumed
  t.is(groupOf(source({ tags }), read).text, 'level=three')
})

const subject = { name: 'cpu', group: 'host=alpha', scope: point({ tags: { host: 'alpha' } }) }
const byConditions = { thresholds: thresholds({ crit: '"usage" > 90' }) }

test('without an id of their own, incidents are called as Kapacitor calls alerts', t => {
  t.is(incidentId(nodeWith(), undefined, subject), 'cpu:host=alpha')
  t.is(incidentId(nodeWith(), undefined, { ...subject, group: 'nil' }), 'cpu:nil')
})

test('with conditions of the node, the task is part of the default id', t => {
  t.is(incidentId(nodeWith(byConditions), undefined, subject), 'cpu_alert:cpu:host=alpha')
})

test('an id from outside wins over the template, and the template over the default', t => {
  const id = compileTemplate('{{ .TaskName }}/{{ .Name }}/{{ .Group }}/{{ index .Tags "host" }}')
  t.is(incidentId(nodeWith({ id }), 'from outside', subject), 'from outside')
  t.is(incidentId(nodeWith({ id }), undefined, subject), 'cpu_alert/cpu/host=alpha/alpha')
  t.is(incidentId(nodeWith({ id, ...byConditions }), undefined, subject), 'cpu_alert/cpu/host=alpha/alpha')
})

test('a template that comes out empty gives way to the default', t => {
  const id = compileTemplate('{{ index .Tags "rack" }}')
  t.is(incidentId(nodeWith({ id }), undefined, subject), 'cpu:host=alpha')
})

test('an id of any source is capped, and two long ones stay two', t => {
  const long = 'ä'.repeat(4_000)
  const id = compileTemplate('{{ .Group }}')
  const found = [
    incidentId(nodeWith(), `${long}1`, subject),
    incidentId(nodeWith(), `${long}2`, subject),
    incidentId(nodeWith({ id }), undefined, { ...subject, group: `${long}3` }),
    incidentId(nodeWith(), undefined, { ...subject, group: `${long}4` }),
  ]
  t.true(found.every(capped => Buffer.byteLength(capped) <= 1024))
  t.is(new Set(found).size, 4)
})

test('a group that is told soon is the group that the whole reading tells, capped or not', t => {
  const text = fc.oneof(fc.constantFrom('', 'host', 'level', 'alertID', 'x'.repeat(400)), fc.string())
  const made = { soon: 0, later: 0 }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text), { maxLength: 5 }),
      text,
      fc.boolean(),
      (pairs, name, byName) => {
        const tags = Object.fromEntries(pairs)
        const dimensions = Object.keys(tags)
        const soon = plainGroup(point({ name, byName, dimensions, tags }), tagsThatMayBeConsumed({}))
        if (soon === undefined) made.later++
        else {
          made.soon++
          const whole = groupOf(
            { name, byName, tags: dimensions.map(key => [key, tags[key]!]) },
            NOTHING_CONSUMED,
          )
          t.is(soon, capId(whole.text))
        }
      },
    ),
  )
  t.true(made.soon > 0 && made.later > 0)
})
