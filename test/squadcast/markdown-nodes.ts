// What a renderer makes of Markdown: CommonMark with GitHub's tables, strikethrough, footnotes and bare addresses.
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

interface Node {
  readonly type: string
  readonly url?: string
  readonly value?: string
  readonly children?: readonly Node[]
}

const PLAIN = new Set(['root', 'paragraph', 'text', 'break'])

function nodes(markdown: string): Node[] {
  const found: Node[] = []
  const walk = (node: Node): void => {
    found.push(node)
    for (const child of node.children ?? []) walk(child)
  }
  walk(fromMarkdown(markdown) as Node)
  walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node)
  return found
}

/** How many of each kind of markup, by both readings together. */
export function markupIn(markdown: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { type } of nodes(markdown)) if (!PLAIN.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

/** Kinds that one has more of than each of the others. */
export const moreMarkup = (markdown: string, ...than: string[]): string[] => {
  const allowed = than.map(markupIn)
  const mostOf = (type: string) => Math.max(...allowed.map(counts => counts.get(type) ?? 0))
  return [...markupIn(markdown)].filter(([type, n]) => n > mostOf(type)).map(([type]) => type)
}

export const urlsIn = (markdown: string): string[] => nodes(markdown).flatMap(({ url }) => url ?? [])

/** All text that is shown. */
export const textIn = (markdown: string): string =>
  nodes(markdown)
    .map(({ value }) => value ?? '')
    .join('')
