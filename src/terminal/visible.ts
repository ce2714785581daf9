// Text from outside, made harmless for a terminal: characters that command it, break a line, reorder it or cannot be
// seen are shown as escapes. Every other character stays, so nothing is lost. Pure.

/** Parts of an emoji: a style after a pictograph or in a keycap, and a joiner between two pictographs. */
const OF_EMOJI = [
  String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  String.raw`(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})`,
].join('|')

/**
 * C0, DEL and C1, format characters (bidi controls among them), U+2028 and U+2029, lone surrogates, and whatever else
 * Unicode says is not drawn. U+2800 is drawn as nothing.
 */
const HIDDEN = new RegExp(
  String.raw`(?!${OF_EMOJI})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]`,
  'gu',
)
/** Most texts are these alone. */
const PLAIN = /^[\x20-\x7e]*$/

const SHORT: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

function escaped(character: string): string {
  const code = character.codePointAt(0)!
  if (code > 0xffff) return `\\u{${hex(code, 0)}}`
  return SHORT[character] ?? (code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`)
}

/** `\x1b`, `\n`, `\u202e` in place of such characters. What is visible already stays as it is. */
export const visible = (text: string): string => (PLAIN.test(text) ? text : text.replace(HIDDEN, escaped))

/** The end of a LanguageError's explanation: a line of the source, and a caret below its place. */
const QUOTE = /\n( {2}[^\n]*)\n( {2} *\^)$/

/** The same, but a quoted line with its caret below keeps the line breaks. */
export function visibleWithQuote(text: string): string {
  const [, source, caret] = QUOTE.exec(text) ?? []
  return source === undefined ? visible(text) : `${visible(withoutQuote(text))}\n${visible(source)}\n${caret}`
}

/** Where there is room for one line. */
export const withoutQuote = (text: string): string => text.replace(QUOTE, '')

/** An error's stack keeps its lines; its message gets none. */
export const visibleStack = (stack: string): string =>
  stack
    .split(/\n(?= {4}at )/)
    .map(visible)
    .join('\n')

/** JSON as one line that parses to the same value. Outside its strings JSON has no such character but white space. */
export function visibleJson(json: string): string {
  if (PLAIN.test(json)) return json
  return json.replace(/[\t\n\r]/g, ' ').replace(HIDDEN, escapedInJson)
}

const escapedInJson = (character: string): string =>
  character
    .split('')
    .map(unit => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('')
