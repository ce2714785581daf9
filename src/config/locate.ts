// Walks the syntax tree of a TOML text: which value stands at which key path, and at which line and column.
// Knows nothing of the keys' meaning and never judges.
import type { AST } from 'toml-eslint-parser'

/** `['endpoint', 0, 'url']` is the url of the first [[endpoint]]. */
export type KeyPath = readonly (string | number)[]

/** Both count from 1, as editors do. */
export interface Place {
  readonly line: number
  readonly column: number
}

// NOTE: tables have no prototype, so that keys such as `__proto__` and `constructor` are keys like any other.
export type Table = { [key: string]: unknown }
export const emptyTable = (): Table => Object.create(null) as Table

export interface Written {
  readonly path: KeyPath
  readonly place: Place
  /** A text, number, boolean or Date; for a table or a list an empty one, since its content follows. */
  readonly value: unknown
}

/** Everything written, containers before their content. A container is repeated where several lines add to it. */
export function* everythingWritten(program: AST.TOMLProgram): Generator<Written> {
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      yield* fromPair(node, [])
    } else {
      yield* containers(node.resolvedKey, startOf(node.key))
      for (const pair of node.body) yield* fromPair(pair, node.resolvedKey)
    }
  }
}

function* fromPair(pair: AST.TOMLKeyValue, table: KeyPath): Generator<Written> {
  const names = pair.key.keys.map(key => (key.type === 'TOMLBare' ? key.name : key.value))
  const path = [...table, ...names]
  const place = startOf(pair.key)
  yield* containers(path.slice(0, -1), place)
  yield* fromContent(pair.value, path, place)
}

function* fromContent(node: AST.TOMLContentNode, path: KeyPath, place: Place): Generator<Written> {
  switch (node.type) {
    case 'TOMLArray':
      yield { path, place, value: [] }
      for (const [index, element] of node.elements.entries()) {
        yield* fromContent(element, [...path, index], startOf(element))
      }
      return
    case 'TOMLInlineTable':
      yield { path, place, value: emptyTable() }
      for (const pair of node.body) yield* fromPair(pair, path)
      return
    case 'TOMLValue':
      yield { path, place, value: node.value }
  }
}

function* containers(path: KeyPath, place: Place): Generator<Written> {
  for (let length = 1; length <= path.length; length++) {
    const isList = typeof path[length] === 'number'
    yield { path: path.slice(0, length), place, value: isList ? [] : emptyTable() }
  }
}

function startOf(node: AST.TOMLNode): Place {
  const { line, column } = node.loc.start
  return { line, column: column + 1 }
}
