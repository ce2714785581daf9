// What Kapacitor's own `.post()` sent for the recorded points, folded to what is news: the events that the
// sidecar has to make of the same points.
import { readFileSync } from 'node:fs'
import { fromExactJson } from '../../src/incident/event.ts'
import { type Level, levelFromName } from '../../src/incident/level.ts'

export interface Post {
  readonly id: string
  readonly level: string
  readonly [key: string]: unknown
}

export const readPosts = (path: string): Post[] =>
  readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => fromExactJson(line) as Post)

/**
 * Per id, in order: above the highest level told since the incident opened is a trigger, OK of an open incident
 * is a resolve, anything else is none.
 */
export function fold(posts: readonly Post[]): Post[] {
  const told = new Map<string, Level>()
  return posts.filter(({ id, level: name }) => {
    const level = levelFromName(name)!
    const before = told.get(id) ?? 0
    if (level === 0) return told.delete(id)
    if (level <= before) return false
    told.set(id, level)
    return true
  })
}

export function byId<Item>(items: readonly Item[], id: (item: Item) => string): Map<string, Item[]> {
  const grouped = new Map<string, Item[]>()
  for (const item of items) grouped.set(id(item), [...(grouped.get(id(item)) ?? []), item])
  return grouped
}
