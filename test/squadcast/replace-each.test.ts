import test from 'ava'
import fc from 'fast-check'
import { replaceEach } from '../../src/squadcast/replace-each.ts'

const marked = (whole: string, texts: string[]) => replaceEach(whole, texts, text => `<${text}>`)

test('each text is replaced wherever it stands, from left to right', t => {
  t.is(marked('a b a c', ['a', 'c']), '<a> b <a> <c>')
  t.is(marked('abab', ['aba', 'bab']), '<aba>b')
  t.is(marked('nothing', ['a', 'c']), 'nothing')
  t.is(marked('nothing', []), 'nothing')
  t.is(marked('', ['a']), '')
})

test('where two begin at the same place the longer one wins, in whatever order they come', t => {
  t.is(marked('abc', ['a', 'ab', 'b']), '<ab>c')
  t.is(marked('abc', ['ab', 'a', 'a']), '<ab>c')
})

test('what has a meaning in a pattern or a replacement has none here', t => {
  t.is(
    replaceEach('1+1 $& .*', ['1+1', '.*'], text => `$&${text}`),
    '$&1+1 $& $&.*',
  )
})

test('a text longer than a regular expression can be is found', t => {
  const long = '<x>'.repeat(50_000)
  t.is(
    replaceEach(`a${long}b`, [long], () => '-'),
    'a-b',
  )
})

test('is what an alternation of the longest texts first would do', t => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 })
  const texts = fc.array(
    letters.filter(text => text !== ''),
    { minLength: 1, maxLength: 5 },
  )
  fc.assert(
    fc.property(letters, texts, (whole, texts) => {
      const longestFirst = texts.toSorted((a, b) => b.length - a.length)
      const expected = whole.replace(new RegExp(longestFirst.join('|'), 'g'), text => `<${text}>`)
      t.is(marked(whole, texts), expected)
    }),
  )
})
