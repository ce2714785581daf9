// A literal to write as the default of a field: the one that the script has for it already, else of the type that what
// stands behind compares it with, else a float. Pure.
import type { PipelineNode, Value } from './pipeline.ts'
import type { Expression } from './tickscript.ts'

type Type = 'bool' | 'text' | 'number'

const LITERALS: Readonly<Record<Type, string>> = { bool: 'FALSE', text: "''", number: '0.0' }

export function valueFor(name: string, source: PipelineNode): string {
  const behind = nodesBehind(source)
  for (const node of behind)
    for (const { name: property, args } of node.properties)
      if (node.name === 'default' && property === 'field' && isText(args[0], name))
        return literalOf(args[1]) ?? LITERALS.number
  for (const node of behind)
    for (const value of [...node.args, ...node.properties.flatMap(({ args }) => args)]) {
      const type =
        value.kind === 'lambda'
          ? inLambda(value.body, name)
          : value.kind === 'text'
            ? inText(value.text, name)
            : undefined
      if (type) return LITERALS[type]
    }
  return LITERALS.number
}

const isText = (value: Value | undefined, text: string): boolean =>
  value?.kind === 'text' && value.text === text

function literalOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'number') return value.text
  if (value?.kind === 'bool') return value.value ? 'TRUE' : 'FALSE'
  return value?.kind === 'text' ? `'${value.text.replaceAll("'", "\\'")}'` : undefined
}

function nodesBehind(source: PipelineNode): Set<PipelineNode> {
  const found = new Set<PipelineNode>()
  const left = [...source.children]
  for (let next = left.shift(); next; next = left.shift()) {
    if (found.has(next)) continue
    found.add(next)
    left.push(...next.children)
  }
  return found
}

function inText(text: string, name: string): Type | undefined {
  const quoted = `"${name}"`
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    const [, sign] = /^\s*[=!]=\s*(TRUE|FALSE|')/.exec(text.slice(at + quoted.length)) ?? []
    if (sign !== undefined) return sign === "'" ? 'text' : 'bool'
  }
  return undefined
}

function inLambda(body: Expression, name: string): Type | undefined {
  switch (body.kind) {
    case 'lambda':
      return inLambda(body.body, name)
    case 'unary':
      return isName(body.of, name) && body.sign === '!' ? 'bool' : inLambda(body.of, name)
    case 'call':
      return body.args.map(arg => inLambda(arg, name)).find(type => type !== undefined)
    case 'binary': {
      const isOwn = isName(body.left, name) || isName(body.right, name)
      if (isOwn && (body.sign === 'AND' || body.sign === 'OR')) return 'bool'
      const other = isName(body.left, name) ? body.right : body.left
      if (isOwn && (other.kind === 'bool' || other.kind === 'text' || other.kind === 'number'))
        return other.kind
      return inLambda(body.left, name) ?? inLambda(body.right, name)
    }
    default:
      return undefined
  }
}

const isName = (body: Expression, name: string): boolean => body.kind === 'reference' && body.text === name
