// Texts that try to be markup.
import fc from 'fast-check'

const PIECES = [
  ...'[]()!`|<>\\*_~#-+=&@:/.1 a\n\r\t"\'$^{}%;\u0000\u200b\u2028',
  ...[
    '![x](http://e.vil)',
    '[x](http://e.vil)',
    '<img src=x>',
    '<b>',
    '</b>',
    '<http://e.vil>',
    'http://e.vil/x',
  ],
  ...[
    'www.e.vil',
    'me@e.vil',
    '&#43;',
    '&#91;',
    '&lt;',
    '&#x5b;',
    '&amp;#43;',
    '&#0;',
    '```',
    '~~~',
    '---',
    '===',
  ],
  ...[
    '# h',
    '1. i',
    '- i',
    '> q',
    '    code',
    '[a]: http://e.vil',
    '](http://e.vil)',
    '\n\n',
    '|a|\n|-|',
    ':-',
    'javascript:',
  ],
  ...[
    '\ud800',
    '\udc00',
    '😀',
    'é',
    '\u00a0',
    'www',
    'http:',
    '//e.vil',
    '<!--',
    '-->',
    '**b**',
    '_e_',
    '[^1]',
    '(http://e.vil)',
    '(/e.vil)',
    ': /e.vil',
    '!',
    '42',
  ],
]

const upTo = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...PIECES), { maxLength }).map(pieces => pieces.join(''))

/** Short ones often, since what matters is what stands beside the author's text. */
export const hostile: fc.Arbitrary<string> = fc.oneof(upTo(1), upTo(2), upTo(12))

/** As Go's html/template writes a value. */
export const htmlEscaped = (text: string): string =>
  text.replace(/[&<>"'+\0]/g, c =>
    c === '\0'
      ? '\ufffd'
      : c === '<'
        ? '&lt;'
        : c === '>'
          ? '&gt;'
          : c === '&'
            ? '&amp;'
            : `&#${c.charCodeAt(0)};`,
  )
