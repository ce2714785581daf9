// The series of each task: there from its first connection, gone when the task is. Names of tasks are a user's, and
// Chronograf makes a new one for each rule: kept for ever they would only grow.
import type { Counter, Gauge } from 'prom-client'

interface Series {
  readonly connections: Gauge<'task'>
  /** They start from zero with the task, so that a rate shows its first point. */
  readonly counters: readonly Counter<'task'>[]
}

/** Tasks that are not connected and of which nobody says that they are gone; more than one Kapacitor has. */
const MOST_AWAY = 1000

export class TaskSeries {
  readonly #series: Series
  /** How many connections each has that has one. */
  readonly #live = new Map<string, number>()
  /** Those that have none, the longest away first. */
  readonly #away = new Set<string>()

  constructor(series: Series) {
    this.#series = series
  }

  started(task: string): void {
    this.#away.delete(task)
    this.#live.set(task, (this.#live.get(task) ?? 0) + 1)
    this.#series.connections.inc({ task })
    for (const counter of this.#series.counters) counter.inc({ task }, 0)
  }

  ended(task: string): void {
    const left = (this.#live.get(task) ?? 0) - 1
    this.#series.connections.set({ task }, Math.max(left, 0))
    if (left > 0) {
      this.#live.set(task, left)
      return
    }
    this.#live.delete(task)
    this.#away.add(task)
    const [longest] = this.#away
    if (this.#away.size > MOST_AWAY) this.#forget(longest!)
  }

  /** Takes each list of Kapacitor's tasks. */
  listed(isThere: (task: string) => boolean): void {
    for (const task of this.#away) if (!isThere(task)) this.#forget(task)
  }

  #forget(task: string): void {
    this.#away.delete(task)
    this.#series.connections.remove({ task })
    for (const counter of this.#series.counters) counter.remove({ task })
  }
}
