import test from 'ava'
import { nodesOf } from './tickscript-options.ts'

const valuesOf = (argument: string): unknown =>
  nodesOf(`stream @squadcast().x(${argument})`)[0]!.options[0]!.values

const LITERALS: readonly (readonly [source: string, value: object])[] = [
  [`'a b'`, { type: 'STRING', stringValue: 'a b' }],
  [`''`, { type: 'STRING', stringValue: '' }],
  [String.raw`'it\'s /^a\d/ "b"'`, { type: 'STRING', stringValue: String.raw`it's /^a\d/ "b"` }],
  [`'''\nit's''b\n'''`, { type: 'STRING', stringValue: "\nit's''b\n" }],
  [`'// no comment'`, { type: 'STRING', stringValue: '// no comment' }],
  ['10m', { type: 'DURATION', durationValue: '600000000000' }],
  ['-5ms', { type: 'DURATION', durationValue: '-5000000' }],
  ['10', { type: 'INT', intValue: '10' }],
  ['10.0', { type: 'DOUBLE', doubleValue: 10 }],
  ['TRUE', { type: 'BOOL', boolValue: true }],
]

for (const [source, value] of LITERALS) {
  test(`${JSON.stringify(source)} is read as ${Object.keys(value)[1]}`, t => {
    t.deepEqual(valuesOf(source), [value])
  })
}

test('options are read from every @node of a script, and from no other', t => {
  const script = `
var units = /^(it's|@squadcast().crit('a'))$/
var data = stream
    |from().where(lambda: "a" / 2 > 1 AND "it's" =~ units) // '@squadcast()
data
    @squadcast() // first
        .tag('team', 'core')
        // .crit('out')
        .passThrough()
    |httpOut('x')
data |window().period(1m) @squadcastBatch()`
  t.deepEqual(nodesOf(script), [
    {
      name: 'squadcast',
      options: [
        {
          name: 'tag',
          values: [
            { type: 'STRING', stringValue: 'team' },
            { type: 'STRING', stringValue: 'core' },
          ],
        },
        { name: 'passThrough', values: [] },
      ],
    },
    { name: 'squadcastBatch', options: [] },
  ])
})

test('what is no literal is not guessed at', t => {
  for (const argument of ['units', `'a' + 'b'`, `lambda: "a" > 1`, `'a' 'b'`, `'a`])
    t.throws(() => valuesOf(argument), { message: /is due where/ }, argument)
})
