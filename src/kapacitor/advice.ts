// What can be said of a TICKscript, and what has to be known to say it. Shapes and codes alone.
import type { Edge } from './pipeline.ts'

export const ADVICE_CODES = [
  // Problems: Kapacitor or the sidecar refuses it, nobody is told, or Kapacitor dies.
  'unknown-option',
  'option-arguments',
  'option-refused',
  'wrong-edge',
  // At these fields Kapacitor panics, with all of its tasks.
  'null-field',
  'duration-field',
  'sideload-int',
  'unsigned-field',
  'time-field',
  'missing-field',
  // Of the level.
  'no-level',
  'level-not-read',
  // Warnings.
  'not-understood',
  'level-unknown',
  'no-recoveries',
  'flapping',
  'inhibit',
  'no-topic',
  'topic-unreadable',
  'id-not-grouped',
  'filter-in-front',
  'id-not-handed-on',
  'unknown-endpoint',
  'not-last',
  // Notes: as it is meant, and good to know.
  'state-lost',
] as const
export type AdviceCode = (typeof ADVICE_CODES)[number]

export interface Advice {
  readonly code: AdviceCode
  readonly severity: 'problem' | 'warning' | 'note'
  /** Counted from 1. */
  readonly line: number
  readonly says: string
  /** What to do, or the very text to add. */
  readonly fix?: string
}

/** What is asked for of the options: by the table of udf, and by its reading of an Init. */
export interface OptionRules {
  /** Names with the types of their arguments. */
  readonly types: Readonly<Record<string, readonly string[]>>
  /** What the sidecar would refuse the node with; undefined: nothing. */
  refusal(edge: Edge, options: readonly GivenOption[]): string | undefined
}

/** A duration is in nanoseconds. */
export type OptionArgument =
  | { readonly type: 'STRING'; readonly value: string }
  | { readonly type: 'DURATION'; readonly value: bigint }

/** An option of a node whose arguments are literals of the right types. */
export interface GivenOption {
  readonly name: string
  readonly values: readonly OptionArgument[]
}

export interface AdviceSetting {
  /** Names of our functions in kapacitor.conf, with what each wants. */
  readonly functions: ReadonlyMap<string, Edge>
  /** Names that are configured; undefined: not known. */
  readonly endpoints?: readonly string[] | undefined
  readonly options: OptionRules
}
