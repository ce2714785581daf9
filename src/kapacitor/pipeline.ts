// The nodes of a TICKscript and what leads to what, as Kapacitor would build them: variables are followed, texts are
// put together. What only Kapacitor can know (a variable of a template, a function) stays unknown. Pure.
import { type Expression, type Link, parseScript, ScriptError } from './tickscript.ts'

export type Edge = 'stream' | 'batch'

export type Value =
  | Exclude<Expression, { kind: 'name' | 'chain' | 'call' | 'list' | 'declared' }>
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'node'; readonly node: PipelineNode }
  /** With the type that a template declares, or the function that is called. */
  | { readonly kind: 'unknown'; readonly type?: string; readonly call?: string }

export interface Property {
  readonly name: string
  readonly args: readonly Value[]
  readonly line: number
}

export interface PipelineNode {
  readonly sign: '|' | '@' | ''
  /** `alert`, `squadcast`; of a source `stream` or `batch`. */
  readonly name: string
  readonly line: number
  readonly args: readonly Value[]
  /** In the order of the script. Those of an alert's handlers are among them. */
  readonly properties: Property[]
  readonly parents: readonly PipelineNode[]
  readonly children: PipelineNode[]
  /** Of what it hands on; undefined where only Kapacitor knows. */
  readonly edge: Edge | undefined
}

const TO_STREAM = new Set(
  'from trickle stats deadman count mean median mode spread sum first last min max percentile stddev'.split(
    ' ',
  ),
)
const TO_BATCH = new Set(
  'query queryFlux window distinct top bottom holtWinters holtWintersWithFit'.split(' '),
)

/** Far beyond any script of a person: what follows a pipeline goes from node to node. */
const MOST_NODES = 1000

/**
 * In the order of the script. Throws ScriptError.
 * @param functions of ours, with the edge that each hands on.
 * @param vars values that stand above those of the script.
 */
export function pipelineOf(
  script: string,
  functions: ReadonlyMap<string, Edge>,
  vars: ReadonlyMap<string, Value> = new Map(),
): PipelineNode[] {
  const builder = new Builder(functions, vars)
  for (const { name, value } of parseScript(script)) builder.take(name, value)
  return builder.nodes
}

class Builder {
  readonly nodes: PipelineNode[] = []
  readonly #functions: ReadonlyMap<string, Edge>
  readonly #given: ReadonlyMap<string, Value>
  readonly #variables = new Map<string, Value>()

  constructor(functions: ReadonlyMap<string, Edge>, vars: ReadonlyMap<string, Value>) {
    this.#functions = functions
    this.#given = vars
    for (const edge of ['stream', 'batch'] as const) {
      const node: PipelineNode = { sign: '', name: edge, line: 1, ...EMPTY(), edge }
      this.#variables.set(edge, { kind: 'node', node })
    }
  }

  take(name: string | undefined, expression: Expression): void {
    const value = (name !== undefined && this.#given.get(name)) || this.#value(expression)
    if (name !== undefined) this.#variables.set(name, value)
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case 'name':
        return this.#variables.get(expression.text) ?? { kind: 'unknown' }
      case 'call':
        return { kind: 'unknown', call: expression.name }
      case 'declared':
        return { kind: 'unknown', type: expression.type }
      case 'list':
        return { kind: 'list', items: expression.items.map(item => this.#value(item)) }
      case 'binary':
        return this.#joined(expression)
      case 'unary':
        return this.#negated(expression)
      case 'lambda':
        return { kind: 'lambda', body: this.#inLambda(expression.body) }
      case 'chain':
        return this.#chain(this.#value(expression.root), expression.links)
      default:
        return expression
    }
  }

  /** Texts and lambdas of a script are put together with +; other sums have a type and no value here. */
  #joined({ sign, left, right }: Extract<Expression, { kind: 'binary' }>): Value {
    const [a, b] = [this.#value(left), this.#value(right)]
    return sign === '+' && a.kind === 'text' && b.kind === 'text'
      ? { kind: 'text', text: a.text + b.text }
      : { kind: 'unknown' }
  }

  #negated({ sign, of }: Extract<Expression, { kind: 'unary' }>): Value {
    const value = this.#value(of)
    const isNumber = value.kind === 'number' || value.kind === 'duration'
    return sign === '-' && isNumber ? { kind: value.kind, text: `-${value.text}` } : { kind: 'unknown' }
  }

  /** Variables are put in where they stand. */
  #inLambda(body: Expression): Expression {
    switch (body.kind) {
      case 'name':
        return standIn(this.#variables.get(body.text)) ?? body
      case 'binary':
        return { ...body, left: this.#inLambda(body.left), right: this.#inLambda(body.right) }
      case 'unary':
        return { ...body, of: this.#inLambda(body.of) }
      case 'call':
        return { ...body, args: body.args.map(arg => this.#inLambda(arg)) }
      default:
        return body
    }
  }

  #chain(root: Value, links: readonly Link[]): Value {
    let node = root.kind === 'node' ? root.node : undefined
    for (const link of links) {
      const args = link.args.map(arg => this.#value(arg))
      if (link.sign !== '.') node = this.#node(node, link, args)
      else if (node) node.properties.push({ name: link.name, args, line: link.line })
    }
    return node ? { kind: 'node', node } : { kind: 'unknown' }
  }

  #node(parent: PipelineNode | undefined, link: Link, args: readonly Value[]): PipelineNode {
    const { sign, name, line } = link
    if (this.nodes.length === MOST_NODES) throw new ScriptError(`more than ${MOST_NODES} nodes`, line)
    // join and union take the other nodes as arguments.
    const others = args.flatMap(arg => (arg.kind === 'node' ? [arg.node] : []))
    const parents = [...(parent ? [parent] : []), ...others]
    const edge = this.#edge(sign, name, parent)
    const node: PipelineNode = { sign: sign as '|' | '@', name, line, ...EMPTY(), args, parents, edge }
    for (const each of parents) each.children.push(node)
    this.nodes.push(node)
    return node
  }

  #edge(sign: string, name: string, parent: PipelineNode | undefined): Edge | undefined {
    if (sign === '@') return this.#functions.get(name)
    if (TO_STREAM.has(name)) return 'stream'
    if (TO_BATCH.has(name)) return 'batch'
    return parent?.edge
  }
}

/** What stands for a variable in a lambda; undefined: it is not known. */
function standIn(value: Value | undefined): Expression | undefined {
  switch (value?.kind) {
    case 'lambda':
      return value.body
    case 'duration':
    case 'number':
    case 'text':
    case 'bool':
    case 'regular':
      return value
    case 'unknown':
      return value.type === undefined ? undefined : { kind: 'declared', type: value.type }
    default:
      return undefined
  }
}

const EMPTY = () => ({ args: [], properties: [], parents: [], children: [] })

/** The text of a property's first argument; null where it is not known; undefined where there is no such property. */
export function textOf(node: PipelineNode, name: string): string | null | undefined {
  const [value] = lastOf(node, name)?.args ?? []
  if (value === undefined) return lastOf(node, name) && null
  return value.kind === 'text' ? value.text : null
}

export const lastOf = (node: PipelineNode, name: string): Property | undefined =>
  node.properties.findLast(property => property.name === name)

/** All texts that are arguments of a property, those of lists too. */
export const namesOf = (node: PipelineNode, property: string): string[] =>
  node.properties.filter(({ name }) => name === property).flatMap(({ args }) => args.flatMap(textsOf))

export const textsOf = (value: Value): string[] =>
  value.kind === 'text' ? [value.text] : value.kind === 'list' ? value.items.flatMap(textsOf) : []
