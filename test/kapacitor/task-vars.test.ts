// Variables that a task gives to its template stand above what the script says.
import test from 'ava'
import { adviceSetting } from '../../src/app/scripts.ts'
import { adviseOn } from '../../src/kapacitor/script-advice.ts'
import { taskVars } from '../../src/kapacitor/task-vars.ts'

test('every type of a variable is read, and what is not understood is not known', t => {
  const vars = taskVars({
    text: { type: 'string', value: 'x', description: '' },
    int: { type: 'int', value: 80 },
    float: { type: 'float', value: 80 },
    half: { type: 'float', value: 0.5 },
    bool: { type: 'bool', value: true },
    span: { type: 'duration', value: 300_000_000_000 },
    star: { type: 'star', value: null },
    list: { type: 'list', value: [{ type: 'string', value: 'host' }, { type: 'star' }] },
    lambda: { type: 'lambda', value: '"a" > 1' },
    broken: { type: 'lambda', value: '"a" >' },
    regex: { type: 'regex', value: 'x' },
    odd: 5,
  })
  t.deepEqual(Object.fromEntries(vars), {
    text: { kind: 'text', text: 'x' },
    int: { kind: 'number', text: '80' },
    float: { kind: 'number', text: '80.0' },
    half: { kind: 'number', text: '0.5' },
    bool: { kind: 'bool', value: true },
    span: { kind: 'duration', text: '300000000u' },
    star: { kind: 'star' },
    list: { kind: 'list', items: [{ kind: 'text', text: 'host' }, { kind: 'star' }] },
    lambda: {
      kind: 'lambda',
      body: {
        ...{ kind: 'binary', sign: '>' },
        ...{ left: { kind: 'reference', text: 'a' }, right: { kind: 'number', text: '1' } },
      },
    },
    broken: { kind: 'unknown', type: 'lambda' },
    regex: { kind: 'unknown', type: 'regex' },
    odd: { kind: 'unknown' },
  })
  for (const none of [undefined, null, [], 'x']) t.is(taskVars(none).size, 0)
})

test('advice on a task of a template goes by the values of the task', t => {
  const setting = adviceSetting({ functions: ['squadcast'] })
  const script = `var groupBy = []
var how string
var filter = lambda: TRUE
var a = stream|from().measurement('m').groupBy(groupBy).where(filter)
a|join(a).as('x', 'y').fill(how)
|alert().id('{{ index .Tags "host" }}').crit(lambda: "x.v" > 9).levelField('level').idField('id').topic('t')
@squadcast()`
  const codes = (vars: unknown) =>
    adviseOn(script, setting, taskVars(vars))
      .findings.filter(({ severity }) => severity !== 'note')
      .map(({ code }) => code)
  t.deepEqual(codes({}), ['id-not-grouped'])
  const host = { type: 'list', value: [{ type: 'string', value: 'host' }] }
  t.deepEqual(codes({ groupBy: host }), [])
  t.deepEqual(codes({ groupBy: host, how: { type: 'string', value: 'null' } }), ['null-field'])
  t.deepEqual(codes({ groupBy: host, filter: { type: 'lambda', value: '"v" > 5' } }), ['filter-in-front'])
})
