import test from 'ava'
import fc from 'fast-check'
import { type Condition, compileCondition } from '../../src/incident/condition/condition.ts'
import { parseExpression } from '../../src/incident/condition/parser.ts'
import { LanguageError } from '../../src/incident/language-error.ts'
import type { FieldValue } from '../../src/incident/point.ts'
import { scopeOf } from '../fakes/scope.ts'

type Written = { readonly text: string; readonly binds: number }

const BINDS: Readonly<Record<string, number>> = {
  OR: 0,
  AND: 1,
  '==': 2,
  '!=': 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
}
const LEAF = 9

const leaves = fc.constantFrom(
  '"i"',
  '"d"',
  '"s"',
  '"b"',
  '"c"',
  '"none"',
  '7',
  '2.5',
  `'web1'`,
  'TRUE',
  'FALSE',
)

/** A tree, written once with every parenthesis and once with those that precedence asks for. */
const trees = fc.letrec<{ tree: { full: Written; short: Written } }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaves.map(text => ({ full: { text, binds: LEAF }, short: { text, binds: LEAF } })),
    fc.tuple(fc.constantFrom('!', '-'), tie('tree')).map(([operator, { full, short }]) => ({
      full: { text: `(${operator}${full.text})`, binds: LEAF },
      short: { text: operator + inside(short, LEAF), binds: LEAF },
    })),
    fc
      .tuple(fc.constantFrom(...Object.keys(BINDS)), tie('tree'), tie('tree'))
      .map(([operator, left, right]) => {
        const binds = BINDS[operator]!
        return {
          full: { text: `(${left.full.text} ${operator} ${right.full.text})`, binds: LEAF },
          short: {
            text: `${inside(left.short, binds)} ${operator} ${inside(right.short, binds + 1)}`,
            binds,
          },
        }
      }),
  ),
})).tree

const inside = (part: Written, binds: number): string => (part.binds < binds ? `(${part.text})` : part.text)

const scopes = fc.record(
  {
    i: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    d: fc.double(),
    s: fc.string(),
    b: fc.boolean(),
    c: fc.oneof(fc.boolean(), fc.integer(), fc.bigInt({ min: -9n, max: 9n }), fc.string()),
  },
  { requiredKeys: [] },
)

const compiled = (source: string): Condition | LanguageError => {
  try {
    return compileCondition(source)
  } catch (error) {
    if (error instanceof LanguageError) return error
    throw error
  }
}

const shapeOf = (source: string): string =>
  JSON.stringify(parseExpression(source), (key, value) => {
    if (key === 'at') return undefined
    return typeof value === 'bigint' ? `${value}n` : value
  })

test('an expression gives the same tree with every parenthesis and with those that are needed', t => {
  fc.assert(
    fc.property(trees, ({ full, short }) => t.is(shapeOf(full.text), shapeOf(short.text), short.text)),
    { numRuns: 2000 },
  )
})

test('no evaluation throws, whatever the fields are', t => {
  let judgements = 0
  fc.assert(
    fc.property(trees, scopes, ({ short }, fields) => {
      const condition = compiled(short.text)
      if (condition instanceof LanguageError) return condition.code === 'wrong-type'
      judgements += 1
      return [true, false, undefined].includes(condition.holds(scopeOf(fields as Record<string, FieldValue>)))
    }),
    { numRuns: 2000 },
  )
  t.true(judgements > 200)
})

test('whatever is written is either judged or refused with a place inside the text', t => {
  const words = fc.constantFrom(
    ...[
      '"i"',
      '"d"',
      "'x'",
      "'",
      '"',
      '/',
      '/x/',
      '(',
      ')',
      '!',
      '-',
      '==',
      '=~',
      '=',
      '<',
      'AND',
      'or',
      '1',
      '.5',
    ],
    ...['1.2.3', '09', '5m', 'abs(', 'TRUE', '//', '\n', '\\', '😀', '%', '[', ',', 'lambda:', '\u0000'],
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words, { maxLength: 12 }).map(parts => parts.join(' ')),
  )
  fc.assert(
    fc.property(texts, scopes, (source, fields) => {
      const result = compiled(source)
      if (!(result instanceof LanguageError))
        return typeof result.holds(scopeOf(fields as Record<string, FieldValue>)) !== 'object'
      result.explain(source)
      return result.position >= 0 && result.position <= source.length
    }),
    { numRuns: 3000 },
  )
  t.pass()
})
