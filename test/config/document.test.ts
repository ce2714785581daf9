import test from 'ava'
import fc from 'fast-check'
import { type Document, readDocument } from '../../src/config/document.ts'
import type { KeyPath } from '../../src/config/locate.ts'

function documentOf(text: string): Document {
  const read = readDocument(text)
  if ('document' in read) return read.document
  throw new Error(read.problem.message)
}

const TEXT = `top = 1
[a]
b.c = "x"
list = [ 1,
  { deep = true } ]

[[endpoint]]
url = "x"
  [endpoint.priority]
  INFO = "P1"
[[endpoint]]
"a b" = 2
[x.y]
`

const PLACES: readonly (readonly [path: KeyPath, line: number, column: number])[] = [
  [['top'], 1, 1],
  [['a'], 2, 2],
  [['a', 'b'], 3, 1],
  [['a', 'b', 'c'], 3, 1],
  [['a', 'list', 0], 4, 10],
  [['a', 'list', 1], 5, 3],
  [['a', 'list', 1, 'deep'], 5, 5],
  [['endpoint'], 7, 3],
  [['endpoint', 0], 7, 3],
  [['endpoint', 0, 'url'], 8, 1],
  [['endpoint', 0, 'priority'], 9, 4],
  [['endpoint', 0, 'priority', 'INFO'], 10, 3],
  [['endpoint', 1], 11, 3],
  [['endpoint', 1, 'a b'], 12, 1],
  [['x'], 13, 2],
]

for (const [path, line, column] of PLACES) {
  test(`${JSON.stringify(path)} is found at line ${line}, column ${column}`, t => {
    t.true(documentOf(TEXT).has(path))
    t.deepEqual(documentOf(TEXT).placeOf(path), { line, column })
  })
}

test('a key that is missing has the place of the table around it', t => {
  t.deepEqual(documentOf(TEXT).placeOf(['endpoint', 1, 'url']), { line: 11, column: 3 })
  t.false(documentOf(TEXT).has(['endpoint', 1, 'url']))
})

test('a section that is missing has no place', t => {
  t.is(documentOf(TEXT).placeOf(['udf', 'socket-mode']), undefined)
})

test('the values are those of the text', t => {
  t.is(
    JSON.stringify(documentOf(TEXT).root),
    '{"top":1,"a":{"b":{"c":"x"},"list":[1,{"deep":true}]},' +
      '"endpoint":[{"url":"x","priority":{"INFO":"P1"}},{"a b":2}],"x":{"y":{}}}',
  )
})

test('a table that several lines add to holds all of it', t => {
  t.is(JSON.stringify(documentOf('[a.b]\nc = 1\n[a]\nd = 2').root), '{"a":{"b":{"c":1},"d":2}}')
})

test('lines count the same with Windows line ends and a byte order mark', t => {
  const document = documentOf(`\uFEFF${TEXT.replaceAll('\n', '\r\n')}`)
  t.deepEqual(document.placeOf(['top']), { line: 1, column: 1 })
  t.deepEqual(document.placeOf(['endpoint', 1, 'a b']), { line: 12, column: 1 })
})

for (const key of ['__proto__', 'constructor', 'toString']) {
  test(`a table named ${key} is a table like any other`, t => {
    const { root } = documentOf(`[${key}]\nx = 1\n[a.${key}]\ny = 2`)
    t.is(JSON.stringify(root), `{"${key}":{"x":1},"a":{"${key}":{"y":2}}}`)
    t.is(({} as Record<string, unknown>).x, undefined)
  })
}

test('a syntax error has its line and column', t => {
  t.like(readDocument('a = 1\nb = "x" "y"\n'), { problem: { code: 'syntax', line: 2, column: 9 } })
})

test('nesting without end is a problem, not a crash', t => {
  t.like(readDocument(`a = ${'['.repeat(100_000)}`), { problem: { code: 'syntax' } })
})

test('no text makes reading throw', t => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    '[[',
    ']]',
    '=',
    '.',
    '"',
    "'",
    '\n',
    '\r\n',
    ',',
    '{',
    '}',
    ' ',
    '#',
    'a',
    'b',
    '1',
    '-',
    '_',
    ':',
    '\\',
    'é',
    '"""',
    'true',
    '1979-05-27',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), parts => {
      readDocument(parts.join(''))
    }),
    { numRuns: 2_000 },
  )
  t.pass()
})
