// Scripts whose incidents have the same ids at the same endpoint: each resolves only when all have recovered, and each
// that opens is told. That may be meant, or a copied line. Pure.
import type { AdvisedNode } from './script-advice.ts'

export interface SharedIds {
  readonly ids: string
  readonly endpoint: string
  /** In the order given. */
  readonly scripts: readonly string[]
}

/** @param scripts names, such as ids of tasks, with their nodes. */
export function sharedIds(
  scripts: Iterable<readonly [name: string, nodes: readonly AdvisedNode[]]>,
): SharedIds[] {
  const found = new Map<string, { ids: string; endpoint: string; scripts: Set<string> }>()
  for (const [name, nodes] of scripts)
    for (const { ids, endpoint } of nodes) {
      if (ids === undefined) continue
      const key = `${endpoint}\n${ids}`
      const entry = found.get(key) ?? { ids, endpoint, scripts: new Set() }
      entry.scripts.add(name)
      found.set(key, entry)
    }
  return [...found.values()]
    .filter(({ scripts: names }) => names.size > 1)
    .map(entry => ({ ...entry, scripts: [...entry.scripts] }))
}
