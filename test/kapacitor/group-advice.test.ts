// Ids with a tag that nothing groups by, where a level belongs to a group; and topics that cannot be read.
import test from 'ava'
import { findingOf, saidOf } from './advice-of.ts'

const from = (groupBy = '') => `stream|from().measurement('m')${groupBy}`
const alert = (id: string) =>
  `|alert()\n.id('${id}').crit(lambda: "v" > 1).levelField('level').idField('id').topic('t')`
const HOST = '{{ index .Tags "host" }}'
const BOTH = `${HOST}/{{ index .Tags "cpu" }}`
const FOUND = ['warning id-not-grouped 2']
const batch = (groupBy = '', id = HOST) =>
  `batch|query('SELECT mean(v) AS v FROM m').period(1m).every(1m)${groupBy}\n@squadcastBatch().id('${id}').crit('"v" > 1')`

for (const [what, script, findings] of [
  ['an alert without a group', `${from()}${alert(HOST)}@squadcast()`, FOUND],
  ['an alert with its group', `${from(`.groupBy('host')`)}${alert(HOST)}@squadcast()`, []],
  ['an alert with a list', `${from(`.groupBy(['host', 'cpu'])`)}${alert(BOTH)}@squadcast()`, []],
  ['an alert with several', `${from(`.groupBy('host', 'cpu')`)}${alert(BOTH)}@squadcast()`, []],
  [
    'an alert with a list in a variable',
    `var g = ['host']\n${from('.groupBy(g)')}${alert(HOST)}@squadcast()`,
    [],
  ],
  [
    'an alert with an empty list',
    `var g = []\n${from('.groupBy(g)')}${alert(HOST)}@squadcast()`,
    ['warning id-not-grouped 3'],
  ],
  [
    'an alert with a group that only the template knows',
    `var g list\n${from('.groupBy(g)')}${alert(HOST)}@squadcast()`,
    [],
  ],
  ['an alert with every tag', `${from('.groupBy(*)')}${alert(HOST)}@squadcast()`, []],
  ['an alert with one of two', `${from(`.groupBy('host')`)}${alert(BOTH)}@squadcast()`, FOUND],
  ['a group of a node', `${from()}|groupBy('host')${alert(HOST)}@squadcast()`, []],
  [
    'a group that another one replaces',
    `${from(`.groupBy('host')`)}|groupBy('cpu')${alert(HOST)}@squadcast()`,
    FOUND,
  ],
  [
    'a group behind the alert, which comes too late',
    `${from()}${alert(HOST)}|groupBy('host')@squadcast()`,
    FOUND,
  ],
  ['.Tags.host', `${from()}${alert('{{ .Tags.host }}')}@squadcast()`, FOUND],
  [
    'an id that is put together',
    `var h = '{{ index .Tags "host" }}'\n${from()}${alert('x').replace(`'x'`, `'cpu ' + h`)}@squadcast()`,
    ['warning id-not-grouped 3'],
  ],
  ['the group itself', `${from(`.groupBy('host')`)}${alert('cpu {{ .Group }}')}@squadcast()`, []],
  [
    'an id that only the template knows',
    `var i string\n${from()}${alert('x').replace(`'x'`, 'i')}@squadcast()`,
    [],
  ],
  [
    'an id of the node, where the alert hands none on',
    `${from()}|alert().crit(lambda: "v" > 1).levelField('level').topic('t')\n@squadcast().id('${HOST}')`,
    FOUND,
  ],
  [
    'thresholds of the node behind an alert',
    `${from()}${alert('x')}@squadcast()\n.id('${HOST}').crit('"v" > 1')`,
    ['warning id-not-grouped 3'],
  ],
  [
    'a deadman',
    `${from()}|deadman(0.0, 5m)\n.id('${HOST}').levelField('level').idField('id').topic('t')@squadcast()`,
    FOUND,
  ],
  [
    'thresholds of the node on a stream, which have a level for each id',
    `${from()}@squadcast().id('${HOST}').crit('"v" > 1')`,
    [],
  ],
  ['a level that points bring', `${from()}@squadcast().id('${HOST}').levelField('status')`, []],
  [
    'a tag that a filter fixes',
    `${from().replace(')', `).where(lambda: "host" == 'a' AND "v" > 0)`)}${alert(HOST)}@squadcast()`,
    [],
  ],
  [
    'a tag that |sideload() gives',
    `${from(`.groupBy('host')`)}|sideload().source('file:///s').order('a').tag('team', 'x')${alert('{{ index .Tags "team" }}')}@squadcast()`,
    [],
  ],
  [
    'a window without a group',
    `${from()}|window().period(1m)\n@squadcastBatch().id('${HOST}').crit('"v" > 1')`,
    FOUND,
  ],
  [
    'a window with its group',
    `${from(`.groupBy('host')`)}|window().period(1m)@squadcastBatch().id('${HOST}').crit('"v" > 1')`,
    [],
  ],
  ['a query without a group', batch(), FOUND],
  ['a query with its group', batch(`.groupBy('host')`), []],
  ['a query with its group and a time', batch(`.groupBy(time(1m), 'host')`), []],
  ['a query with a time alone', batch('.groupBy(time(1m))'), FOUND],
  ['a query with every tag', batch('.groupBy(*)'), []],
  ['a Flux query, whose groups are its own', batch().replace('|query', '|queryFlux'), []],
  ['what another function hands on', `${from()}@other()${alert(HOST)}@squadcast()`, []],
  [
    'a join of sides of which one has the tag',
    `var a = ${from(`.groupBy('host')`)}\nvar b = ${from(`.groupBy('host', 'cpu')`)}\na|join(b).as('a', 'b').on('host')${alert(BOTH)}@squadcast()`,
    [],
  ],
  [
    'a union of sides of which one lacks the tag',
    `var a = ${from(`.groupBy('host')`)}\nvar b = ${from()}\na|union(b)${alert(HOST)}@squadcast()`,
    ['warning id-not-grouped 4'],
  ],
  ['every measurement in one group', `stream|from()${alert('{{ .Name }}')}@squadcast()`, FOUND],
  ['a group by measurement', `stream|from().groupByMeasurement()${alert('{{ .Name }}')}@squadcast()`, []],
  [
    'a node’s group by measurement',
    `stream|from()|groupBy('host').byMeasurement()${alert('{{ .Name }}')}@squadcast()`,
    [],
  ],
  ['one measurement', `${from()}${alert('{{ .Name }}')}@squadcast()`, []],
] as const)
  test(`an id of ${what}: ${findings.join(', ') || 'nothing'}`, t => {
    t.deepEqual(saidOf(script, ['id-not-grouped']), [...findings])
  })

