// Text that may be written to a terminal. What a template says literally is ours; what is put into it is made visible,
// unless it is such a text already. A stream takes nothing else, so a command cannot forget it. Pure.
import { visible, visibleJson, visibleStack, visibleWithQuote } from './visible.ts'

class Text {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Made by the functions of this file alone. */
export type TerminalText = Text
export type Piece = string | number | TerminalText

const shown = (piece: Piece): string => (piece instanceof Text ? String(piece) : visible(String(piece)))

/** `terminal\`${level}  ${id}\n\`` */
export function terminal(parts: TemplateStringsArray, ...pieces: readonly Piece[]): TerminalText {
  return new Text(parts.map((part, at) => (at === 0 ? part : shown(pieces[at - 1]!) + part)).join(''))
}

export const joined = (texts: readonly TerminalText[]): TerminalText => new Text(texts.join(''))

/** @param paint of picocolors. */
export const painted = (paint: (text: string) => string, piece: Piece): TerminalText =>
  new Text(paint(shown(piece)))

/** A text of our own whose line breaks are meant, such as a help. */
export const inLines = (text: string): TerminalText => new Text(text.split('\n').map(visible).join('\n'))

/** Each a line, whatever is in it. */
export const linesOf = (lines: readonly string[]): TerminalText =>
  new Text(lines.map(line => `${visible(line)}\n`).join(''))

/** A sentence that may end in a quoted line with a caret below. */
export const withQuote = (text: string): TerminalText => new Text(visibleWithQuote(text))

export const stackText = (stack: string): TerminalText => new Text(visibleStack(stack))

/** One value on one line. */
export const jsonLine = (value: unknown): TerminalText => jsonTextLine(JSON.stringify(value))

/** The same for what is JSON already. */
export const jsonTextLine = (json: string): TerminalText => new Text(`${visibleJson(json)}\n`)

/** Empties the line that the cursor is on. */
export const ERASED_LINE: TerminalText = new Text('\r\u001b[K')

const COLOUR = String.raw`\u001b\[[\d;]*m`
const COLOURS = new RegExp(COLOUR, 'g')

/** Columns of a text that is one line. */
export const widthOf = (text: TerminalText): number => String(text).replace(COLOURS, '').length

/** As wide as its column at least. */
export const padded = (text: TerminalText, columns: number): TerminalText =>
  new Text(text + ' '.repeat(Math.max(0, columns - widthOf(text))))

/** Our own layout: line breaks, colours, and ERASED_LINE. */
const LAYOUT = new RegExp(String.raw`(\n|${COLOUR}|\r\u001b\[K)`)

/** The last guard: whatever made the text, nothing but layout and what can be seen gets through. */
export const guarded = (text: TerminalText): string =>
  shown(text)
    .split(LAYOUT)
    .map((part, at) => (at % 2 === 1 ? part : visible(part)))
    .join('')
