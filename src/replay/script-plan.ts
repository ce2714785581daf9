// What a TICKscript asks of its `@squadcast()` node, where that can be read off: the points it gets, their groups, its
// options. What only Kapacitor can compute (an alert's lambda, a window) is refused with a sentence. Pure.
import { type Condition, compileCondition } from '../incident/condition/condition.ts'
import { LanguageError } from '../incident/language-error.ts'
import type { EdgeType, NodeOption, OptionValue } from '../wire/messages.ts'
import { type Grouping, groupedBy } from './grouping.ts'
import { PlanError } from './plan-error.ts'
import { type Call, type Chain, chainsOf, type Value } from './script-chains.ts'
import type { Selection } from './selection.ts'

export interface ScriptPlan {
  readonly edge: EdgeType
  readonly options: readonly NodeOption[]
  readonly selection: Selection
  readonly grouping: Grouping
}

/** Names of our functions in kapacitor.conf; those of the example. */
export const FUNCTIONS = ['squadcast', 'squadcastBatch']

const INSTEAD =
  'Record what stands behind it, or give the node thresholds of its own (.crit() and others), which a replay can judge'

export interface ScriptChoice {
  /** Names of ours in kapacitor.conf. */
  readonly functions?: readonly string[] | undefined
  /** Which of several nodes, from 1. */
  readonly node?: number | undefined
}

/** Throws PlanError. */
export function readScriptPlan(script: string, choice: ScriptChoice = {}): ScriptPlan {
  const { chains, dbrps } = chainsOf(script)
  const { chain, at } = ourNode(chains, choice)
  const edge = edgeOf(chain)
  const before = chain.calls.slice(0, at)
  const path = edge === 'STREAM' ? streamPath(before) : batchPath(before)
  return {
    ...{ edge, options: optionsOf(chain.calls.slice(at)) },
    selection: { ...path.selection, origins: dbrps },
    grouping: path.grouping,
  }
}

interface Node {
  readonly call: Call
  readonly properties: readonly Call[]
}

function ourNode(
  chains: readonly Chain[],
  { functions = FUNCTIONS, node }: ScriptChoice,
): { chain: Chain; at: number } {
  const found = chains
    .filter(chain => !isPartOfOther(chain, chains))
    .flatMap(chain => chain.calls.map((call, at) => ({ chain, call, at })))
    .filter(({ call }) => call.sign === '@' && functions.includes(call.name))
  const names = functions.map(name => `@${name}()`).join(' or ')
  if (found.length === 0) throw new PlanError(`the script has no node ${names}`)
  if (node === undefined && found.length > 1)
    throw new PlanError(
      `the script has ${found.length} nodes ${names}, and a replay plays one: say which by --node, from 1 in the order of the script`,
    )
  const chosen = found[(node ?? 1) - 1]
  if (chosen) return chosen
  throw new PlanError(`the script has no node number ${node}; it has ${found.length} ${names}`)
}

/** A variable whose chain another goes on with is in that one, too. */
const isPartOfOther = (chain: Chain, chains: readonly Chain[]): boolean =>
  chains.some(
    other =>
      other !== chain &&
      other.calls.length > chain.calls.length &&
      chain.calls.every((call, at) => other.calls[at] === call),
  )

function edgeOf({ from }: Chain): EdgeType {
  if (from === 'stream') return 'STREAM'
  if (from === 'batch') return 'BATCH'
  throw new PlanError(`the node begins at '${from}', which cannot be followed to stream or batch`)
}

/** Nodes with their properties, in order. */
function nodesOf(calls: readonly Call[]): Node[] {
  const nodes: { call: Call; properties: Call[] }[] = []
  for (const call of calls) {
    if (call.sign === '.') nodes.at(-1)?.properties.push(call)
    else nodes.push({ call, properties: [] })
  }
  return nodes
}

/** Nodes that change nothing of what goes through them. */
const TRANSPARENT = new Set(['log', 'httpOut', 'noOp'])

interface Path {
  readonly selection: Omit<Selection, 'origins'>
  readonly grouping: Grouping
}

function streamPath(calls: readonly Call[]): Path {
  let selection: Path['selection'] = { conditions: [] }
  let grouping = groupedBy([])
  for (const node of nodesOf(calls)) {
    const { name } = node.call
    if (name === 'from') ({ selection, grouping } = fromNode(node))
    else if (name === 'where')
      selection = { ...selection, conditions: [...selection.conditions, conditionOf(node.call)] }
    else if (name === 'groupBy') grouping = groupByNode(node)
    else if (!TRANSPARENT.has(name)) throw computed(node.call)
  }
  return { selection, grouping }
}

