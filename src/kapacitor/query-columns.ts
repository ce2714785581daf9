// The columns that an InfluxQL query answers with, and what it is filtered by. Only what the text itself says: with a
// wildcard, an expression without a name or a subquery nothing is known. Pure.

export interface QueryColumn {
  readonly name: string
  /** The field that it is, or is made of by a function that keeps its values or their mean; else undefined. */
  readonly of?: string
}

const ITEM =
  /^(?:(?<call>[a-z_]+)\s*\(\s*(?<arg>"[^"]+"|[\w.]+)?[^()]*\)|(?<field>"[^"]+"|[\w.]+))(?:\s+as\s+(?<as>"[^"]+"|[\w.]+))?$/i

/** Functions whose result is a value of the field, or lies between its values. */
const OF_VALUES = new Set(['mean', 'median', 'mode', 'min', 'max', 'first', 'last', 'percentile'])

/** Undefined: not known. */
export function queryColumns(text: string): QueryColumn[] | undefined {
  const items = /^\s*select\s+([\s\S]*?)\s+from\s/i.exec(text)?.[1]
  if (items === undefined) return undefined
  const columns = split(items).map(columnOf)
  return columns.every(column => column !== undefined) ? columns : undefined
}

function columnOf(item: string): QueryColumn | undefined {
  const { call, arg, field, as } = ITEM.exec(item)?.groups ?? {}
  if (call === undefined && field === undefined) return undefined
  const name = bare(as ?? call ?? field!)
  const of = call === undefined ? field : OF_VALUES.has(call.toLowerCase()) ? arg : undefined
  return { name, ...(of !== undefined && { of: bare(of) }) }
}

/** The condition behind WHERE, as a lambda would have it. */
export function queryFilter(text: string): string | undefined {
  const where =
    /\swhere\s([\s\S]*?)(?:\s+(?:group\s+by|order\s+by|fill\s*\(|limit|slimit|tz\s*\()[\s\S]*)?$/i.exec(
      text,
    )?.[1]
  if (where === undefined) return undefined
  return where
    .split(/('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|(?<=~\s*)\/(?:\\\/|[^/])*\/)/)
    .map((part, at) => (at % 2 === 1 ? part : inLambda(part)))
    .join('')
}

const inLambda = (part: string): string =>
  part
    .replaceAll(/<>/g, '!=')
    .replaceAll(/(?<![=!<>])=(?![=~])/g, '==')
    .replaceAll(/\b(and|or)\b/gi, word => word.toUpperCase())
    .replaceAll(/\b(true|false)\b/gi, word => word.toUpperCase())
    .replaceAll(/\b(?!AND\b|OR\b|TRUE\b|FALSE\b)([A-Za-z_]\w*)\b(?!\s*\()/g, '"$1"')

/** At the commas that stand in no parentheses and no quotes. */
function split(items: string): string[] {
  const found = ['']
  let depth = 0
  for (const part of items.match(/"[^"]*"|[\s\S]/g) ?? []) {
    if (part === '(') depth++
    if (part === ')') depth--
    if (part === ',' && depth === 0) found.push('')
    else found[found.length - 1] += part
  }
  return found.map(item => item.trim())
}

const bare = (name: string): string => (name.startsWith('"') ? name.slice(1, -1) : name)
