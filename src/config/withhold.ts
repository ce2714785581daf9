// The text of a configuration without its secrets, so that it can be kept beside the store; and how to tell afterwards
// what was withheld. What stands in files of its own or in the environment was never in the text. Comments go too:
// they may hold the URL of yesterday.
import { type AST, parseTOML } from 'toml-eslint-parser'
import type { Secret } from './secret.ts'

/** Stands in place of a secret. RFC 2606: it leads nowhere. */
export const WITHHELD_URL = 'https://withheld.invalid/'

export const isWithheld = (secret: Secret): boolean => secret.reveal().startsWith(WITHHELD_URL)

interface Cut {
  readonly range: readonly [number, number]
  readonly by: string
}

/** Of a text that resolves without problems. */
export function withoutSecrets(text: string): string {
  const program = parseTOML(text)
  const cuts = [
    ...program.comments.map(({ range }) => ({ range, by: '' })),
    ...program.body[0].body.flatMap(node =>
      node.type === 'TOMLKeyValue'
        ? inPair(node, [])
        : node.body.flatMap(pair => inPair(pair, namesOf(node.key))),
    ),
  ].sort((a, b) => b.range[0] - a.range[0])
  return cuts.reduce((rest, { range: [from, to], by }) => rest.slice(0, from) + by + rest.slice(to), text)
}

function inPair(pair: AST.TOMLKeyValue, table: readonly string[]): Cut[] {
  const path = [...table, ...namesOf(pair.key)]
  return inContent(pair.value, path)
}

function inContent(node: AST.TOMLContentNode, path: readonly string[]): Cut[] {
  if (node.type === 'TOMLInlineTable') return node.body.flatMap(pair => inPair(pair, path))
  const by = standIn(path)
  if (by !== undefined) return [{ range: node.range, by }]
  return node.type === 'TOMLArray' ? node.elements.flatMap(element => inContent(element, path)) : []
}

/** What is written instead; undefined for what is no secret. */
function standIn(path: readonly string[]): string | undefined {
  const [section, key] = path
  if (section === 'kapacitor') return undefined
  if (key === 'url' || key === 'proxy') return `"${WITHHELD_URL}"`
  if (section === 'endpoint' && key === 'headers') return `"${WITHHELD_HEADER}"`
  if (section === 'fallback' && key === 'command') return `["${WITHHELD_URL}"]`
  return undefined
}

/** A value of a header. */
export const WITHHELD_HEADER = 'withheld'

const namesOf = (key: AST.TOMLKey): string[] =>
  key.keys.map(part => (part.type === 'TOMLBare' ? part.name : part.value))
