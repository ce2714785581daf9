// What a TICKscript does with our nodes that its author should know of before an alert is lost or Kapacitor dies: each
// finding with a code that stays, the line, a sentence and what to write instead. Pure; it asks nobody.
import type { Advice, AdviceSetting } from './advice.ts'
import { alertAdvice, alertsBefore } from './alert-advice.ts'
import { fieldAdvice } from './field-advice.ts'
import { filterAdvice } from './filter-advice.ts'
import { groupAdvice } from './group-advice.ts'
import { nodeOptions, optionAdvice } from './option-advice.ts'
import { lastOf, type PipelineNode, pipelineOf, textOf } from './pipeline.ts'
import { readScript } from './script.ts'
import type { TaskVars } from './task-vars.ts'
import { ScriptError } from './tickscript.ts'

/** One use of a function of ours. */
export interface AdvisedNode {
  readonly name: string
  readonly line: number
  readonly endpoint: string
  /**
   * The template of its incidents' ids, with the measurement in front where the template asks for it; undefined where it
   * cannot be known, or belongs to the task alone.
   */
  readonly ids?: string
}

export interface ScriptAdvice {
  /** How often our functions are used. With 0 there is nothing else. */
  readonly uses: number
  readonly nodes: readonly AdvisedNode[]
  readonly findings: readonly Advice[]
}

/**
 * Never throws. In the order of the script.
 * @param vars what a task gives to variables of its template.
 */
export function adviseOn(script: string, setting: AdviceSetting, vars?: TaskVars): ScriptAdvice {
  const { uses } = readScript(script, [...setting.functions.keys()])
  if (uses === 0) return { uses, nodes: [], findings: [] }
  try {
    const ours = pipelineOf(script, setting.functions, vars).filter(
      ({ sign, name }) => sign === '@' && setting.functions.has(name),
    )
    const findings = new Map<string, Advice>()
    // Two nodes behind one alert have the same to say of it.
    for (const finding of ours.flatMap(node => adviceOn(node, setting)))
      findings.set(`${finding.code} ${finding.line} ${finding.says}`, finding)
    const inOrder = [...findings.values()].sort((a, b) => a.line - b.line)
    return { uses, nodes: ours.map(advisedNode), findings: inOrder }
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    const says = `this could not be read, so nothing is known of the rest: ${error.message}`
    const fix = '`kapacitor define` says what Kapacitor thinks of it'
    const finding: Advice = { code: 'not-understood', severity: 'warning', line: error.line, says, fix }
    return { uses, nodes: [], findings: [finding] }
  }
}

/** What of a script ends Kapacitor, and nothing else: the certain first. Never throws. */
export function dangersOf(script: string, functions: AdviceSetting['functions'], vars?: TaskVars): Advice[] {
  try {
    const ours = pipelineOf(script, functions, vars).filter(
      ({ sign, name }) => sign === '@' && functions.has(name),
    )
    const found = ours.flatMap(fieldAdvice)
    return [...found.filter(isCertain), ...found.filter(one => !isCertain(one))]
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return []
  }
}

const isCertain = ({ severity }: Advice): boolean => severity === 'problem'

function adviceOn(node: PipelineNode, setting: AdviceSetting): Advice[] {
  return [
    ...optionAdvice(node, setting),
    ...edgeAdvice(node, setting),
    ...fieldAdvice(node),
    ...alertAdvice(node),
    ...groupAdvice(node, setting.functions.get(node.name)),
    ...filterAdvice(node),
    ...endpointAdvice(node, setting),
    ...behindAdvice(node),
    ...stateAdvice(node),
  ]
}

function edgeAdvice(node: PipelineNode, { functions }: AdviceSetting): Advice[] {
  const wants = functions.get(node.name)
  const gets = node.parents[0]?.edge
  if (gets === undefined || gets === wants) return []
  const other = [...functions].find(([, edge]) => edge === gets)?.[0]
  const says = `@${node.name}() takes a ${wants}, and gets a ${gets} here: Kapacitor refuses the script`
  const fix = `write @${other ?? (gets === 'batch' ? 'squadcastBatch' : 'squadcast')}()`
  return [{ code: 'wrong-edge', severity: 'problem', line: node.line, says, fix }]
}

function endpointAdvice(node: PipelineNode, { endpoints }: AdviceSetting): Advice[] {
  const name = textOf(node, 'endpoint')
  if (typeof name !== 'string' || endpoints === undefined || endpoints.includes(name)) return []
  const says = `there is no [[endpoint]] '${name}': its events go to 'default'`
  const fix = `configure it, or name one of ${endpoints.join(', ')}`
  return [{ code: 'unknown-endpoint', severity: 'warning', line: lastOf(node, 'endpoint')!.line, says, fix }]
}

function behindAdvice({ name, children }: PipelineNode): Advice[] {
  const [child] = children
  if (!child) return []
  const says = `|${child.name}() stands behind @${name}(): Kapacitor may panic when the task is disabled`
  const fix = `give it a branch of its own: both take their points from what is in front of @${name}()`
  return [{ code: 'not-last', severity: 'warning', line: child.line, says, fix }]
}

/** Nodes that remember points, and forget them when the task is revived. */
const REMEMBERING = new Set(
  (
    'window deadman stats stateDuration stateCount derivative changeDetect movingAverage cumulativeSum difference ' +
    'elapsed sample barrier join'
  ).split(' '),
)

function stateAdvice(node: PipelineNode): Advice[] {
  const names = [...upstream(node)]
    .filter(({ name }) => REMEMBERING.has(name))
    .map(({ name }) => `|${name}()`)
  if (names.length === 0) return []
  const says = `a revival of the task starts it anew, and these forget: ${[...new Set(names)].join(', ')}`
  return [{ code: 'state-lost', severity: 'note', line: node.line, says }]
}

/** Everything in front, each once. */
function upstream(node: PipelineNode): Set<PipelineNode> {
  const found = new Set<PipelineNode>()
  const left = [...node.parents]
  for (let next = left.pop(); next; next = left.pop()) {
    if (found.has(next)) continue
    found.add(next)
    left.push(...next.parents)
  }
  return found
}

function advisedNode(node: PipelineNode): AdvisedNode {
  const endpoint = textOf(node, 'endpoint') ?? 'default'
  const ids = idsOf(node)
  return { name: node.name, line: node.line, endpoint, ...(ids !== undefined && { ids }) }
}

const DEFAULT_ID = '{{ .Name }}:{{ .Group }}'

function idsOf(node: PipelineNode): string | undefined {
  const alerts = nodeOptions.hasThresholds(node) ? [] : alertsBefore(node)
  const handsOn = alerts.length === 1 && (lastOf(alerts[0]!, 'idField') ?? lastOf(alerts[0]!, 'idTag'))
  const template = textOf(handsOn ? alerts[0]! : node, 'id')
  if (template === null || alerts.length > 1) return undefined
  // With thresholds the default has the task in it.
  if (template === undefined && nodeOptions.hasThresholds(node)) return undefined
  const text = template ?? DEFAULT_ID
  if (text.includes('.TaskName')) return undefined
  if (!/\.Name\b/.test(text)) return text
  const from = [...upstream(node)].find(({ name }) => name === 'from')
  const measurement = from && textOf(from, 'measurement')
  return typeof measurement === 'string' ? `${measurement} ${text}` : undefined
}
