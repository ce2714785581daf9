// Quotes strings and characters as Go's strconv does, and reads such strings back. Pure.

const NAMED: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
])
const UNNAMED: ReadonlyMap<string, string> = new Map(
  [...NAMED].map(([character, name]) => [name[1]!, character]),
)

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** `mark` is the quote around it. @param ascii writes every other character as an escape. */
export function quote(text: string, mark: '"' | "'", ascii = false): string {
  let quoted = mark as string
  for (const character of text) quoted += escaped(character, mark, ascii)
  return quoted + mark
}

function escaped(character: string, mark: string, ascii: boolean): string {
  if (character === mark) return `\\${mark}`
  const named = NAMED.get(character)
  if (named !== undefined) return named
  const code = character.codePointAt(0)!
  if (PRINTABLE.test(character) && (code < 0x80 || !ascii)) return character
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0')

const ESCAPE = /\\(?:([abfnrtv\\"])|x([0-7][\da-fA-F])|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([01][0-7]{2})|)/gy

/**
 * The text between the quotes of a Go string in double quotes, or the index of the escape that is none.
 * Escapes of single bytes above 0x7F are refused: a text here is made of characters.
 */
export function unquote(body: string): string | { readonly wrongAt: number } {
  let text = ''
  for (let index = 0; index < body.length; index += 1) {
    if (body[index] !== '\\') {
      text += body[index]
      continue
    }
    ESCAPE.lastIndex = index
    const found = ESCAPE.exec(body)
    const character = found === null ? undefined : unescaped(found)
    if (character === undefined) return { wrongAt: index }
    text += character
    index = ESCAPE.lastIndex - 1
  }
  return text
}

function unescaped([, name, byte, short, long, octal]: RegExpExecArray): string | undefined {
  if (name !== undefined) return UNNAMED.get(name) ?? name
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
  const digits = byte ?? short ?? long
  if (digits === undefined) return undefined
  const code = Number.parseInt(digits, 16)
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code)
}
