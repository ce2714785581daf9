// Columns of a Flux query that are certainly unsigned or a time: Kapacitor reads such a column as a field that it cannot
// hand to a function (influxdb/csv.go). _time, _start and _stop are no fields, and what is grouped by is a tag. Only
// calls of a plain pipeline are followed; at any other call nothing is known any more. Pure.

export type FluxKind = 'unsigned' | 'time'

/** By its name. */
export type FluxColumns = ReadonlyMap<string, FluxKind>

const NO_FIELDS = new Set(['_time', '_start', '_stop', '_measurement', 'time'])
/** Calls that leave the columns and their types as they are. */
const PASSING = new Set(
  (
    'from range filter sort limit tail first last min max unique yield fill window top bottom timeShift ' +
    'cumulativeSum difference sample increase'
  ).split(' '),
)
const CONVERSIONS: Readonly<Record<string, FluxKind | undefined>> = {
  toUInt: 'unsigned',
  toTime: 'time',
  toInt: undefined,
  toFloat: undefined,
  toString: undefined,
  toBool: undefined,
}
const TIMES = ['_time', '_start', '_stop']

export function fluxColumns(text: string): FluxColumns {
  const calls = callsOf(text.replaceAll(/\/\/[^\n]*/g, ''))
  let columns = new Map<string, FluxKind>()
  for (const { name, args } of calls ?? []) columns = after(name, args, columns)
  return new Map([...columns].filter(([name]) => !NO_FIELDS.has(name)))
}

function after(name: string, args: string, columns: Map<string, FluxKind>): Map<string, FluxKind> {
  if (Object.hasOwn(CONVERSIONS, name)) return set(columns, '_value', CONVERSIONS[name])
  switch (name) {
    case 'map':
      return mapped(args, columns)
    case 'duplicate': {
      const [column, as] = [argument(args, 'column'), argument(args, 'as')]
      return as === undefined ? columns : set(columns, as, kindOf(column ?? '', columns))
    }
    case 'rename':
      return renamed(args, columns)
    case 'drop':
      return /\bfn\s*:/.test(args) ? new Map() : without(columns, quoted(args))
    case 'keep':
      return /\bfn\s*:/.test(args) ? new Map() : onlyOf(columns, quoted(args))
    case 'group':
      return args.includes('"except"') ? new Map() : without(columns, quoted(args))
    case 'sum':
    case 'spread':
      return onlyOf(columns, ['_value'])
    case 'aggregateWindow':
      if (/\bfn\s*:\s*sum\b/.test(args)) return onlyOf(columns, ['_value'])
      return /\bfn\s*:\s*(?:last|first|min|max)\b/.test(args) ? columns : new Map()
    default:
      return PASSING.has(name) ? columns : new Map()
  }
}

function set(
  columns: Map<string, FluxKind>,
  name: string,
  kind: FluxKind | undefined,
): Map<string, FluxKind> {
  const others = without(columns, [name])
  return kind === undefined ? others : others.set(name, kind)
}

const without = (columns: ReadonlyMap<string, FluxKind>, names: readonly string[]): Map<string, FluxKind> =>
  new Map([...columns].filter(([name]) => !names.includes(name)))

const onlyOf = (columns: ReadonlyMap<string, FluxKind>, names: readonly string[]): Map<string, FluxKind> =>
  new Map([...columns].filter(([name]) => names.includes(name)))

const kindOf = (column: string, columns: ReadonlyMap<string, FluxKind>): FluxKind | undefined =>
  TIMES.includes(column) ? 'time' : columns.get(column)

const argument = (args: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*:\\s*"([^"]*)"`).exec(args)?.[1]

const quoted = (args: string): string[] => [...args.matchAll(/"([^"]*)"/g)].map(([, name]) => name!)

function renamed(args: string, columns: Map<string, FluxKind>): Map<string, FluxKind> {
  const pairs = [...args.matchAll(/"?(\w+)"?\s*:\s*"([^"]+)"/g)]
  if (pairs.length === 0) return new Map()
  let found = columns
  for (const [, from, to] of pairs) found = set(without(found, [from!]), to!, kindOf(from!, columns))
  return found
}

/** `map(fn: (r) => ({ r with at: r._time }))`; without `with` there is only what is named. */
function mapped(args: string, columns: Map<string, FluxKind>): Map<string, FluxKind> {
  const [, row = '', keeps, body] =
    /\(\s*(\w+)\s*\)\s*=>\s*\(\s*\{\s*(\w+\s+with\b)?([\s\S]*)\}\s*\)\s*$/.exec(args) ?? []
  if (body === undefined) return new Map()
  let found = keeps === undefined ? new Map<string, FluxKind>() : columns
  for (const part of atCommas(body)) {
    const [, name, value] = /^\s*"?(\w+)"?\s*:\s*([\s\S]+?)\s*$/.exec(part) ?? []
    if (name !== undefined) found = set(found, name, valueKind(value!, row, columns))
  }
  return found
}

function valueKind(value: string, row: string, columns: ReadonlyMap<string, FluxKind>): FluxKind | undefined {
  if (/^uint\s*\(/.test(value)) return isOneCall(value) ? 'unsigned' : undefined
  if (/^(?:time|now)\s*\(/.test(value)) return isOneCall(value) ? 'time' : undefined
  const [, dotted, indexed] = new RegExp(`^${row}(?:\\.(\\w+)|\\["(\\w+)"\\])$`).exec(value) ?? []
  const column = dotted ?? indexed
  return column === undefined ? undefined : kindOf(column, columns)
}

const isOneCall = (value: string): boolean => closing(value, value.indexOf('(')) === value.length - 1

function atCommas(text: string): string[] {
  const found = ['']
  let depth = 0
  for (const part of text.match(/"(?:\\.|[^"\\])*"|[\s\S]/g) ?? []) {
    if ('([{'.includes(part)) depth++
    if (')]}'.includes(part)) depth--
    if (part === ',' && depth === 0) found.push('')
    else found[found.length - 1] += part
  }
  return found
}

/** The calls from the first `from(` on, in their order; undefined where it is no plain pipeline. */
function callsOf(text: string): { name: string; args: string }[] | undefined {
  if ((text.match(/\bfrom\s*\(/g) ?? []).length !== 1) return undefined
  const found: { name: string; args: string }[] = []
  let at = text.search(/\bfrom\s*\(/)
  for (;;) {
    const [whole, name] = /^([\w.]+)\s*\(/.exec(text.slice(at)) ?? []
    if (whole === undefined) return undefined
    const open = at + whole.length - 1
    const close = closing(text, open)
    if (close < 0) return undefined
    found.push({ name: name!, args: text.slice(open + 1, close) })
    const [next] = /^\s*\|>\s*/.exec(text.slice(close + 1)) ?? []
    if (next === undefined) return text.slice(close + 1).trim() === '' ? found : undefined
    at = close + 1 + next.length
  }
}

/** Of the parenthesis that closes the one at `open`; -1: there is none. */
function closing(text: string, open: number): number {
  let depth = 0
  let inText = false
  for (let at = open; at < text.length; at++) {
    const sign = text[at]!
    if (sign === '"' && text[at - 1] !== '\\') inText = !inText
    if (inText) continue
    if (sign === '(') depth++
    if (sign === ')' && --depth === 0) return at
  }
  return -1
}
