// What a TICKscript says that matters here: which of our functions it uses and how often, and what its alerts are
// named by. It reads words, not the language: comments, texts and regular expressions are passed over.
import { type Word, wordsOf } from './words.ts'

/** One `|alert()`, in the order of the script. A property that is not a plain text is null. */
export interface ScriptAlert {
  /** From `.topic()`; undefined: the topic is the alert's own. */
  readonly topic?: string | null
  readonly idField?: string | null
  readonly idTag?: string | null
}

export interface ScriptReading {
  /** How often our functions are used, all together. */
  readonly uses: number
  readonly alerts: readonly ScriptAlert[]
}

/** @param functions their names in kapacitor.conf. */
export function readScript(script: string, functions: readonly string[]): ScriptReading {
  const words = wordsOf(script)
  let uses = 0
  const alerts: ScriptAlert[] = []
  for (const [at, word] of words.entries()) {
    if (word.kind !== 'sign') continue
    const next = words[at + 1]
    if (next?.kind !== 'name') continue
    if (word.text === '@' && functions.includes(next.text)) uses++
    if (word.text === '|' && next.text === 'alert') alerts.push(alertAt(words, at + 2))
  }
  return { uses, alerts }
}

const KEPT = new Set(['topic', 'idField', 'idTag'])

/** The properties of an alert, from its opening parenthesis on. */
function alertAt(words: readonly Word[], start: number): ScriptAlert {
  const found: Record<string, string | null> = {}
  let at = behindParentheses(words, start)
  while (words[at]?.text === '.' && words[at]?.kind === 'sign') {
    const name = words[at + 1]?.text ?? ''
    const end = behindParentheses(words, at + 2)
    if (KEPT.has(name)) found[name] = plainText(words.slice(at + 3, end - 1))
    at = end
  }
  return found
}

function plainText(words: readonly Word[]): string | null {
  const [word] = words
  return words.length === 1 && word?.kind === 'text' ? word.text : null
}

/** Index of the word behind the parenthesis that closes the one at `start`; `start` itself when there is none. */
function behindParentheses(words: readonly Word[], start: number): number {
  let depth = 0
  for (let at = start; at < words.length; at++) {
    const { kind, text } = words[at]!
    if (kind === 'sign' && text === '(') depth++
    if (kind === 'sign' && text === ')') depth--
    if (depth === 0) return kind === 'sign' && text === ')' ? at + 1 : at
  }
  return words.length
}
