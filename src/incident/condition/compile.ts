// Turns a tree into closures that are called once for each point, and refuses what no point could ever make
// evaluable. Nothing here runs text as code, and no evaluation throws.
import { RE2JS } from 're2js'
import { LanguageError } from '../language-error.ts'
import { isNumeric } from '../order.ts'
import type { Scope } from '../point.ts'
import type {
  ArithmeticOperator,
  Binary,
  ComparisonOperator,
  Expression,
  LogicalOperator,
  Pattern,
  Unary,
} from './expression.ts'
import { calculate, compare, NUMBER_TESTS, negate, type Value } from './values.ts'

type Type = 'number' | 'string' | 'boolean' | 'unknown'

export interface Compiled {
  /** What the value is whenever it can be evaluated; unknown where a field decides. */
  readonly type: Type
  /** Set where no point can change the value. */
  readonly constant?: Value
  readonly evaluate: (scope: Scope) => Value
}

/** Throws LanguageError. */
export function compile(expression: Expression): Compiled {
  switch (expression.kind) {
    case 'literal':
      return constantOf(expression.value)
    case 'reference':
      return { type: 'unknown', evaluate: reader(expression.name) }
    case 'pattern':
      throw wrongType('a regular expression stands only on the right of =~ or !~', expression.at)
    case 'unary':
      return compileUnary(expression)
    case 'binary':
      return compileBinary(expression)
  }
}

const reader =
  (name: string) =>
  (scope: Scope): Value =>
    scope.field(name) ?? scope.tag(name)

function constantOf(constant: Exclude<Value, undefined>): Compiled {
  const type = isNumeric(constant) ? 'number' : typeof constant === 'string' ? 'string' : 'boolean'
  return { type, constant, evaluate: () => constant }
}

function compileUnary({ operator, operand, at }: Unary): Compiled {
  const inner = compile(operand)
  const { evaluate } = inner
  if (operator === '-') {
    expectType(inner, 'number', '-', operand, at)
    const constant = negate(inner.constant)
    return constant === undefined
      ? { type: 'number', evaluate: scope => negate(evaluate(scope)) }
      : constantOf(constant)
  }
  expectType(inner, 'boolean', '!', operand, at)
  const not = (scope: Scope): Value => {
    const value = evaluate(scope)
    return typeof value === 'boolean' ? !value : undefined
  }
  return { type: 'boolean', evaluate: not }
}

function compileBinary(node: Binary): Compiled {
  switch (node.operator) {
    case 'AND':
    case 'OR':
      return compileLogical(node, node.operator)
    case '=~':
    case '!~':
      return compileMatch(node, node.operator === '=~')
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return compileArithmetic(node, node.operator)
    default:
      return compileComparison(node, node.operator)
  }
}

/** A chain of one operator is compiled as a list, so that its length costs no depth of calls. */
function compileLogical(node: Binary, operator: LogicalOperator): Compiled {
  const evaluates = chainOf(node, operator).map(operand => {
    const compiled = compile(operand)
    expectType(compiled, 'boolean', operator, operand)
    return compiled.evaluate
  })
  const decisive = operator === 'OR'
  const evaluate = (scope: Scope): Value => {
    for (const operand of evaluates) {
      const value = operand(scope)
      if (value === decisive) return decisive
      if (value !== !decisive) return undefined
    }
    return !decisive
  }
  return { type: 'boolean', evaluate }
}

function chainOf(node: Binary, operator: LogicalOperator): Expression[] {
  const operands: Expression[] = []
  let rest: Expression = node
  while (rest.kind === 'binary' && rest.operator === operator) {
    operands.push(rest.right)
    rest = rest.left
  }
  return [...operands, rest].toReversed()
}

function compileMatch(node: Binary, wanted: boolean): Compiled {
  const left = compile(node.left)
  const operator = wanted ? '=~' : '!~'
  expectType(left, 'string', operator, node.left, node.at)
  if (node.right.kind !== 'pattern') {
    throw wrongType(`${operator} needs a regular expression, like /^web/, on its right`, node.at)
  }
  const pattern = compilePattern(node.right)
  const { evaluate } = left
  const matches = (scope: Scope): Value => {
    const subject = evaluate(scope)
    return typeof subject === 'string' ? pattern.test(subject) === wanted : undefined
  }
  return { type: 'boolean', evaluate: matches }
}

