import test from 'ava'
import { LanguageError, marked, nearest, quoted } from '../../src/incident/language-error.ts'

test('the place is marked by a caret under it', t => {
  t.is(marked('"usage" = 90', 8), '  "usage" = 90\n          ^')
})

test('the end of a text can be marked', t => {
  t.is(marked('"usage" >', 9), '  "usage" >\n           ^')
  t.is(marked('', 0), '  \n  ^')
})

test('of several lines the one with the place is shown', t => {
  t.is(marked('"a" > 1 AND\n"b" = 2\nOR "c"', 16), '  "b" = 2\n      ^')
})

test('a long line is shown around the place', t => {
  const lines = marked(`${'x'.repeat(500)}!${'y'.repeat(500)}`, 500).split('\n')
  t.is(lines[0], `  …${'x'.repeat(60)}!${'y'.repeat(39)}…`)
  t.is(lines[0]![lines[1]!.indexOf('^')], '!')
})

test('tabs and characters of two units do not move the caret', t => {
  const [line, caret] = marked('\t😀 = 1', 4).split('\n')
  t.is([...line!][caret!.indexOf('^')], '=')
})

test('an error tells what, where, what to write instead, and shows the text', t => {
  const error = new LanguageError('unexpected', 'found "="', { at: 4, hint: 'did you mean "=="?' })
  t.is(error.message, 'found "=", at character 5')
  t.is(error.position, 4)
  t.is(error.explain('"a" = 1'), 'found "=", at character 5; did you mean "=="?\n  "a" = 1\n      ^')
})

test('the nearest word is found whatever its case, and none is made up', t => {
  const words = ['.Level', '.Name', '.TaskName']
  t.is(nearest('.level', words), '.Level')
  t.is(nearest('.Leval', words), '.Level')
  t.is(nearest('.Hostname', words), undefined)
  t.is(nearest('x'.repeat(100_000), words), undefined)
})

test('what was found is quoted on one line and shortened', t => {
  t.is(quoted('a\n b'), '"a b"')
  t.is(quoted('x'.repeat(100)), `"${'x'.repeat(40)}…"`)
})
