// The words of a TICKscript, by Kapacitor's lexer (tick/ast/lex.go): where comments, texts, references and regular
// expressions begin and end. It knows nothing of what the words mean together.

export type WordKind = 'name' | 'sign' | 'text' | 'reference' | 'number' | 'duration' | 'regular'

export interface Word {
  readonly kind: WordKind
  /** Of a text and a reference what is between the quotes, unescaped; of anything else all of it. */
  readonly text: string
  /** Where it stands in the script, quotes and all. */
  readonly at: number
  readonly end: number
}

type Said = Pick<Word, 'kind' | 'text'>

// NOTE: in this order. A comment, a text of three quotes, a text, a reference, a name, a duration, a number, two signs
// that belong together, one sign. A regular expression is found by what stands before it: elsewhere a slash divides.
const WORD = new RegExp(
  [
    /(?<skip>\s+|\/\/[^\n]*)/,
    /'''(?<long>[\s\S]*?)(?:'''|$)/,
    /'(?<text>(?:\\'|[^'])*)(?:'|$)/,
    /"(?<reference>(?:\\"|[^"])*)(?:"|$)/,
    /(?<name>[\p{L}_][\p{L}\p{N}_]*)/u,
    /(?<duration>\d+(?:ms|[uµsmhdw]))/,
    /(?<number>\d+(?:\.\d*)?|\.\d+)/,
    /(?<sign>[=!]~|[=!<>]=|[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
)
const REGULAR = /\/(?:\\[\s\S]|[^/\\\n])*(?:\/|$)/uy
const BEFORE_REGULAR = new Set(['=~', '!~', '(', ',', '='])

export function wordsOf(script: string): Word[] {
  const words: Word[] = []
  let at = 0
  while (at < script.length) {
    const regular = isRegular(script, at, words.at(-1)) ? matchAt(REGULAR, script, at) : undefined
    const match = regular ?? matchAt(WORD, script, at)
    if (!match) break
    const said = regular ? { kind: 'regular' as const, text: match[0] } : wordOf(match.groups ?? {})
    const end = at + match[0].length
    if (said) words.push({ ...said, at, end })
    at = end
  }
  return words
}

function wordOf({ long, text, reference, ...rest }: Record<string, string | undefined>): Said | undefined {
  if (long !== undefined) return { kind: 'text', text: long }
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("\\'", "'") }
  if (reference !== undefined) return { kind: 'reference', text: reference.replaceAll('\\"', '"') }
  for (const kind of ['name', 'duration', 'number', 'sign'] as const)
    if (rest[kind] !== undefined) return { kind, text: rest[kind] }
  return undefined
}

const isRegular = (script: string, at: number, before: Word | undefined): boolean =>
  script[at] === '/' && script[at + 1] !== '/' && before?.kind === 'sign' && BEFORE_REGULAR.has(before.text)

function matchAt(pattern: RegExp, script: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(script) ?? undefined
}
