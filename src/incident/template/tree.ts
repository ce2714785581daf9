// The tree of a template. It says what the author wrote; it never knows a point.
import type { Format } from '../go-format.ts'
import type { Printable } from '../go-values.ts'

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
  index: { least: 1, most: 2 },
  len: { least: 1, most: 1 },
  slice: { least: 1, most: 3 },
  printf: { least: 1, most: Number.POSITIVE_INFINITY },
  print: { least: 0, most: Number.POSITIVE_INFINITY },
  println: { least: 0, most: Number.POSITIVE_INFINITY },
  html: { least: 0, most: Number.POSITIVE_INFINITY },
  js: { least: 0, most: Number.POSITIVE_INFINITY },
  urlquery: { least: 0, most: Number.POSITIVE_INFINITY },
} as const
export type FunctionName = keyof typeof FUNCTIONS

/** `height`: levels of tree below this one. */
export type Term = TermBody & { readonly height: number }

type TermBody =
  | { readonly kind: 'constant'; readonly value: Printable }
  | { readonly kind: 'name'; readonly name: TemplateName }
  /** The value that {{ with }} or {{ range }} is about. */
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly slot: number }
  /** One tag or field. `byDot`: where a tag is missing, `.Tags.host` is no value, and `index` an empty text. */
  | { readonly kind: 'lookup'; readonly of: 'Tags' | 'Fields'; readonly key: Term; readonly byDot: boolean }
  | { readonly kind: 'member'; readonly of: Term; readonly name: string; readonly operands: readonly Term[] }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly operands: readonly Term[] }
  | { readonly kind: 'printf'; readonly format: Format; readonly operands: readonly Term[] }

export type TermOf<Kind extends Term['kind']> = Term & { readonly kind: Kind }

/** The value of an action, and the variable that it is kept in. */
export interface Pipeline {
  readonly term: Term
  readonly slot?: number
}

/** `{{ if }}`, `{{ with }}` or one of their `{{ else … }}`, with what follows it. */
export interface Case extends Pipeline {
  /** The value becomes the dot. */
  readonly isWith: boolean
  readonly body: readonly Piece[]
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly term: Term }
  | { readonly kind: 'set'; readonly term: Term; readonly slot: number }
  | { readonly kind: 'branch'; readonly cases: readonly Case[]; readonly otherwise: readonly Piece[] }
  | Range

export interface Range {
  readonly kind: 'range'
  readonly of: Term
  /** Variables for the name and for the value of a tag or field. */
  readonly key?: number
  readonly value?: number
  readonly body: readonly Piece[]
  readonly otherwise: readonly Piece[]
}