// RE2 itself, as in Kapacitor: the same syntax, and time linear in the subject. JavaScript's own engine
// differs in what `$`, `.`, `\s` and flags mean, and one unlucky tag could stop it, and with it every task.
function compilePattern({ pattern, at }: Pattern): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    const reason = String((cause as Error).message).replace('error parsing regexp: ', '')
    const message = `the regular expression is not valid: ${reason}`
    const hint = 'the syntax is that of Go (RE2): no lookaround and no backreferences'
    throw new LanguageError('bad-literal', message, { at, hint, cause })
  }
}

function compileArithmetic(node: Binary, operator: ArithmeticOperator): Compiled {
  const left = compile(node.left)
  const right = compile(node.right)
  const type = arithmeticType(left, right, operator, node)
  if (left.constant !== undefined && right.constant !== undefined) {
    const constant = calculate(operator, left.constant, right.constant)
    if (constant !== undefined) return constantOf(constant)
  }
  return { type, evaluate: scope => calculate(operator, left.evaluate(scope), right.evaluate(scope)) }
}

function arithmeticType(left: Compiled, right: Compiled, operator: ArithmeticOperator, node: Binary): Type {
  for (const side of [left, right]) {
    const allowed = side.type === 'unknown' || side.type === 'number'
    if (!allowed && !(operator === '+' && side.type === 'string')) {
      throw wrongType(
        `${operator} can't be applied to a ${side.type}`,
        node.at,
        textHint(node.left, node.right),
      )
    }
  }
  if (operator !== '+') return 'number'
  expectSame(left, right, node)
  return left.type === 'unknown' ? right.type : left.type
}

function compileComparison(node: Binary, operator: ComparisonOperator): Compiled {
  const left = compile(node.left)
  const right = compile(node.right)
  expectSame(left, right, node)
  const ordering = operator !== '==' && operator !== '!='
  if (ordering && (left.type === 'boolean' || right.type === 'boolean')) {
    throw wrongType(`${operator} can't be applied to a boolean; only == and != can`, node.at)
  }
  const { constant } = right
  const evaluate = isNumeric(constant)
    ? againstNumber(left.evaluate, operator, constant)
    : (scope: Scope) => compare(operator, left.evaluate(scope), right.evaluate(scope))
  return { type: 'boolean', evaluate }
}

/** A field against a number of the script, by far the most frequent condition: without a bigint where possible. */
function againstNumber(
  evaluate: Compiled['evaluate'],
  operator: ComparisonOperator,
  constant: number | bigint,
) {
  const test = NUMBER_TESTS[operator]
  const limit = Number.isSafeInteger(Number(constant)) ? Number(constant) : constant
  return (scope: Scope): Value => {
    const value = evaluate(scope)
    return isNumeric(value) ? test(value, limit) : undefined
  }
}

function expectType(
  { type: found }: Compiled,
  type: Type,
  operator: string,
  operand: Expression,
  at = operand.at,
): void {
  if (found === type || found === 'unknown') return
  throw wrongType(`${operator} needs a ${type}, and this is a ${found}`, at, textHint(operand))
}

function expectSame(left: Compiled, right: Compiled, node: Binary): void {
  if (left.type === right.type || left.type === 'unknown' || right.type === 'unknown') return
  const message = `${node.operator} can't be applied to a ${left.type} and a ${right.type}`
  throw wrongType(message, node.at, textHint(node.left, node.right))
}

/** Whoever gets a type wrong has mostly taken one kind of quotes for the other. */
function textHint(...operands: readonly Expression[]): string | undefined {
  for (const operand of operands) {
    const text = operand.kind === 'literal' && operand.value
    if (typeof text !== 'string') continue
    return text !== '' && Number.isFinite(Number(text))
      ? `a number stands without quotes: ${text}`
      : `a field or tag stands in double quotes: ${JSON.stringify(text)}`
  }
  return undefined
}

const wrongType = (message: string, at: number, hint?: string): LanguageError =>
  new LanguageError('wrong-type', message, { at, hint })
