// A join that fills with null, and one of its sides silent: which fields of such points are null, node by node, until
// nothing is left of them. By Kapacitor's join.go (the names are those of the side that came), eval.go and default.go.
// Pure.
import { ANY, canBeTrue, ERROR, hasValue, type Knowledge, MISSING, referencesOf } from './lambda-reading.ts'
import { lastOf, namesOf, type PipelineNode, type Value } from './pipeline.ts'
import type { Expression } from './tickscript.ts'

export interface SilentSide {
  readonly join: PipelineNode
  /** What its fields begin with: `motor.`. */
  readonly prefix: string
  /** Names that are null. */
  readonly nulls: ReadonlySet<string>
  /** There may be more, whose names are not known. */
  readonly hasOthers: boolean
  /** Names with the prefix that have a value all the same. */
  readonly given: ReadonlySet<string>
}

/** What is known of the points of the sides, in their order. */
export type Names = readonly (ReadonlySet<string> | undefined)[]

/** A name that nobody can know. */
const UNKNOWN = '\0'

export const prefixOf = (join: PipelineNode, side: number): string => {
  const name = namesOf(join, 'as')[side]
  const delimiter = join.properties.find(({ name }) => name === 'delimiter')?.args[0]
  if (name === undefined || (delimiter && delimiter.kind !== 'text')) return UNKNOWN
  return name + (delimiter?.kind === 'text' ? delimiter.text : '.')
}

export function silentSides(join: PipelineNode, names: Names): SilentSide[] {
  const fill = lastOf(join, 'fill')?.args[0]
  if (fill?.kind !== 'text' || fill.text !== 'null') return []
  const mentioned = mentionedBehind(join)
  const ofSide = names.map((own, side) => own ?? withoutPrefix(mentioned, prefixOf(join, side)))
  return names.map((_, side) => {
    // Rows of a batch are filled with the names of whichever row came first.
    const others = (_: unknown, at: number) => at !== side || join.edge === 'batch'
    const nulls = ofSide.filter(others).flatMap(some => [...some])
    const prefix = prefixOf(join, side)
    return {
      ...{ join, prefix, nulls: new Set(nulls.map(name => prefix + name)), given: new Set<string>() },
      hasOthers: names.filter(others).includes(undefined),
    }
  })
}

const withoutPrefix = (names: ReadonlySet<string>, prefix: string): Set<string> =>
  new Set([...names].filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length)))

/** Every name that something behind the node speaks of: who reads a field knows that there is one. */
export function mentionedBehind(node: PipelineNode): Set<string> {
  const found = new Set<string>()
  const visited = new Set<PipelineNode>()
  const left = [...node.children]
  for (let next = left.pop(); next; next = left.pop()) {
    if (visited.has(next)) continue
    visited.add(next)
    for (const value of [...next.args, ...next.properties.flatMap(({ args }) => args)])
      for (const name of mentioned(value)) found.add(name)
    left.push(...next.children)
  }
  return found
}

function mentioned(value: Value): string[] {
  if (value.kind === 'lambda') return referencesOf(value.body)
  if (value.kind === 'list') return value.items.flatMap(mentioned)
  if (value.kind !== 'text') return []
  return [value.text, ...[...value.text.matchAll(/"([^"]+)"/g)].map(([, name]) => name!)]
}

const knowledgeOf =
  ({ prefix, nulls, given }: SilentSide): Knowledge =>
  name => {
    if (given.has(name)) return ANY
    if (nulls.has(name)) return ERROR
    return name.startsWith(prefix) ? MISSING : ANY
  }

export const isLeft = ({ nulls, hasOthers }: SilentSide): boolean => nulls.size > 0 || hasOthers

/** Undefined: no such point passes. */
export const filtered = (side: SilentSide, body: Expression): SilentSide | undefined =>
  canBeTrue(body, knowledgeOf(side)) ? side : undefined

export const needing = (side: SilentSide, body: Expression): SilentSide | undefined =>
  hasValue(body, knowledgeOf(side)) ? side : undefined

export const reads = (side: SilentSide, name: string): boolean => knowledgeOf(side)(name).is === 'any'

export const withValue = (side: SilentSide, names: readonly string[]): SilentSide => ({
  ...side,
  nulls: new Set([...side.nulls].filter(name => !names.includes(name))),
  given: new Set([...side.given, ...names]),
})

export const deleted = (side: SilentSide, names: readonly string[]): SilentSide => ({
  ...side,
  nulls: new Set([...side.nulls].filter(name => !names.includes(name))),
})

/** With .keep() of these names: a point that lacks one of them is dropped. */
export function kept(
  side: SilentSide,
  names: readonly string[],
  referenced: readonly string[],
): SilentSide | undefined {
  const know = knowledgeOf(side)
  const lacks = names.some(name => know(name).is === 'missing' && !referenced.includes(name))
  if (lacks) return undefined
  const nulls = new Set([...side.nulls].filter(name => names.includes(name)))
  return { ...side, nulls, hasOthers: false }
}

export function renamed(side: SilentSide, rename: (name: string) => string): SilentSide {
  const all = (names: ReadonlySet<string>) => new Set([...names].map(rename))
  return { ...side, prefix: rename(side.prefix), nulls: all(side.nulls), given: all(side.given) }
}
