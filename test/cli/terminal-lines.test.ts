// Lines for a terminal: broken between words, and no word ever cut.
import test from 'ava'
import fc from 'fast-check'
import { levelText, shortTime, wrapped } from '../../src/cli/terminal-lines.ts'

test('a text is broken between words, at 80 columns, and nothing of it is lost', t => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[!-~]{1,90}$/), { minLength: 1 }),
      fc.nat(30),
      (words, indent) => {
        const lines = String(wrapped(words.join(' '), indent))
          .split('\n')
          .slice(0, -1)
        t.deepEqual(
          lines.flatMap(line => line.trim().split(' ')),
          words,
        )
        for (const line of lines) if (line.trim().includes(' ')) t.true(line.length <= 80)
      },
    ),
  )
})

test('a time is shown to the second, and a level in colour only where it is wanted', t => {
  t.is(shortTime('2026-05-28T14:03:11.123Z'), '2026-05-28 14:03:11Z')
  t.is(String(levelText('INFO', false)), 'INFO    ')
  t.is(String(levelText('CRITICAL', true)), '\u001b[31mCRITICAL\u001b[39m')
})
