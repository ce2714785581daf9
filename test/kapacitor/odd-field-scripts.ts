// Scripts by what is said of their fields. Every one on a stream was played on Kapacitor 1.5.9 and 1.8.3: both panicked at
// those with a problem, and at no other. What is only a warning depends on the data.

export const PUMPS = `var flow = stream|from().measurement('flow').groupBy('pump')
var motor = stream|from().measurement('motor').groupBy('pump')
`
export const JOIN = `flow|join(motor).as('flow', 'motor').tolerance(1s).fill('null')`
export const LITRES = `@squadcast().id('x').crit('"flow.litres" < 5')`
const VALUE = `@squadcast().id('x').crit('"flow.value" < 5')`
const CPU = `stream|from().measurement('cpu').groupBy('host')`
export const USAGE = `@squadcast().id('x').crit('"usage" > 90')`
export const sideload = (fields: string) => `${CPU}|sideload().source('file:///s').order('a.yml')${fields}`
export const joined = (behind: string, node = LITRES) => `${PUMPS}${JOIN}${behind}${node}`
const NULL = ['problem null-field 3']

/** What it is, the script, what is found. */
export const SCRIPTS: readonly (readonly [string, string, readonly string[]])[] = [
  // A join that fills with null.
  ['nothing behind the join', joined(''), NULL],
  ['an alert behind it', `${PUMPS}${JOIN}|alert().crit(lambda: "flow.litres" < 5)${'@squadcast()'}`, NULL],
  [
    'the fill in a variable',
    `var how = '''null'''\n${joined('').replace(`'null'`, 'how')}`,
    ['problem null-field 4'],
  ],
  ['the joined points in a variable', `${PUMPS}var both = ${JOIN}\nboth|log()\nboth${LITRES}`, NULL],
  ['a delimiter of its own', joined(`.delimiter('#')`, `@squadcast().crit('"flow#litres" < 5')`), NULL],
  ['a fill with zero', joined('').replace(`'null'`, '0.0'), []],
  ['a fill with none', joined('').replace(`'null'`, `'none'`), []],
  ['a fill that only the template knows', `var how string\n${joined('').replace(`'null'`, 'how')}`, []],
  ['no fill', joined('').replace(`.fill('null')`, ''), []],
  [
    'defaults of the fields that are read, which leaves those of the other side',
    joined(`|default().field('motor.on', FALSE).field('flow.litres', 0.0)`),
    NULL,
  ],
  [
    'defaults, and all kept',
    joined(`|default().field('motor.on', FALSE).field('flow.litres', 0.0)|eval().keep()`),
    NULL,
  ],
  [
    'defaults, and these alone kept',
    joined(
      `|default().field('motor.on', FALSE).field('flow.litres', 0.0)|eval().keep('motor.on', 'flow.litres')`,
    ),
    [],
  ],
  [
    'defaults, and one of them and a result kept',
    joined(
      `|default().field('flow.litres', 9.0)|eval(lambda: "flow.litres" * 2.0).as('x').keep('x', 'flow.litres')`,
    ),
    [],
  ],
  [
    'defaults of the same name of both sides, whose other names are not known',
    joined(`|default().field('motor.value', 0.0).field('flow.value', 0.0)`, VALUE),
    ['warning null-field 3'],
  ],
  [
    'the same of sides that have that one field',
    `${PUMPS}flow|mean('litres').as('value')|join(motor|count('on').as('value')).as('flow', 'motor').fill('null')|default().field('flow.value', 0.0).field('motor.value', 0)${VALUE}`,
    [],
  ],
  [
    'sides that have that one field, and no default',
    `${PUMPS}flow|mean('litres').as('value')\n|join(motor|count('on').as('value')).as('flow', 'motor').fill('null')${VALUE}`,
    NULL.map(one => one.replace('3', '4')),
  ],
  [
    'fields that only their own side has, kept: the point is dropped',
    joined(`|eval().keep('flow.litres', 'motor.on')`),
    [],
  ],
  ['fields that both have, kept', joined(`|eval().keep('flow.value', 'motor.value')`, VALUE), NULL],
  [
    'a filter that asks for both',
    joined(`|where(lambda: isPresent("flow.litres") AND isPresent("motor.on"))`),
    [],
  ],
  [
    'a filter that asks for one',
    joined(`|where(lambda: isPresent("flow.litres"))|eval(lambda: 1).as('n').keep()`),
    NULL,
  ],
  ['a filter with a lone name under OR', joined(`|where(lambda: "flow.litres" < 5 OR "motor.on")`), []],
  ['results alone', joined(`|eval(lambda: "flow.litres" * 2.0).as('flow.litres')`), []],
  [
    'a result of both, beside all',
    joined(`|eval(lambda: "flow.litres" > 1.0 AND "motor.on").as('r').keep()`),
    [],
  ],
  ['a result of one, beside all', joined(`|eval(lambda: "flow.litres" * 2.0).as('r').keep()`), NULL],
  [
    'isPresent() alone, beside all',
    joined(`|eval(lambda: if(isPresent("motor.on"), 1, 0)).as('seen').keep()`),
    NULL,
  ],
  [
    'isPresent() and what it asked for',
    joined(`|eval(lambda: if(isPresent("motor.on"), 1, 0)).as('seen').keep('seen', 'motor.on')`),
    ['problem missing-field 3'],
  ],
  ['a count that reads both', joined(`|stateCount(lambda: "flow.litres" < 5 AND "motor.on")`), []],
  [
    'the last of a window, a whole point',
    joined(`|window().period(20s).every(20s)|last('flow.litres').as('flow.litres')`),
    NULL,
  ],
  [
    'the mean of a window',
    joined(`|window().period(20s).every(20s)|mean('flow.litres').as('flow.litres')`),
    [],
  ],
  [
    'the mean of a field that is null itself',
    joined(`|window().period(20s).every(20s)|mean('motor.litres').as('flow.litres')`),
    NULL,
  ],
  [
    'deleted',
    joined(`|delete().field('motor.litres').field('flow.on')|eval(lambda: 1).as('flow.litres')`),
    [],
  ],
  [
    'two joins, of which the first fills with null',
    `${PUMPS}var c = stream|from().measurement('flow').groupBy('pump')\n${JOIN}|join(c).as('a', 'c').tolerance(1s)@squadcast().crit('"a.flow.litres" < 5')`,
    ['problem null-field 4'],
  ],
  [
    'queries of one column each, with their defaults',
    `var a = batch|query('SELECT mean("x") AS v FROM q')\nvar b = batch|query('SELECT max(x) AS v FROM q')\na|join(b).as('a', 'b').fill('null')|default().field('a.v', 0.0).field('b.v', 0.0)@squadcastBatch().crit('"a.v" > 1')`,
    [],
  ],
  [
    'queries of one column each',
    `var a = batch|query('SELECT mean("x") AS v FROM q')\nvar b = batch|query('SELECT max(x) AS v FROM q')\na|join(b).as('a', 'b').fill('null')@squadcastBatch().crit('"a.v" > 1')`,
    NULL,
  ],
  [
    'a query that fills with null, which hands on no null',
    `batch|query('SELECT mean(x) FROM q').fill('null')@squadcastBatch().crit('"mean" > 1')`,
    [],
  ],
  [
    'fields that nothing names',
    joined(`|eval(lambda: 1).as('n').keep()`, `@squadcast().id('x').crit('"n" > 5')`),
    NULL,
  ],
  [
    'a default that is a text',
    joined(
      `|default().field('flow.state', 'motor.litres').field('motor.on', FALSE)|eval().keep('flow.state', 'motor.on', 'motor.litres')`,
    ),
    NULL,
  ],
  // What |sideload() makes.
  ['an int as the default', sideload(`\n.field('limit', 80)`) + USAGE, ['problem sideload-int 2']],
  ['a negative one', sideload(`\n.field('limit', -5)`) + USAGE, ['problem sideload-int 2']],
  [
    'an int of a variable',
    `var n = 80\n${sideload(`.field('limit', n)`)}${USAGE}`,
    ['problem sideload-int 2'],
  ],
  [
    'an int of a template',
    `var n int\n${sideload(`.field('limit', n)`)}${USAGE}`,
    ['problem sideload-int 2'],
  ],
  ['a float as the default', sideload(`.field('limit', 80.0)`) + USAGE, []],
  ['a text and a boolean', sideload(`.field('a', '80').field('b', TRUE).tag('c', 'x')`) + USAGE, []],
  ['a default that only the template knows', `var n float\n${sideload(`.field('limit', n)`)}${USAGE}`, []],
  [
    'an int that something reads on the way',
    sideload(`.field('limit', 80)|where(lambda: "limit" > 3)`) + USAGE,
    [],
  ],
  [
    'an int that a result is made of',
    sideload(`.field('limit', 80)|eval(lambda: "usage" - float("limit")).as('r').keep()`) + USAGE,
    [],
  ],
  [
    'an int beside a result',
    sideload(`\n.field('limit', 80)|eval(lambda: "usage" * 2.0).as('r').keep()`) + USAGE,
    ['problem sideload-int 2'],
  ],
  [
    'an int that is dropped',
    sideload(`.field('limit', 80)|eval(lambda: "usage" * 2.0).as('usage')`) + USAGE,
    [],
  ],
  ['a duration as the default', sideload(`\n.field('allowed', 5m)`) + USAGE, ['problem duration-field 2']],
  [
    'a duration of a template',
    `var n duration\n${sideload(`.field('allowed', n)`)}${USAGE}`,
    ['problem duration-field 2'],
  ],
  ['a duration that is deleted', sideload(`.field('allowed', 5m)|delete().field('allowed')`) + USAGE, []],
  // What .keep() takes of what lambdas have read.
  [
    'the time, kept',
    `${CPU}\n|eval(lambda: hour("time")).as('hour').keep('time', 'hour', 'usage')${USAGE}`,
    ['problem time-field 2'],
  ],
  ['the hour, kept', `${CPU}|eval(lambda: hour("time")).as('hour').keep('hour', 'usage')${USAGE}`, []],
  ['the time as a result: the point is dropped', `${CPU}|eval(lambda: "time").as('t').keep()${USAGE}`, []],
  ['the present', `${CPU}|eval(lambda: now()).as('t').keep()${USAGE}`, []],
  ['a number of the time', `${CPU}|eval(lambda: unixNano("time")).as('t').keep()${USAGE}`, []],
  [
    'a field that may be missing',
    `${CPU}\n|eval(lambda: if(isPresent("foo"), 1, 0)).as('has').keep('foo', 'has', 'usage')${USAGE}`,
    ['problem missing-field 2'],
  ],
  [
    'one that a default fills',
    `${CPU}|default().field('foo', 0.0)|eval(lambda: if(isPresent("foo"), 1, 0)).as('has').keep('foo', 'has', 'usage')${USAGE}`,
    [],
  ],
  [
    'one that a filter asks for',
    `${CPU}|where(lambda: isPresent("foo"))|eval(lambda: if(isPresent("foo"), 1, 0)).as('has').keep('foo', 'has', 'usage')${USAGE}`,
    [],
  ],
  [
    'one that the lambda needs',
    `${CPU}|eval(lambda: if(isPresent("foo"), "foo", 0.0)).as('foo').keep('foo', 'usage')${USAGE}`,
    [],
  ],
  ['a tag of the group', `${CPU}|eval(lambda: isPresent("host")).as('has').keep('host', 'has')${USAGE}`, []],
  // Durations that take other ways.
  [
    'a duration beside the maximum of a window',
    `${CPU}\n|eval(lambda: 5m).as('limit').keep()|window().period(1m)|max('usage').as('usage')${USAGE}`,
    ['problem duration-field 2'],
  ],
  [
    'a duration that is flattened',
    `${CPU}\n|eval(lambda: 5m).as('limit').keep()|flatten().on('host')${USAGE}`,
    ['problem duration-field 2'],
  ],
  [
    'a duration of a template in a lambda',
    `var d duration\n${CPU}|eval(lambda: d).as('limit').keep()${USAGE}`,
    ['problem duration-field 2'],
  ],
]
