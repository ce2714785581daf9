// What is said of a TICKscript: each finding with its code, its line and what to write instead; and nothing of a script
// that is right.
import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import fc from 'fast-check'
import { adviceSetting } from '../../src/app/scripts.ts'
import type { AdviceCode } from '../../src/kapacitor/advice.ts'
import { adviseOn } from '../../src/kapacitor/script-advice.ts'
import { sharedIds } from '../../src/kapacitor/shared-ids.ts'

const setting = adviceSetting({ functions: ['squadcast', 'squadcastBatch'], endpoints: ['default', 'night'] })
const advice = (script: string) => adviseOn(script, setting)
const said = (script: string): string[] => advice(script).findings.map(({ code, line }) => `${code} ${line}`)

const FROM = `stream|from().measurement('cpu').groupBy('host')`
const CRIT = `.crit('"usage" > 90')`
const ALERT = `|alert().crit(lambda: "usage" > 90)`
const NAMED = `.levelField('level').idField('id').topic('cpu')`

for (const [what, script, findings] of [
  ['a node with thresholds', `${FROM}\n@squadcast()${CRIT}`, []],
  ['an alert that hands on all that is needed', `${FROM}${ALERT}${NAMED}\n@squadcast()`, []],
  ['a script that uses something else', `${FROM}\n@pager()`, []],
  ['an alert without levelField', `${FROM}\n${ALERT}.idField('id').topic('x')\n@squadcast()`, ['no-level 2']],
  [
    'the same, behind a variable',
    `var a = ${FROM}\n${ALERT}.topic('x').idTag('id')\na\n@squadcast()`,
    ['no-level 2'],
  ],
  [
    'the same, with a |where() between',
    `${FROM}\n${ALERT}.idField('id').topic('x')|where(lambda: "a" > 1)\n@squadcast()`,
    ['no-level 2'],
  ],
  [
    'an alert whose level has a tag',
    `${FROM}${ALERT}.levelTag('level').idTag('alertID').topic('x')@squadcast()`,
    [],
  ],
  [
    'a level under another name',
    `${FROM}${ALERT}.levelField('severity').idField('id').topic('x')\n@squadcast()`,
    ['level-not-read 2'],
  ],
  [
    'a level under a name that the node is told',
    `${FROM}${ALERT}.levelField('sev').idField('id').topic('x')@squadcast().levelField('sev')`,
    [],
  ],
  [
    'a level that the node is told to look for elsewhere',
    `${FROM}${ALERT}${NAMED}\n@squadcast().levelTag('sev')`,
    ['level-not-read 2'],
  ],
  [
    'a level whose name only the template knows',
    `var n string\n${FROM}${ALERT}.levelField(n).idField('id').topic('x')@squadcast()`,
    [],
  ],
  [
    'thresholds behind an alert without level',
    `${FROM}${ALERT}.topic('x').idField('id')@squadcast()${CRIT}`,
    [],
  ],
  ['no level from anywhere', `${FROM}\n@squadcast()`, ['level-unknown 2']],
  [
    'a level that an eval makes',
    `${FROM}|eval(lambda: if("a" > 1, 'CRITICAL', 'OK')).as('level')@squadcast()`,
    [],
  ],
  ['.noRecoveries() in front', `${FROM}${ALERT}${NAMED}\n.noRecoveries()\n@squadcast()`, ['no-recoveries 2']],
  ['.flapping() in front', `${FROM}${ALERT}${NAMED}\n.flapping(0.25, 0.5)\n@squadcast()`, ['flapping 2']],
  ['.inhibit() in front', `${FROM}${ALERT}${NAMED}\n.inhibit('other')\n@squadcast()`, ['inhibit 2']],
  ['.noRecoveries() of the node itself', `${FROM}@squadcast()${CRIT}.noRecoveries()`, []],
  [
    'an alert without a topic',
    `${FROM}\n${ALERT}.levelField('level').idField('id')\n@squadcast()`,
    ['no-topic 2'],
  ],
  [
    'an alert with a handler, which has a topic of its own',
    `${FROM}${ALERT}.levelField('level').idField('id').post('x')@squadcast()`,
    [],
  ],
  [
    'an alert that keeps its id',
    `${FROM}\n${ALERT}.levelField('level').topic('x')\n@squadcast()`,
    ['id-not-handed-on 2'],
  ],
  [
    'a deadman without level',
    `${FROM}\n|deadman(0.0, 5m).topic('x').idField('id')\n@squadcast()`,
    ['no-level 2', 'state-lost 3'],
  ],
  ['only the nearest alert', `${FROM}${ALERT}.noRecoveries()${ALERT}${NAMED}@squadcast()`, []],
  [
    'two nodes behind one alert, once',
    `var a = ${FROM}\n${ALERT}.levelField('level').idField('id')\na@squadcast()\na@squadcast()`,
    ['no-topic 2'],
  ],
  ['something behind the node', `${FROM}\n@squadcast()${CRIT}\n|log()`, ['not-last 3']],
  [
    'a batch on the node for streams',
    `${FROM}|window().period(1m)\n@squadcast()${CRIT}`,
    ['wrong-edge 2', 'state-lost 2'],
  ],
  [
    'a query on the node for streams',
    `batch|query('SELECT').period(1m)\n@squadcast()${CRIT}`,
    ['wrong-edge 2'],
  ],
  ['a stream on the node for batches', `${FROM}\n@squadcastBatch()${CRIT}`, ['wrong-edge 2']],
  [
    'a mean of a window, which is a stream again',
    `${FROM}|window().period(1m)|mean('usage')@squadcast()${CRIT}`,
    ['state-lost 1'],
  ],
  ['what comes of somebody else’s function', `${FROM}@other()\n@squadcastBatch()${CRIT}`, []],
  ['an endpoint that is configured', `${FROM}@squadcast()${CRIT}.endpoint('night')`, []],
  ['an endpoint that is not', `${FROM}@squadcast()${CRIT}\n.endpoint('nihgt')`, ['unknown-endpoint 2']],
  ['an option that there is not', `${FROM}@squadcast()${CRIT}\n.levelFeild('x')`, ['unknown-option 2']],
  ['an argument of another type', `${FROM}@squadcast()\n.crit(90)`, ['option-arguments 2']],
  ['a lambda', `${FROM}@squadcast()\n.crit(lambda: "usage" > 90)`, ['option-arguments 2']],
  ['too many arguments', `${FROM}@squadcast()${CRIT}\n.passThrough('x')`, ['option-arguments 2']],
  ['a condition that does not parse', `${FROM}@squadcast()${CRIT}\n.crit('"usage" >')`, ['option-refused 2']],
  [
    'a template that does not parse',
    `${FROM}@squadcast()${CRIT}\n.message('{{ .Nmae }}')`,
    ['option-refused 2'],
  ],
  ['a reset of nothing', `${FROM}@squadcast()${CRIT}\n.warnReset('"usage" < 5')`, ['option-refused 2']],
  [
    'options whose values only the template knows',
    `var c string\n${FROM}@squadcast().crit(c).critReset('"a" < 1').id(c)`,
    [],
  ],
  [
    'a text that is put together',
    `var c = '"usage" '\n${FROM}@squadcast()\n.crit(c + '>')`,
    ['option-refused 3'],
  ],
  ['a text that is put together rightly', `var c = '"usage" '\n${FROM}@squadcast().crit(c + '> 5')`, []],
  ['.all() on a stream', `${FROM}@squadcast()${CRIT}\n.all()`, ['option-refused 2']],
  ['a brace too many', `${FROM}\n|alert(\n@squadcast()`, ['not-understood 3']],
] as const) {
  test(`advice on ${what}: ${findings.join(', ') || 'nothing'}`, t => {
    t.deepEqual(said(script), [...findings])
  })
}

