// What a stranger writes to command a terminal, and what none of our output may hold.

/** A title, a clipboard, another line, a carriage return, colours, C1, bidi, what cannot be seen. */
export const HOSTILE = [
  ...['\u001b]0;owned\u0007', '\u001b]52;c;cm0gLXJm\u0007', '\u001b[2J\u001b[8m', '\u001b[45m'],
  ...['\nFORGED line\n', '\rFORGED start', '\u0000\b\u007f', '\u009b2J\u0085\u0090'],
  ...[
    '\u202egnp\u202c\u2066\u2069',
    '\u200e\u200f\u061c',
    '\u2028FORGED\u2029',
    '\u200b\ufeff\u00ad\u{e0041}\u3164',
  ],
].join('')

/** What is our own on a terminal: colours of picocolors, and of pino-pretty in the log; a line that is erased. */
const COLOURS = ['1', '2', '22', '31', '32', '33', '34', '35', '36', '39', '41', '49']
const OURS = [...COLOURS.map(code => `\u001b[${code}m`), '\r\u001b[K']

// NOTE: told apart by code, not by the pattern of the code under test.
function isForbidden(character: string): boolean {
  const code = character.codePointAt(0)!
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return code !== 0x0a
  if (code >= 0xd800 && code <= 0xdfff) return true
  return (
    [0xad, 0x61c, 0x180e, 0x3164, 0xfeff].includes(code) ||
    (code >= 0x200b && code <= 0x200f && code !== 0x200d) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  )
}

/** Each as its code; none is right. */
export function forbiddenIn(output: string, { colour = false } = {}): string[] {
  const plain = colour ? OURS.reduce((text, code) => text.replaceAll(code, ''), output) : output
  const forged = plain.split('\n').filter(line => line.startsWith('FORGED'))
  const found = [...plain].filter(isForbidden).map(character => character.codePointAt(0)!.toString(16))
  return [...forged, ...new Set(found)]
}
