// Conditions: the body of a TICKscript lambda, as given to `.crit(...)` and its kin. A `lambda:` copied along
// is accepted. Names are a point's fields, or its tags where it has no such field. Two things differ from
// Kapacitor: an INT and a DOUBLE also calculate with one another, by value, and functions are refused.
// This file joins parser and compiler; it never decides what follows from a condition.
import { LanguageError } from '../language-error.ts'
import type { Scope } from '../point.ts'
import { compile } from './compile.ts'
import type { Expression } from './expression.ts'
import { parseExpression } from './parser.ts'

export interface Condition {
  /** As the author wrote it. */
  readonly source: string
  /** The fields and tags it names, each once, in the order of the text. */
  readonly reads: readonly string[]
  /**
   * Undefined when it could not be evaluated: a missing field, a wrong type or a division by zero in any part
   * that had to be looked at. Never throws.
   */
  holds(scope: Scope): boolean | undefined
}

/** Throws LanguageError. */
export function compileCondition(source: string): Condition {
  const tree = parseExpression(source)
  const { type, evaluate } = compile(tree)
  if (type !== 'boolean' && type !== 'unknown') {
    const message = `the condition is a ${type}, neither true nor false`
    const isText = tree.kind === 'literal' && type === 'string'
    const hint = isText
      ? 'a field or tag stands in double quotes, and is compared with something: "usage" > 90'
      : 'compare it with something, like "usage" > 90'
    throw new LanguageError('wrong-type', message, { at: tree.at, hint })
  }
  const holds = (scope: Scope): boolean | undefined => {
    const value = evaluate(scope)
    return typeof value === 'boolean' ? value : undefined
  }
  return { source, reads: [...new Set(references(tree))], holds }
}

function references(tree: Expression): string[] {
  const names: string[] = []
  const open: Expression[] = [tree]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'reference') names.push(node.name)
    if (node.kind === 'unary') open.push(node.operand)
    if (node.kind === 'binary') open.push(node.right, node.left)
  }
  return names
}
