// What may be on the points between two nodes of a script: fields of types that Kapacitor cannot hand to a function, sides
// of a join that are null, and the names that are known; and what renaming, adding and deleting do to it. Pure.

import type { SilentSide } from './silent-sides.ts'
import * as silent from './silent-sides.ts'

export interface OddField {
  readonly kind: 'duration' | 'int' | 'unsigned' | 'time' | 'missing'
  readonly name: string
  readonly line: number
  /** The node that makes it. */
  readonly by: string
}

/** What may be on the points that a node hands on. */
export interface Points {
  readonly odd: ReadonlyMap<string, OddField>
  readonly silent: readonly SilentSide[]
  /** All of their fields; undefined: not known. */
  readonly names: ReadonlySet<string> | undefined
  /** Fields and tags that every one of them has. */
  readonly present: ReadonlySet<string>
}

export const NOTHING: Points = { odd: new Map(), silent: [], names: undefined, present: new Set() }

export const NOTHING_YET: Points = { ...NOTHING, names: new Set() }

/** Joins of joins of one and the same double all of it each time; no person writes so many. */
const MOST = 50

export const united = (a: Points, b: Points): Points => ({
  odd: new Map([...a.odd, ...b.odd]),
  silent: [...new Set([...a.silent, ...b.silent])].slice(0, MOST),
  names: a.names && b.names && new Set([...a.names, ...b.names]),
  present: new Set([...a.present].filter(name => b.present.has(name))),
})

export const merged = (a: Points, b: Points): Points =>
  bounded({ ...united(a, b), present: new Set([...a.present, ...b.present]) })

const bounded = ({ odd, silent: sides, names, present }: Points): Points => ({
  odd: odd.size > MOST ? new Map([...odd].slice(0, MOST)) : odd,
  silent: sides.slice(0, MOST),
  names: names && names.size > MOST ? undefined : names,
  present: present.size > MOST ? new Set([...present].slice(0, MOST)) : present,
})

/** With a prefix in front of every field. */
export function moved({ odd, silent: sides, names, present }: Points, prefix: string): Points {
  const rename = (name: string) => prefix + name
  const all = (some: ReadonlySet<string>) => new Set([...some].map(rename))
  return {
    odd: new Map(
      [...odd.values()].map(one => [
        rename(one.name),
        { ...one, name: prefix === '\0' ? one.name : rename(one.name) },
      ]),
    ),
    silent: sides.map(side => silent.renamed(side, rename)),
    names: names && all(names),
    present: all(present),
  }
}

/** Names with a value on every point from here on. */
export function given(points: Points, names: readonly string[]): Points {
  if (names.length === 0) return points
  return {
    ...points,
    silent: points.silent.map(side => silent.withValue(side, names)).filter(silent.isLeft),
    names: points.names && new Set([...points.names, ...names]),
    present: new Set([...points.present, ...names]),
  }
}

export const deleted = (points: Points, names: readonly string[]): Points => ({
  odd: new Map([...points.odd].filter(([name]) => !names.includes(name))),
  silent: points.silent.map(side => silent.deleted(side, names)).filter(silent.isLeft),
  names: points.names && new Set([...points.names].filter(name => !names.includes(name))),
  present: new Set([...points.present].filter(name => !names.includes(name))),
})
