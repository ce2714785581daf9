// Reads off a TICKscript which options its @nodes have, with the types that Kapacitor gives their arguments. It knows
// calls of properties with literals and nothing more of the language: anything else in an option throws.
import type { Message } from '../fakes/requests.ts'

export interface ScriptNode {
  /** `squadcast` */
  readonly name: string
  /** As they stand in an Init. */
  readonly options: readonly { readonly name: string; readonly values: readonly Message[] }[]
}

interface Token {
  readonly kind: string
  readonly text: string
}

// Only behind an operator does a slash begin a regular expression; anywhere else it divides.
const TOKEN = new RegExp(
  [
    /(?<blank>\s+|\/\/.*)/,
    /(?<string>'''[\s\S]*?'''|'(?:\\'|[^'])*')/,
    /(?<reference>"(?:\\"|[^"])*")/,
    /(?<=[~=(,]\s*)(?<regex>\/(?:\\\/|[^/\n])+\/)/,
    /(?<duration>-?\d+(?:ms|[uµsmhdw]))/,
    /(?<float>-?\d+\.\d*)/,
    /(?<int>-?\d+)/,
    /(?<word>[A-Za-z_]\w*)/,
    /(?<symbol>[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
)

/** In the order of the script. */
export function nodesOf(script: string): ScriptNode[] {
  const tokens = tokensOf(script)
  const starts = [...tokens.keys()].filter(index => tokens[index]!.text === '@')
  return starts.map(at => node(tokens.slice(at + 1)))
}

function tokensOf(script: string): Token[] {
  const tokens = [...script.matchAll(TOKEN)].map(({ groups }) => {
    const [kind, text] = Object.entries(groups!).find(([, found]) => found !== undefined)!
    return { kind, text }
  })
  return tokens.filter(({ kind }) => kind !== 'blank')
}

/** @param tokens from the name of the node on; those that are read are taken out. */
function node(tokens: Token[]): ScriptNode {
  const { name } = call(tokens)
  const options: ScriptNode['options'][number][] = []
  while (tokens[0]?.text === '.') {
    tokens.shift()
    options.push(call(tokens))
  }
  return { name, options }
}

function call(tokens: Token[]): ScriptNode['options'][number] {
  const name = tokens.shift()!.text
  const values: Message[] = []
  expect(tokens, '(')
  while (tokens[0]?.text !== ')') {
    if (values.length > 0) expect(tokens, ',')
    values.push(literal(tokens.shift()))
  }
  expect(tokens, ')')
  return { name, values }
}

function expect(tokens: Token[], symbol: string): void {
  const found = tokens.shift()?.text
  if (found !== symbol) throw new Error(`"${symbol}" is due where ${found ?? 'the end'} stands`)
}

function literal({ kind, text }: Token = { kind: 'end', text: '' }): Message {
  switch (kind) {
    case 'string':
      return { type: 'STRING', stringValue: stringOf(text) }
    case 'duration':
      return { type: 'DURATION', durationValue: String(nanoseconds(text)) }
    case 'float':
      return { type: 'DOUBLE', doubleValue: Number(text) }
    case 'int':
      return { type: 'INT', intValue: text }
  }
  if (text === 'TRUE' || text === 'FALSE') return { type: 'BOOL', boolValue: text === 'TRUE' }
  throw new Error(`a literal is due where ${text || 'the end'} stands`)
}

/** A backslash keeps a quote from ending the string, and is a backslash anywhere else. */
const stringOf = (text: string): string =>
  text.startsWith("'''") ? text.slice(3, -3) : text.slice(1, -1).replaceAll("\\'", "'")

const SECOND = 1_000_000_000n
const UNITS: Readonly<Record<string, bigint>> = {
  u: SECOND / 1_000_000n,
  µ: SECOND / 1_000_000n,
  ms: SECOND / 1000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
  d: 24n * 3600n * SECOND,
  w: 7n * 24n * 3600n * SECOND,
}

function nanoseconds(text: string): bigint {
  const [, amount, unit] = /^(-?\d+)(\D+)$/u.exec(text)!
  return BigInt(amount!) * UNITS[unit!]!
}
