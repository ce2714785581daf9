// Lines of text that are read on a terminal of 80 columns or fewer, and its colours. Pure.
import pc from 'picocolors'

const COLUMNS = 80

/** Narrower ones get lines that they break themselves. */
const NARROWEST = 40

/** How wide lines may be; where nobody looks, as wide as a terminal. */
export const columnsOf = ({
  isTTY,
  columns,
}: {
  readonly isTTY?: boolean
  readonly columns?: number
}): number => (isTTY && columns !== undefined ? Math.max(NARROWEST, Math.min(columns, COLUMNS)) : COLUMNS)

/** Breaks a text between words. What has no space, such as an id, is never cut. */
export function wrapped(text: string, indent = 0, columns = COLUMNS): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map(one => `${' '.repeat(indent)}${one}\n`).join('')
}

/** What came from outside as one line that commands no terminal: control characters stand as spaces. */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()

/** Below it the sidecar shows the place in a script, which has no room in a line. */
export const firstLine = (text: string): string => text.split('\n')[0]!

/** `2026-05-28 14:03:11Z` of an RFC 3339 time. */
export const shortTime = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')}Z`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** The name of a level as wide as the widest, in its colour. */
export function levelText(level: string, colour: boolean): string {
  const { red, yellow, green } = pc.createColors(colour)
  const text = level.padEnd(8)
  return level === 'CRITICAL' ? red(text) : level === 'OK' ? green(text) : yellow(text)
}
