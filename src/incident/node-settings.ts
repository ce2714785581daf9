// What one `@squadcast()` or `@squadcastBatch()` node asks for: its options, checked and compiled.
import type { Condition } from './condition/condition.ts'
import type { Level } from './level.ts'
import type { Template } from './template/template.ts'

/** Thresholds of one level; each condition was given by one call of the option. */
export interface Threshold {
  readonly level: Level
  readonly conditions: readonly Condition[]
  readonly resets: readonly Condition[]
}

/** Names of fields and tags that the script gives; those it does not give are searched by their usual names. */
export interface FieldNames {
  readonly levelField?: string
  readonly levelTag?: string
  readonly idField?: string
  readonly idTag?: string
  readonly messageField?: string
  readonly durationField?: string
}

export interface NodeSettings {
  readonly task: string
  readonly node: string
  readonly endpoint: string
  readonly names: FieldNames
  readonly id?: Template
  readonly message?: Template
  readonly details?: Template
  /** Levels with conditions of their own, highest first; empty: the level comes from the point. */
  readonly thresholds: readonly Threshold[]
  readonly minLevel: Level
  readonly noRecoveries: boolean
  /** Tell again at the first point that is not OK after this long, ms. */
  readonly tellAgainAfterMs?: number
  /** Hold a resolve this long, ms. */
  readonly recoveryDelayMs?: number
  /** Recover when no point came for this long, ms. */
  readonly silentAfterMs?: number
  readonly passThrough: boolean
  /** Of a batch, the lowest point's level counts. */
  readonly all: boolean
  readonly priority?: string
  readonly labels: readonly (readonly [name: string, value: string])[]
}
