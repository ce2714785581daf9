// Incidents of tasks that Kapacitor no longer has: after a while nobody can ever end them, so they are ended here.
import { POSTS } from '../incident/contributors.ts'
import { ITSELF } from '../incident/itself.ts'

/** They speak for no task of Kapacitor. */
const NO_TASKS: ReadonlySet<string> = new Set([POSTS.task, ITSELF.task])

export interface OrphansParts {
  /** Nodes that hold incidents open. */
  readonly nodes: () => Iterable<{ readonly task: string; readonly node: string }>
  readonly isLive: (task: string, node: string) => boolean
  readonly afterMs: number
  readonly orphaned: (task: string, node: string) => void
}

export class Orphans {
  readonly #parts: OrphansParts
  /** By task; monotonic clock, ms. */
  readonly #goneSince = new Map<string, number>()

  constructor(parts: OrphansParts) {
    this.#parts = parts
  }

  /** Takes each list of the tasks that use our functions. */
  look(isThere: (task: string) => boolean, monotonicMs: number): void {
    const { nodes, isLive, afterMs, orphaned } = this.#parts
    const missing = [...nodes()]
      .map(({ task, node }) => ({ task, node }))
      .filter(({ task, node }) => !NO_TASKS.has(task) && !isThere(task) && !isLive(task, node))
    const tasks = new Set(missing.map(({ task }) => task))
    for (const task of this.#goneSince.keys()) if (!tasks.has(task)) this.#goneSince.delete(task)
    for (const { task, node } of missing) {
      const since = this.#goneSince.get(task) ?? monotonicMs
      this.#goneSince.set(task, since)
      if (monotonicMs - since >= afterMs) orphaned(task, node)
    }
  }
}