for (const [what, chain, panics] of [
  ['a duration', `|eval(lambda: 5m).as('x')`, true],
  ['a duration beside others', `|eval(lambda: "a", lambda: 2 * 5m + 1s).as('a', 'x')`, true],
  ['a duration of a variable', `|eval(lambda: limit).as('x')`, true],
  ['a conversion', `|eval(lambda: duration("a", 1s)).as('x')`, true],
  ['a choice', `|eval(lambda: if("a" > 1, 5m, 10m)).as('x')`, true],
  ['one that is made of another', `|eval(lambda: 5m, lambda: "y" / 2).as('y', 'x').keep('x')`, true],
  ['one that is kept', `|eval(lambda: 5m).as('x').keep()|eval(lambda: 1).as('z').keep()`, true],
  ['one that passes a |where() and an |alert()', `|eval(lambda: 5m).as('x')|where(lambda: TRUE)`, true],
  ['a quotient of two', `|eval(lambda: 5m / 1s).as('x')`, false],
  ['a comparison', `|eval(lambda: "a" > 5m AND 1s < 5m).as('x')`, false],
  ['a conversion to int', `|eval(lambda: int(5m)).as('x')`, false],
  ['one that is not kept', `|eval(lambda: 5m, lambda: 1).as('x', 'y').keep('y')`, false],
  ['one that a later |eval() drops', `|eval(lambda: 5m).as('x')|eval(lambda: 1).as('z')`, false],
  ['one that is deleted', `|eval(lambda: 5m).as('x')|delete().field('x')`, false],
  ['one in front of a mean', `|eval(lambda: 5m).as('x')|mean('a')`, false],
] as const)
  test(`${what} ${panics ? 'panics' : 'does not panic'} Kapacitor, and is found so`, t => {
    const codes = said(`var limit = 5m\n${FROM}\n${chain}\n@squadcast()${CRIT}`)
    t.deepEqual(codes, panics ? ['duration-field 3'] : [])
  })

