import test from 'ava'
import { formatProblem, formatProblems, keyText, type Problem } from '../../src/config/problems.ts'
import { WEBHOOK } from './machine.ts'

test('a problem reads as file, line, key, message and hint, as far as it has them', t => {
  const whole: Problem = {
    code: 'unknown-key',
    key: 'a.b',
    line: 3,
    column: 1,
    message: 'wrong',
    hint: 'mend it',
  }
  t.is(formatProblem(whole, 'c.toml'), 'c.toml:3: a.b: wrong; mend it')
  t.is(formatProblem({ code: 'missing', key: 'a', message: 'wrong' }, 'c.toml'), 'c.toml: a: wrong')
  t.is(formatProblem({ code: 'file-missing', key: '', message: 'wrong' }, 'c.toml'), 'c.toml: wrong')
})

test('problems are listed by line and column, those of the whole file first', t => {
  const at = (line?: number, column?: number): Problem => ({
    code: 'bad-value',
    key: '',
    message: `${line} ${column}`,
    ...(line && { line }),
    ...(column && { column }),
  })
  t.deepEqual(formatProblems([at(10, 1), at(2, 9), at(), at(2, 4)], 'f'), [
    'f: undefined undefined',
    'f:2: 2 4',
    'f:2: 2 9',
    'f:10: 10 1',
  ])
})

test('a key path reads as in TOML, and a key that needs quotes is not repeated', t => {
  t.is(keyText(['endpoint', 0, 'headers', 'X-Team']), 'endpoint[0].headers.X-Team')
  t.is(keyText(['endpoint', 0, WEBHOOK]), 'endpoint[0]."…"')
  t.is(keyText([]), '')
})
