import test from 'ava'
import fc from 'fast-check'
import { markdownCode, markdownTable, markdownText } from '../../src/squadcast/markdown.ts'

for (const [text, shown] of [
  ['cpu_usage of host-1 is 95.5 (was -3)', 'cpu_usage of host-1 is 95.5 (was -3)'],
  ['-5', '-5'],
  ['grüße 你好 😀', 'grüße 你好 😀'],
  ['[x](http://evil)', '\\[x\\](http:\u200b//evil)'],
  ['![x](y)', '!\\[x\\](y)'],
  ['<img src=x>', '\\<img src=x\\>'],
  ['&lt;b&gt;', '\\&lt;b\\&gt;'],
  ['a|b', 'a\\|b'],
  ['a\\|b', 'a\\\\\\|b'],
  ['`rm`', '\\`rm\\`'],
  ['**bold** __bold__ ~~gone~~', '\\*\\*bold\\*\\* \\_\\_bold\\_\\_ \\~\\~gone\\~\\~'],
  ['# heading', '\\# heading'],
  ['- item', '\\- item'],
  ['---', '\\---'],
  [':-:', '\\:-:'],
  ['===', '\\==='],
  ['1. item', '1\\. item'],
  ['> quote', '\\> quote'],
  ['one\r\ntwo\u2028three\u0000\u202efour', 'one two three four'],
  ['see www.evil.com', 'see www\u200b.evil.com'],
] as const) {
  test(`in Markdown ${JSON.stringify(text)} is shown as itself`, t => {
    t.is(markdownText(text), shown)
  })
}

test('a mention reaches nobody, and an address becomes no link', t => {
  t.is(markdownText('@here ask me@example.com'), '@\u200bhere ask me@\u200bexample.com')
})

test('whatever the text, it stays on one line and no active character stays unescaped', t => {
  const markup = fc.string({ unit: fc.constantFrom(...'[]()!`|<>\\*_~#-+=&@:/.1 a\n\r\t"'), maxLength: 30 })
  fc.assert(
    fc.property(markup, text => {
      const rest = markdownText(text).replace(/\\[!-/:-@[-`{-~]/g, 'x')
      t.notRegex(rest, /[\\`*[\]<>&|~\n\r]|^#|:\/\/|www\.|@(?!\u200b)/)
    }),
  )
})

test('code is fenced by more backticks than it has', t => {
  t.is(markdownCode('"usage" > 90'), '`"usage" > 90`')
  t.is(markdownCode('a `b` c'), '``a `b` c``')
  t.is(markdownCode('``x'), '``` ``x ```')
  t.is(markdownCode('a\nb'), '`a b`')
  t.is(markdownCode(' \n '), '')
})

test('a table has one line for each row, whatever is in the cells', t => {
  const table = markdownTable(
    ['Field', 'Value'],
    [
      ['a|b', 'x\n| y |'],
      ['c', ''],
    ],
  )
  t.is(table, '| Field | Value |\n| --- | --- |\n| a\\|b | x \\| y \\| |\n| c |  |')
  t.is(markdownTable(['Field', 'Value'], []), '')
})
