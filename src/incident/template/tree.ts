// The tree of a template. It says what the author wrote; it never knows a point.
import type { Format, Printable } from '../go-format.ts'

/** What a template may read, spelled as in Kapacitor, without the dot. */
export const TEMPLATE_NAMES = [
  'ID',
  'Name',
  'TaskName',
  'Group',
  'Level',
  'Time',
  'Duration',
  'Message',
  'Tags',
  'Fields',
] as const
export type TemplateName = (typeof TEMPLATE_NAMES)[number]

/** Names that hold one value, where Tags and Fields hold many. */
export type ValueName = Exclude<TemplateName, 'Tags' | 'Fields'>

/** Each with the number of its arguments. */
export const FUNCTIONS = {
  eq: { least: 2, most: Number.POSITIVE_INFINITY },
  ne: { least: 2, most: 2 },
  lt: { least: 2, most: 2 },
  le: { least: 2, most: 2 },
  gt: { least: 2, most: 2 },
  ge: { least: 2, most: 2 },
  and: { least: 1, most: Number.POSITIVE_INFINITY },
  or: { least: 1, most: Number.POSITIVE_INFINITY },
  not: { least: 1, most: 1 },
} as const
export type FunctionName = keyof typeof FUNCTIONS

export type Term =
  | { readonly kind: 'constant'; readonly value: Printable }
  | { readonly kind: 'name'; readonly name: ValueName }
  | { readonly kind: 'index'; readonly of: 'Tags' | 'Fields'; readonly key: Term }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly operands: readonly Term[] }
  | { readonly kind: 'printf'; readonly format: Format; readonly operands: readonly Term[] }

/** `{{ if }}` or `{{ else if }}`, with what follows it. */
export interface Case {
  readonly test: Term
  readonly body: readonly Piece[]
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly term: Term }
  | { readonly kind: 'branch'; readonly cases: readonly Case[]; readonly otherwise: readonly Piece[] }
