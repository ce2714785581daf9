// What is open now, as /incidents.json and the page have it: plain values, times in RFC 3339. Shapes alone. A field
// once published keeps its name and its meaning.
import type { LevelName } from '../incident/level.ts'

export interface OpenIncidentView {
  readonly id: string
  readonly endpoint: string
  /** Number of this opening. */
  readonly opening: number
  readonly level: LevelName
  /** recovering: all have recovered, and the resolve waits. muted: resolved by hand. */
  readonly state: 'open' | 'recovering' | 'muted'
  /** RFC 3339, by the points' clock. */
  readonly openedAt: string
  /** Who contributes; the task is empty for posts. */
  readonly tasks: readonly {
    readonly task: string
    readonly level: LevelName
    /** Contributors that are not OK. */
    readonly groups: number
    /** The highest level that was told for it; OK: nothing was. */
    readonly told: LevelName
  }[]
  /** So many more contribute; absent: none. */
  readonly moreTasks?: number
  /** Absent: all of its events are delivered. */
  readonly delivery?: {
    readonly pending: number
    readonly attempts: number
    readonly underWay: boolean
    readonly nextTryAt?: string
  }
}

export interface OpenIncidentsView {
  /** All that are open. */
  readonly open: number
  /** Of them, what was asked for. */
  readonly matching: number
  /** The newest of these: up to the limit that was asked for, and as many as fit into 1 MiB. */
  readonly incidents: readonly OpenIncidentView[]
}
