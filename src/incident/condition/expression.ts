// The tree of a condition. It says what the author wrote; it never knows a point.
import type { FieldValue } from '../point.ts'

export type LogicalOperator = 'AND' | 'OR'
export type MatchOperator = '=~' | '!~'
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>='
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export type BinaryOperator = LogicalOperator | MatchOperator | ComparisonOperator | ArithmeticOperator
export type UnaryOperator = '!' | '-'

/** How tightly an operator of TICKscript binds; all are left-associative. */
export const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  OR: 0,
  AND: 1,
  '==': 2,
  '!=': 2,
  '=~': 2,
  '!~': 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
}

interface Placed {
  /** Index in the source; of a binary node, its operator's. */
  readonly at: number
  /** Levels of tree below this one. A chain of one logical operator counts as one level. */
  readonly height: number
}

export interface Literal extends Placed {
  readonly kind: 'literal'
  readonly value: FieldValue
}

/** A field or, where there is no field of that name, a tag. */
export interface Reference extends Placed {
  readonly kind: 'reference'
  readonly name: string
}

/** A regular expression in Go's syntax. */
export interface Pattern extends Placed {
  readonly kind: 'pattern'
  readonly pattern: string
}

export interface Unary extends Placed {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
}

export interface Binary extends Placed {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}

export type Expression = Literal | Reference | Pattern | Unary | Binary
