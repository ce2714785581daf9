// The words of a TICKscript, by Kapacitor's lexer (tick/ast/lex.go): where comments, texts, references and regular
// expressions begin and end. It knows nothing of what the words mean together.

export type WordKind = 'name' | 'sign' | 'text' | 'reference' | 'number' | 'duration' | 'regular'

export interface Word {
  readonly kind: WordKind
  /** Of a text and a reference what is between the quotes, unescaped; of a regular expression nothing. */
  readonly text: string
  /** Index of its first character in the script. */
  readonly at: number
}

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
    const word = regular ? { kind: 'regular' as const, text: '', at } : wordOf(match, at)
    if (word) words.push(word)
    at += match[0].length
  }
  return words
}

function wordOf({ groups = {} }: RegExpExecArray, at: number): Word | undefined {
  const { long, text, reference, name, duration, number, sign } = groups
  if (long !== undefined) return { kind: 'text', text: long, at }
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("\\'", "'"), at }
  if (reference !== undefined) return { kind: 'reference', text: reference.replaceAll('\\"', '"'), at }
  if (name !== undefined) return { kind: 'name', text: name, at }
  if (duration !== undefined) return { kind: 'duration', text: duration, at }
  if (number !== undefined) return { kind: 'number', text: number, at }
  return sign === undefined ? undefined : { kind: 'sign', text: sign, at }
}

const isRegular = (script: string, at: number, before: Word | undefined): boolean =>
  script[at] === '/' && script[at + 1] !== '/' && before?.kind === 'sign' && BEFORE_REGULAR.has(before.text)

function matchAt(pattern: RegExp, script: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(script) ?? undefined
}
