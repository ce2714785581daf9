// Lines of text that are read on a terminal of 80 columns or fewer, and its colours. Pure.
import pc from 'picocolors'
import { joined, painted, type TerminalText, terminal, widthOf } from '../terminal/text.ts'
import { visible, withoutQuote } from '../terminal/visible.ts'

const COLUMNS = 80

/** Narrower ones get lines that they break themselves. */
const NARROWEST = 40

/** How wide lines may be; where nobody looks, as wide as a terminal. */
export const columnsOf = ({
  isTTY,
  columns,
}: {
  readonly isTTY?: boolean
  readonly columns?: number | undefined
}): number => (isTTY && columns !== undefined ? Math.max(NARROWEST, Math.min(columns, COLUMNS)) : COLUMNS)

/** Breaks a text between words. What has no space, such as an id, is never cut. */
export const wrapped = (text: string, indent = 0, columns = COLUMNS): TerminalText =>
  hanging(terminal`${' '.repeat(indent)}`, text, indent, columns)

/** The same behind a label, a sign or a time; only the lines below the first are indented. */
export function hanging(
  head: TerminalText,
  text: string,
  indent = widthOf(head),
  columns = COLUMNS,
): TerminalText {
  const [first = '', ...rest] = brokenLines(visible(text), { first: widthOf(head), rest: indent, columns })
  return joined([terminal`${head}${first}\n`, ...rest.map(line => terminal`${' '.repeat(indent)}${line}\n`)])
}

function brokenLines(
  text: string,
  { first, rest, columns }: { readonly first: number; readonly rest: number; readonly columns: number },
): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const used = (lines.length === 0 ? first : rest) + line.length
    if (line !== '' && used + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** What came from outside as part of a line. */
export const plain = (text: string): string => withoutQuote(text).trim()

/** Below it the sidecar shows the place in a script, which has no room in a line. */
export const firstLine = (text: string): string => text.split('\n')[0]!

/** `2026-05-28 14:03:11Z` of an RFC 3339 time. */
export const shortTime = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')}Z`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** The name of a level as wide as the widest, in its colour. */
export function levelText(level: string, colour: boolean): TerminalText {
  const { red, yellow, green } = pc.createColors(colour)
  const paint = level === 'CRITICAL' ? red : level === 'OK' ? green : yellow
  return painted(paint, level.padEnd(8))
}
