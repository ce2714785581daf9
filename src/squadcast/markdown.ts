// Shows any text in Markdown as itself: what comes from points can make no link, image, heading, code, HTML,
// mention or table cell. Pure; it knows nothing of events.

// Line breaks among them, and what turns the direction of writing.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu
// Where backslashes do not help: many renderers look for addresses in the text that is left without them.
export const INVISIBLE_BREAK = '\u200b'

/** One line of whole characters: control characters become a blank. */
export const withoutControls = (text: string): string => text.replace(CONTROLS, ' ').trim().toWellFormed()

/**
 * The same text for a reader, on one line, safe in a sentence, at the start of a line and in a table. Names
 * such as `cpu_usage` stay as they are, so that they read well where nobody renders Markdown.
 */
export function markdownText(text: string): string {
  return withoutControls(text)
    .replace(/[\\`*[\]<>&|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/^(?:[#=]|[+-](?=[\s+-]|$)|[-:](?=[-:\s\\|]*$)|:(?=\s))/, '\\$&')
    .replace(/^\d+(?=[.)](?:\s|$))/, '$&\\')
    .replaceAll('://', `:${INVISIBLE_BREAK}//`)
    .replace(/www(?=\.)/gi, `$&${INVISIBLE_BREAK}`)
    .replaceAll('@', `@${INVISIBLE_BREAK}`)
}

/** A text of several lines, each of them as by `markdownText`. */
export const markdownLines = (text: string): string =>
  text
    .split(/\r\n|[\n\r]/)
    .map(markdownText)
    .join('\n')

/** As code, exactly as it is written, apart from control characters. Not for tables. */
export function markdownCode(text: string): string {
  const line = withoutControls(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return line === '' ? '' : `${fence}${pad}${line}${pad}${fence}`
}

/** Two columns; the cells are texts, not yet Markdown. Empty without rows. */
export function markdownTable(head: readonly [string, string], rows: readonly (readonly [string, string])[]) {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`
  return [line(head), '| --- | --- |', ...rows.map(line)].join('\n')
}
