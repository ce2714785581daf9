// Turns the text of a condition into its tree, with TICKscript's precedence and bounds on length and depth.
// It names each mistake and its place; it never evaluates anything.
import { LanguageError } from '../language-error.ts'
import {
  type Binary,
  type BinaryOperator,
  type Expression,
  PRECEDENCE,
  type UnaryOperator,
} from './expression.ts'
import { strayOperator, straySymbols, strayWord, VALUES } from './mistakes.ts'
import { type OperatorToken, Scanner, type ValueToken } from './tokens.ts'

export const MAX_LENGTH = 64 * 1024
export const MAX_DEPTH = 200

/** Throws LanguageError. */
export function parseExpression(source: string): Expression {
  if (source.length > MAX_LENGTH) {
    const message = `the condition has ${source.length} characters; at most ${MAX_LENGTH} are allowed`
    throw new LanguageError('too-large', message, { at: MAX_LENGTH })
  }
  return new Parser(source).whole()
}

class Parser {
  readonly #source: string
  readonly #scanner: Scanner
  /** The operator after the value read last. */
  #next: OperatorToken = { kind: 'end', at: 0 }
  #depth = 0

  constructor(source: string) {
    this.#source = source
    this.#scanner = new Scanner(source)
  }

  whole(): Expression {
    const expression = this.#binary(this.#value(), 0)
    if (this.#next.kind === 'end') return expression
    throw new LanguageError('unexpected', 'found ")" without a "(" before it', { at: this.#next.at })
  }

  /** Operator precedence climbing: takes every operator that binds at least as tightly as `floor`. */
  #binary(first: Expression, floor: number): Expression {
    let left = first
    for (let token = this.#next; token.kind === 'operator'; token = this.#next) {
      if (PRECEDENCE[token.operator] < floor) break
      let right = this.#value()
      while (this.#next.kind === 'operator' && PRECEDENCE[this.#next.operator] > PRECEDENCE[token.operator]) {
        right = this.#binary(right, PRECEDENCE[this.#next.operator])
      }
      left = binary(token.operator, left, right, token.at)
    }
    if (this.#next.kind === 'other') throw strayOperator(this.#next.text, this.#next.at)
    return left
  }

  /** One value with what stands before it, and the look at the operator behind it. */
  #value(): Expression {
    const token = this.#scanner.value()
    if (token.kind === '(') return this.#deeper(token.at, () => this.#parenthesised(token.at))
    if (token.kind === '!' || token.kind === '-') {
      const operand = this.#deeper(token.at, () => this.#value())
      return unary(token.kind, operand, token.at)
    }
    const leaf = leafOf(token, this.#source)
    this.#next = this.#scanner.operator()
    return leaf
  }

  #parenthesised(at: number): Expression {
    const inner = this.#binary(this.#value(), 0)
    if (this.#next.kind !== ')') {
      throw new LanguageError('unfinished', 'this "(" is never closed', { at, hint: 'add ")"' })
    }
    this.#next = this.#scanner.operator()
    return inner
  }

  #deeper(at: number, read: () => Expression): Expression {
    if (this.#depth >= MAX_DEPTH) throw tooDeep(at)
    this.#depth += 1
    const expression = read()
    this.#depth -= 1
    return expression
  }
}

function binary(operator: BinaryOperator, left: Expression, right: Expression, at: number): Binary {
  const chained =
    left.kind === 'binary' && left.operator === operator && (operator === 'AND' || operator === 'OR')
  const height = Math.max(chained ? left.height : left.height + 1, right.height + 1)
  if (height > MAX_DEPTH) throw tooDeep(at)
  return { kind: 'binary', operator, left, right, at, height }
}

function unary(operator: UnaryOperator, operand: Expression, at: number): Expression {
  const height = operand.height + 1
  if (height > MAX_DEPTH) throw tooDeep(at)
  return { kind: 'unary', operator, operand, at, height }
}

const tooDeep = (at: number): LanguageError =>
  new LanguageError('too-large', `the condition is nested deeper than ${MAX_DEPTH} levels here`, { at })

type Leaf = Exclude<ValueToken, { kind: '(' } | { kind: '!' } | { kind: '-' }>

function leafOf(token: Leaf, source: string): Expression {
  const { at } = token
  switch (token.kind) {
    case 'integer':
    case 'decimal':
    case 'string':
      return { kind: 'literal', value: token.value, at, height: 0 }
    case 'reference':
      return { kind: 'reference', name: token.name, at, height: 0 }
    case 'pattern':
      return { kind: 'pattern', pattern: token.pattern, at, height: 0 }
    case 'word':
      if (token.text === 'TRUE' || token.text === 'FALSE') {
        return { kind: 'literal', value: token.text === 'TRUE', at, height: 0 }
      }
      throw strayWord(token, source)
    case 'end':
      throw new LanguageError('unfinished', 'the condition ends where a value is missing', {
        at,
        hint: VALUES,
      })
    case 'other':
      throw straySymbols(token.text, at)
  }
}