test('the fix is the group to write, at the node that groups', t => {
  const fix = (script: string) => findingOf(script, 'id-not-grouped')?.fix
  t.is(fix(`${from(`.groupBy('dc')`)}${alert(HOST)}@squadcast()`), "write .groupBy('dc', 'host') on |from()")
  t.is(fix(`${from()}|groupBy('dc')${alert(HOST)}@squadcast()`), "write |groupBy('dc', 'host')")
  t.is(fix(batch()), "write .groupBy('host') on |query()")
  t.is(fix(`stream|from()${alert('{{ .Name }}')}@squadcast()`), 'add .groupByMeasurement() to |from()')
})

for (const [what, script, isFound] of [
  ['a slash', `${from()}${alert('x').replace(`'t'`, `'infra/checks'`)}@squadcast()`, true],
  [
    'a slash of a variable',
    `var topic = 'infra/' + 'x'\n${from()}${alert('x').replace(`'t'`, 'topic')}@squadcast()`,
    true,
  ],
  ['other signs', `${from()}${alert('x').replace(`'t'`, `'a?b#c%d&e:f+g h ä'`)}@squadcast()`, false],
  [
    'a slash, and levels that the node makes itself',
    `${from()}${alert('x').replace(`'t'`, `'a/b'`)}@squadcast().id('x').crit('"v" > 1')`,
    false,
  ],
] as const)
  test(`a topic with ${what} is ${isFound ? 'found to be unreadable' : 'right'}`, t => {
    const finding = findingOf(script, 'topic-unreadable')
    t.is(finding?.severity, isFound ? 'warning' : undefined)
  })

test('the fix is the topic to write', t => {
  const script = `${from()}${alert('x').replace(`'t'`, `'infra/checks/a'`)}@squadcast()`
  t.is(findingOf(script, 'topic-unreadable')?.fix, "name it without a slash: .topic('infra-checks-a')")
})