test('a duration reaches the node through a join', t => {
  const script = `var a = ${FROM}\nvar b = ${FROM}\n|eval(lambda: 5m).as('x')\na|join(b).as('a', 'b')@squadcast()${CRIT}`
  t.deepEqual(said(script), ['duration-field 3', 'state-lost 4'])
})

test('the very text to add is named', t => {
  const fixOf = (script: string) => advice(script).findings[0]?.fix
  t.is(fixOf(`${FROM}${ALERT}@squadcast()`), "add .levelField('level') to it")
  t.is(fixOf(`${FROM}${ALERT}@squadcast().levelTag('sev')`), "add .levelTag('sev') to it")
  t.is(
    fixOf(`${FROM}${ALERT}.levelTag('sev').idField('id').topic('x')@squadcast()`),
    "give @squadcast() .levelTag('sev')",
  )
  t.is(fixOf(`${FROM}|window()@squadcast()${CRIT}`), 'write @squadcastBatch()')
  t.is(fixOf(`${FROM}@squadcast()${CRIT}.levelFeild('x')`), 'did you mean "levelField"?')
})

test('our functions may have other names, with the edges that their sockets give them', t => {
  const renamed = adviceSetting({ functions: ['pages'], edges: new Map([['pages', 'batch']]) })
  const findings = adviseOn(`${FROM}@pages()${CRIT}.endpoint('anything')`, renamed).findings
  t.deepEqual(
    findings.map(({ code }) => code),
    ['wrong-edge'],
  )
})

test('every script of tickscripts is without a problem or a warning', t => {
  const folder = new URL('../../tickscripts/', import.meta.url)
  for (const file of readdirSync(folder)) {
    const { findings } = advice(readFileSync(new URL(file, folder), 'utf8'))
    t.deepEqual(
      findings.filter(({ severity }) => severity !== 'note'),
      [],
      file,
    )
  }
})

test('every accepted example of docs/options.md is without a problem', t => {
  const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8')
  const examples = [...page.matchAll(/^ *```js\n([\s\S]*?)^ *```$/gm)].map(([, script]) => script!)
  t.true(examples.length > 20)
  for (const script of examples)
    t.deepEqual(
      advice(script).findings.filter(({ severity }) => severity === 'problem'),
      [],
      script,
    )
})

test('whatever the script, advice on it is given and nothing is thrown', t => {
  const bits = fc.constantFrom(
    ...`stream batch |from() |alert() @squadcast() @squadcastBatch() .crit( .levelField('x') lambda: "a" 5m 5 ' " ( ) [ ] , + - ! / =~ var x = dbrp . | @ \n`.split(
      ' ',
    ),
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(bits, fc.string()), { maxLength: 40 }), words => {
      const { findings } = advice(`stream@squadcast() ${words.join(' ')}`)
      return findings.every(({ line }) => line >= 1)
    }),
    { numRuns: 500 },
  )
  for (const deep of ['('.repeat(50_000), '-'.repeat(50_000), '|x()'.repeat(50_000)])
    t.deepEqual(
      advice(`stream@squadcast()${CRIT}\nvar x = a${deep}`).findings.map(({ code }) => code),
      ['not-understood'] satisfies AdviceCode[],
    )
})

test('scripts whose incidents have the same ids at one endpoint are found', t => {
  const nodesOf = (script: string) => advice(script).nodes
  const shared = (...scripts: string[]) =>
    sharedIds(scripts.map((script, index) => [`task${index}`, nodesOf(script)] as const)).map(
      ({ scripts: names }) => names,
    )
  const own = `${FROM}@squadcast().id('x')${CRIT}`
  const alert = (measurement: string) =>
    `stream|from().measurement('${measurement}')${ALERT}.levelField('level').idField('id')@squadcast()`
  t.deepEqual(shared(own, `${FROM}${ALERT}.id('x').idField('id')@squadcast()`), [['task0', 'task1']])
  t.deepEqual(shared(own, `${FROM}@squadcast().id('x').endpoint('night')${CRIT}`), [])
  t.deepEqual(shared(`${FROM}@squadcast()${CRIT}`, `${FROM}@squadcast()${CRIT}`), [])
  t.deepEqual(shared(alert('cpu'), alert('mem'), alert('cpu')), [['task0', 'task2']])
})
