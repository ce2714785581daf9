// What would command a terminal is seen instead, and nothing else changes.
import test from 'ava'
import fc from 'fast-check'
import { visible, visibleJson, visibleStack, visibleWithQuote } from '../../src/terminal/visible.ts'
import { forbiddenIn, HOSTILE } from './hostile.ts'

/** Any code units at all, more of those that matter. */
const anyText = fc
  .array(fc.oneof(fc.nat(0xffff), fc.constantFrom(0x1b, 0x0a, 0x9b, 0x202e, 0x200d, 0xfe0f, 0x1f469, 0xd83d)))
  .map(codes => String.fromCodePoint(...codes))

test('each such character is shown by its code', t => {
  t.is(visible('\u001b[2J'), String.raw`\x1b[2J`)
  t.is(visible('a\nb\rc\td\0\u007f\u009b'), String.raw`a\nb\rc\td\x00\x7f\x9b`)
  t.is(visible('\u202eab\u2069\u2028\u200b\ufeff'), String.raw`\u202eab\u2069\u2028\u200b\ufeff`)
  t.is(visible('\u{e0041}\ud83d'), String.raw`\u{e0041}\ud83d`)
  t.deepEqual(forbiddenIn(visible(HOSTILE)), [])
})

test('what people write stays: any script, emoji with their joiners, backslashes', t => {
  for (const text of [
    ...['plain ~ text', 'Größe 5 µs – 日本語', 'שלום مرحبا', 'C:\\temp\\x1b', '\u00a0'],
    ...['👩\u200d💻', '❤\ufe0f', '1\ufe0f\u20e3', '🧑🏽\u200d🚒', '🏳\ufe0f\u200d🌈'],
  ])
    t.is(visible(text), text)
  t.is(visible('cpu\u200d'), String.raw`cpu\u200d`)
  t.is(visible('cpu1\ufe0f'), String.raw`cpu1\ufe0f`)
})

test('whatever the text, the result has no such character, is one line, and stays as it is', t => {
  fc.assert(
    fc.property(anyText, text => {
      const shown = visible(text)
      t.deepEqual(forbiddenIn(shown), [])
      t.false(shown.includes('\n'))
      t.is(visible(shown), shown)
    }),
  )
})

test('JSON parses to the same value, on one line', t => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyText, fc.dictionary(anyText, fc.double({ noNaN: true })))), value => {
      for (const json of [JSON.stringify(value), JSON.stringify(value, null, '\t')]) {
        const shown = visibleJson(json)
        t.deepEqual(forbiddenIn(shown), [])
        t.false(shown.includes('\n'))
        t.deepEqual(JSON.parse(shown), JSON.parse(json))
      }
    }),
  )
  t.is(visibleJson('{"n":12345678901234567890}'), '{"n":12345678901234567890}')
})

test('a quoted line with its caret keeps its place, and nothing else makes a line', t => {
  t.is(visibleWithQuote('no\u001b\n  "usage" >\n          ^'), 'no\\x1b\n  "usage" >\n          ^')
  t.is(visibleWithQuote('a\nFORGED\n  b\n  ^'), 'a\\nFORGED\n  b\n  ^')
  t.is(visibleWithQuote('a\n  b\nFORGED'), String.raw`a\n  b\nFORGED`)
  t.is(visibleWithQuote('a\n  b\r\u001b\n  ^'), 'a\n  b\\r\\x1b\n  ^')
})

test('a stack keeps its lines, and its message gets none', t => {
  t.is(visibleStack('Error: a\nFORGED\n    at b (c.ts:1:2)'), 'Error: a\\nFORGED\n    at b (c.ts:1:2)')
})
