// Which of our functions a script uses, and what its alerts are named by.
import test from 'ava'
import { readScript } from '../../src/kapacitor/script.ts'

const FUNCTIONS = ['squadcast', 'squadcastBatch']
const uses = (script: string): number => readScript(script, FUNCTIONS).uses

for (const [what, script, count] of [
  ['once', `stream|from()@squadcast()`, 1],
  ['twice, one of each', `stream@squadcast()\nbatch@squadcastBatch().crit('"a" > 1')`, 2],
  ['with blanks between', `stream @ squadcast ()`, 1],
  ['not in a comment', `// @squadcast()\nstream|from()`, 0],
  ['behind a comment', `// it's here\nstream@squadcast()`, 1],
  ['not in a text', `stream|log().prefix('@squadcast()')`, 0],
  ['not in a text with a quote in it', `stream|log().prefix('it\\'s @squadcast()')`, 0],
  ['not in a long text', `var x = '''it's\n@squadcast()'''\nstream`, 0],
  ['behind a long text', `var x = '''it's'''\nstream@squadcast()`, 1],
  ['not in a reference', `stream|where(lambda: "@squadcast()" > 1)`, 0],
  ['not in a regular expression', `stream|where(lambda: "a" =~ /'@squadcast\\/()/)@squadcast()`, 1],
  ['behind a division', `stream|eval(lambda: "a" / 2)@squadcast()|eval(lambda: "b" / 2)`, 1],
  ['behind a regular expression as an argument', `stream|from().measurement(/it's/)@squadcast()`, 1],
  ['not another function that begins alike', `stream@squadcastX()@squad()`, 0],
  ['not a property of that name', `stream.squadcast()|squadcast()`, 0],
  ['of a text that never ends', `stream@squadcast().id('x`, 1],
  ['of nothing', '', 0],
] as const)
  test(`a use of our functions is found: ${what}`, t => t.is(uses(script), count))

test('other functions count where they are configured', t => {
  t.is(readScript('stream@pager()@squadcast()', ['pager']).uses, 1)
})

test('what an alert is named by is read, for each alert in order', t => {
  const { alerts } = readScript(
    `var a = stream|alert().crit(lambda: max("a", 2) > 1).topic('cpu').idField('id')
// |alert().topic('no')
var b = a|alert()
  .idTag('alertID').post().endpoint('x')
b|alert().topic(name)
b|alert()|where(TRUE).topic('not its own')`,
    FUNCTIONS,
  )
  t.deepEqual(alerts, [{ topic: 'cpu', idField: 'id' }, { idTag: 'alertID' }, { topic: null }, {}])
})