/** A recording has what the queries found, groups and all. */
function batchPath(calls: readonly Call[]): Path {
  for (const { call } of nodesOf(calls))
    if (call.name !== 'query' && !TRANSPARENT.has(call.name)) throw computed(call)
  return { selection: { conditions: [] }, grouping: groupedBy([]) }
}

const computed = ({ sign, name }: Call): PlanError =>
  new PlanError(
    `${sign}${name}() stands in front of the node, and only Kapacitor can compute what comes out of it. ${INSTEAD}`,
  )

function fromNode({ properties }: Node): Path {
  let selection: Path['selection'] = { conditions: [] }
  let names: string[] = []
  let byMeasurement = false
  for (const call of properties) {
    const { name } = call
    if (name === 'groupBy') names = namesOf(call)
    else if (name === 'groupByMeasurement') byMeasurement = true
    else if (name === 'database' || name === 'retentionPolicy' || name === 'measurement')
      selection = { ...selection, [name]: textOf(call) }
    else if (name === 'where')
      selection = { ...selection, conditions: [...selection.conditions, conditionOf(call)] }
    else if (name !== 'quiet')
      throw new PlanError(
        `.${name}() of |from() is for Kapacitor to compute, and a replay cannot. ${INSTEAD}`,
      )
  }
  return { selection, grouping: groupedBy(names, { byMeasurement }) }
}

function groupByNode({ call, properties }: Node): Grouping {
  const named = (name: string): Call[] => properties.filter(property => property.name === name)
  const excluded = named('exclude').flatMap(namesOf)
  return groupedBy(namesOf(call), { excluded, byMeasurement: named('byMeasurement').length > 0 })
}

function namesOf(call: Call): string[] {
  return call.args.flatMap(arg => (arg.kind === 'list' ? arg.items : [arg])).map(arg => nameOf(arg, call))
}

function nameOf(arg: Value, call: Call): string {
  if (arg.kind === 'star') return '*'
  if (arg.kind === 'text') return arg.value
  throw notText(arg, call)
}

function textOf(call: Call): string {
  const [arg] = call.args
  if (call.args.length === 1 && arg?.kind === 'text') return arg.value
  throw notText(arg, call)
}

/** Of `where`: what the node's own conditions can say, which is the same language. */
function conditionOf(call: Call): Condition {
  const {
    args: [arg],
    name,
    sign,
  } = call
  if (arg?.kind !== 'lambda') throw unreadable(arg, call, 'it is no lambda')
  try {
    return compileCondition(arg.text)
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error
    throw new PlanError(`${sign}${name}() cannot be judged here. ${INSTEAD}. ${error.explain(arg.text)}`)
  }
}

const notText = (arg: Value | undefined, call: Call): PlanError => unreadable(arg, call, 'it is no text')

const unreadable = (arg: Value | undefined, { sign, name }: Call, otherwise: string): PlanError =>
  new PlanError(
    `the argument of ${sign}${name}() cannot be read off the script: ${arg?.kind === 'unknown' ? arg.because : otherwise}. Write it out, or give it by a flag instead of --tickscript`,
  )

/** From the node itself to the next node. */
function optionsOf(calls: readonly Call[]): NodeOption[] {
  const [, ...rest] = calls
  const end = rest.findIndex(({ sign }) => sign !== '.')
  return (end < 0 ? rest : rest.slice(0, end))
    .filter(({ name }) => name !== 'quiet')
    .map(call => ({ name: call.name, values: argumentsOf(call).map(arg => optionValue(arg, call)) }))
}

/** A list that is the only argument is all of them. */
function argumentsOf({ args }: Call): readonly Value[] {
  const [first, ...more] = args
  return first?.kind === 'list' && more.length === 0 ? first.items : args
}

const OPTION_KINDS = {
  text: 'STRING',
  int: 'INT',
  float: 'DOUBLE',
  duration: 'DURATION',
  bool: 'BOOL',
} as const

function optionValue(arg: Value, call: Call): OptionValue {
  if (arg.kind === 'lambda')
    throw new PlanError(`.${call.name}() takes a text with the condition in it, not a lambda`)
  if (arg.kind === 'unknown' || arg.kind === 'star' || arg.kind === 'list')
    throw unreadable(arg, call, `it is a ${arg.kind}`)
  return { type: OPTION_KINDS[arg.kind], value: arg.value } as OptionValue
}
