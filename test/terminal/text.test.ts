// Text for a terminal: the template is ours, the values are not.
import test from 'ava'
import fc from 'fast-check'
import pc from 'picocolors'
import { hanging, wrapped } from '../../src/cli/terminal-lines.ts'
import {
  guarded,
  joined,
  jsonLine,
  padded,
  painted,
  type TerminalText,
  terminal,
  widthOf,
} from '../../src/terminal/text.ts'
import { forbiddenIn, HOSTILE } from './hostile.ts'

const { red } = pc.createColors(true)

test('values are made visible, once; a text inside a text keeps its lines and colours', t => {
  const inner = terminal`${painted(red, 'a\u001b')}\n`
  t.is(String(terminal`${inner}${'b\n'} ${7}\n`), '\u001b[31ma\\x1b\u001b[39m\nb\\n 7\n')
  t.is(String(joined([inner, terminal`c`])), '\u001b[31ma\\x1b\u001b[39m\nc')
})

test('a text that went through a string counts as from outside', t => {
  t.is(String(terminal`${String(terminal`a\n`)}`), 'a\\n')
})

test('nothing of a value reaches a line, its colour or its layout', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(40, 80), (text, columns) => {
      const hostile = `${HOSTILE}${text} ${HOSTILE}`
      const texts = [terminal`${hostile}\n`, painted(red, hostile), jsonLine(hostile)]
      for (const one of [...texts, wrapped(hostile, 4, columns), hanging(terminal`- `, hostile, 4, columns)])
        t.deepEqual(forbiddenIn(guarded(one), { colour: true }), [])
    }),
  )
})

test('width counts what is shown', t => {
  t.is(widthOf(painted(red, 'a\u001bb')), 'a\\x1bb'.length)
  t.is(widthOf(padded(painted(red, 'ab'), 5)), 5)
  t.is(String(padded(terminal`abc`, 2)), 'abc')
  const lines = String(wrapped('\u001b\u001b\u001b '.repeat(20), 2, 40)).split('\n')
  for (const line of lines) t.true(line.length <= 40, line)
})

test('the last guard lets through lines, colours and an erased line, whatever made the text', t => {
  const text = 'a\u001b[31mb\u001b[39m\n\r\u001b[Kc\r\u001b[2J\u202e'
  t.is(guarded(text as unknown as TerminalText), String.raw`a\x1b[31mb\x1b[39m\n\r\x1b[Kc\r\x1b[2J\u202e`)
  const careless = painted(() => text, '')
  t.is(guarded(careless), 'a\u001b[31mb\u001b[39m\n\r\u001b[Kc\\r\\x1b[2J\\u202e')
})
