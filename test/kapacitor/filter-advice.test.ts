// Filters in front that let no good point through, and filters that do.
import test from 'ava'
import { findingOf, saidOf } from './advice-of.ts'

const FROM = `stream|from().measurement('cpu').groupBy('host')`
const NODE = `@squadcast().id('x').crit('"usage" > 90')`
const ALERT = `|alert().crit(lambda: "usage" > 90).levelField('level').idField('id').topic('cpu')`
const node = (condition: string) => `@squadcast().id('x').crit('${condition}')`
const where = (lambda: string) => `${FROM}\n|where(lambda: ${lambda})`
const FOUND = ['warning filter-in-front 2']

for (const [what, script, findings] of [
  // On the field of the condition.
  ['the condition itself', where('"usage" > 90') + NODE, FOUND],
  ['nearly the condition', where('"usage" >= 90.0') + NODE, FOUND],
  ['a lower bound on the same side', where('"usage" > 50') + NODE, FOUND],
  ['beside a tag', where(`"cpu" == 'cpu-total' AND "usage" > 90`) + NODE, FOUND],
  ['the other way round', where('90 < "usage"') + NODE, FOUND],
  ['negated', where('!("usage" <= 90)') + NODE, FOUND],
  ['a conversion', where('float("usage") > 90.0') + NODE, FOUND],
  ['a bound in a variable', `var n = 90\n${FROM}|where(lambda: "usage" > n)${NODE}`, FOUND],
  ['a lambda in a variable', `var high = lambda: "usage" > 90\n${FROM}|where(high)${NODE}`, FOUND],
  ['.where() of |from()', `${FROM}\n.where(lambda: "usage" > 90)${NODE}`, FOUND],
  [
    'two .where() of |from()',
    `${FROM}.where(lambda: "cpu" == 'a')\n.where(lambda: "usage" > 90)${NODE}`,
    FOUND,
  ],
  ['a condition on what is low', where('"idle" < 20') + node('"idle" < 10'), FOUND],
  ['a state that is not the good one', where('"up" == 0') + node('"up" == 0'), FOUND],
  ['a count that is not zero', where('"errors" > 0') + node('"errors" > 0'), FOUND],
  ['a code that is not zero', where('"code" != 0') + node('"code" == 2'), FOUND],
  ['a boolean', where('"bad"') + node('"bad" == TRUE'), FOUND],
  ['a text', where(`"state" != 'up'`) + node(`"state" == \\'down\\'`), FOUND],
  ['a text as in the condition', where(`"state" == 'down'`) + node(`"state" == \\'down\\'`), FOUND],
  ['a dynamic threshold', where('"usage" > "limit"') + node('"usage" > "limit"'), FOUND],
  ['a range', where('"t" < 10 OR "t" > 90') + node('"t" < 10 OR "t" > 90'), FOUND],
  [
    'several conditions',
    `${where('"usage" > 80')}@squadcast().warn('"usage" > 80').crit('"usage" > 95')`,
    FOUND,
  ],
  ['far in front', `${where('"usage" > 90')}|window().period(1m)|mean('usage').as('usage')${NODE}`, FOUND],
  [
    'what the field is made of',
    `${where('"idle" < 10')}|eval(lambda: 100.0 - "idle").as('usage')${NODE}`,
    FOUND,
  ],
  [
    'what a count is about',
    `${where('"usage" > 90')}|stateCount(lambda: "usage" > 90)${node('"state_count" >= 2')}`,
    FOUND,
  ],
  [
    'the count',
    `${FROM}|stateDuration(lambda: "usage" > 90)\n|where(lambda: "state_duration" >= 0)${node('"state_duration" > 60')}`,
    FOUND,
  ],
  [
    'one side of a join',
    `var a = ${where('"v" > 9')}\nvar b = stream|from()\na|join(b).as('a', 'b')${node('"a.v" > 9')}`,
    FOUND,
  ],
  [
    'the filter of a query',
    `batch\n|query('SELECT mean("usage") AS u FROM cpu WHERE "usage" > 90').groupBy('host')@squadcastBatch().crit('"u" > 90')`,
    FOUND,
  ],
  ['in front of the alert', `${where('"usage" > 90') + ALERT}@squadcast()`, FOUND],
  ['between the alert and the node', `${FROM}${ALERT}\n|where(lambda: "usage" > 90)@squadcast()`, FOUND],
  // Those that let it through.
  ['a filter of Chronograf for nothing', `var f = lambda: TRUE\n${FROM}.where(f)${NODE}`, []],
  ['a tag', where(`"cpu" == 'cpu-total' AND "host" != 'test'`) + NODE, []],
  [
    'a tag that the condition names too',
    where(`"host" != 'test'`) + node(`"usage" > 90 AND "host" != \\'test\\'`),
    [],
  ],
  ['another field', where('"load" > 5') + NODE, []],
  ['a field under OR', where(`"usage" > 90 OR "cpu" == 'cpu-total'`) + NODE, []],
  ['what is no measurement', where('"usage" >= 0 AND "usage" <= 100') + NODE, []],
  ['zero', where('"usage" > 0') + NODE, []],
  ['what is no measurement of what is low', where('"idle" >= 0 AND "idle" <= 100') + node('"idle" < 10'), []],
  ['the bad extreme', where('"usage" < 1000') + NODE, []],
  ['that it is there', where('isPresent("usage")') + NODE, []],
  ['hours of the day', where('hour("time") > 7') + NODE, []],
  [
    'a count of what is filtered',
    `${where('"status" >= 500')}|window().period(1m)|count('status')${node('"count" > 10')}`,
    [],
  ],
  ['a filter that only the template knows', `var f lambda\n${where('f')}${NODE}`, []],
  [
    'a condition that only the template knows',
    `var c string\n${where('"usage" > 90')}@squadcast().crit(c)`,
    [],
  ],
  [
    'a name that something makes between',
    `${where('"usage" > 90')}|eval(lambda: sigma("usage")).as('s')${node('"s" > 3')}`,
    [],
  ],
  ['a maintenance state', where(`"state" != 'maintenance'`) + node(`"state" == \\'down\\'`), []],
  [
    'another branch lets the rest through',
    `var a = ${where('"usage" > 90')}\nvar b = ${FROM}|where(lambda: "usage" <= 90)\na|union(b)${NODE}`,
    [],
  ],
  ['silence that ends incidents', `${where('"usage" > 90') + NODE}.recoverWhenSilent(10m)`, []],
  [
    'the filter of a query on a tag',
    `batch|query('SELECT mean("usage") AS u FROM cpu WHERE cpu = \\'cpu-total\\' AND usage >= 0').groupBy('host')@squadcastBatch().crit('"u" > 90')`,
    [],
  ],
  ['changes alone', `${FROM}|changeDetect('usage')${NODE}`, []],
  // On the level.
  ['no OK', `${FROM}${ALERT}\n|where(lambda: "level" != 'OK')@squadcast()`, FOUND],
  ['one level', `${FROM}${ALERT}\n|where(lambda: "level" == 'CRITICAL')@squadcast()`, FOUND],
  ['levels by a pattern', `${FROM}${ALERT}\n|where(lambda: "level" =~ /CRIT|WARN/)@squadcast()`, FOUND],
  [
    'a level under another name',
    `${FROM}${ALERT.replace(`'level'`, `'sev'`)}\n|where(lambda: "sev" != 'OK')@squadcast().levelField('sev')`,
    FOUND,
  ],
  [
    'a level that points bring',
    `${FROM}\n|where(lambda: "status" != 'OK')@squadcast().levelField('status')`,
    FOUND,
  ],
  [
    'an OK beside another level',
    `${FROM}${ALERT}|where(lambda: "level" == 'OK' OR "level" == 'CRITICAL')@squadcast()`,
    [],
  ],
  ['a level that is left out', `${FROM}${ALERT}|where(lambda: "level" != 'INFO')@squadcast()`, []],
  [
    'a field level in front of the alert',
    `${FROM}|where(lambda: "level" == 'error')${ALERT}@squadcast()`,
    [],
  ],
  [
    'how much there is of what a ratio is about',
    `${where('"requests" > 100')}|eval(lambda: float("errors") / float("requests")).as('ratio')${node('"ratio" > 0.05')}`,
    [],
  ],
  [
    'how large a disk is',
    `${where('"total" > 1000000')}|eval(lambda: float("used") / float("total")).as('ratio')${node('"ratio" > 0.9')}`,
    [],
  ],
  ['what the condition asks for too', where('"uptime" > 300') + node('"usage" > 90 AND "uptime" > 300'), []],
  ['codes that there are', where('"code" >= 200 AND "code" < 600') + node('"code" >= 500'), []],
  ['codes that are no success', where('"code" >= 300') + node('"code" >= 500'), FOUND],
  [
    'two traps, one of which is good',
    where(`"trap" == 'linkDown' OR "trap" == 'linkUp'`) + node(`"trap" == \\'linkDown\\'`),
    [],
  ],
  [
    'a part of a ratio that makes it bad',
    `${where('"errors" > 200')}|eval(lambda: float("errors") / 100.0).as('ratio')${node('"ratio" > 1.0')}`,
    FOUND,
  ],
  ['a field level in front of a node with thresholds', `${where(`"level" == 'error'`)}${NODE}`, []],
] as const)
  test(`a filter on ${what}: ${findings.join(', ') || 'nothing'}`, t => {
    t.deepEqual(saidOf(script, ['filter-in-front']), [...findings])
  })

test('the fix names the field, and what does it instead', t => {
  t.is(
    findingOf(where('"usage" > 90') + NODE, 'filter-in-front')?.fix,
    'take "usage" out of |where(); or let silence end the incidents: .recoverWhenSilent(10m) on @squadcast()',
  )
  t.is(
    findingOf(`${FROM}${ALERT}|where(lambda: "level" != 'OK')@squadcast()`, 'filter-in-front')?.fix,
    `take "level" out of it; .minLevel('WARNING') on @squadcast() leaves out what is lower, and still resolves`,
  )
})
