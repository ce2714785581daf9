// What is to be played and as what: from what a person asked for, by a script and by flags, to the node's options, the
// points it gets and their groups. Flags win over the script, so that a threshold can be tried without touching it. Pure.
import type { NodeSettings } from '../incident/node-settings.ts'
import { InitRefusal, nodeSettings } from '../udf/options.ts'
import { PLAYED_NODE } from '../udf/played-node.ts'
import type { EdgeType, InitRequest, NodeOption } from '../wire/messages.ts'
import { type Grouping, groupedBy, NOT_GROUPED } from './grouping.ts'
import { readOption } from './option-text.ts'
import { PlanError } from './plan-error.ts'
import { readScriptPlan, type ScriptPlan } from './script-plan.ts'
import type { Selection } from './selection.ts'

/** As a person asked. */
export interface Wishes {
  readonly task: string
  /** The text of a TICKscript. */
  readonly script: string | undefined
  /** Names of our functions in it. */
  readonly functions?: readonly string[] | undefined
  /** Which of several nodes in it, from 1. */
  readonly node?: number | undefined
  /** `NAME=VALUE`. */
  readonly options: readonly string[]
  readonly measurement: string | undefined
  /** Names of tags, or `*`; undefined: as the script says. */
  readonly groupBy: readonly string[] | undefined
  readonly byMeasurement: boolean
}

export interface Plan {
  readonly init: InitRequest
  /** What the sidecar will make of it. */
  readonly settings: NodeSettings
  readonly edge: EdgeType
  readonly selection: Selection
  readonly grouping: Grouping
}

/** @param holds what the files do. Throws PlanError. */
export function planFor(wishes: Wishes, holds: 'points' | 'batches'): Plan {
  const edge: EdgeType = holds === 'points' ? 'STREAM' : 'BATCH'
  const { task, script, measurement } = wishes
  const given = script === undefined ? undefined : readScriptPlan(script, wishes)
  checkEdge(wishes, edge, given)
  const init = {
    taskID: task,
    nodeID: PLAYED_NODE,
    options: optionsOf(wishes.options.map(readOption), given),
  }
  const selection = given?.selection ?? { origins: [], conditions: [] }
  return {
    ...{ init, edge, settings: settingsOf(edge, init) },
    selection: measurement === undefined ? selection : { ...selection, measurement },
    grouping: groupingOf(wishes, given),
  }
}

function checkEdge(
  { measurement, groupBy, byMeasurement }: Wishes,
  edge: EdgeType,
  given?: ScriptPlan,
): void {
  if (given && given.edge !== edge)
    throw new PlanError(
      edge === 'BATCH'
        ? 'the file is a recording of batches, and the script’s node takes the points of a stream'
        : 'the file holds points, and the script’s node takes batches: play a recording of them (kapacitor record batch)',
    )
  if (edge === 'BATCH' && (measurement !== undefined || groupBy !== undefined || byMeasurement))
    throw new PlanError(
      'the batches of a recording have their measurement and groups already: leave those flags out',
    )
}

/** What goes back is nobody's here: `.passThrough()` would only hide what made an event. */
function optionsOf(byFlag: readonly NodeOption[], given: ScriptPlan | undefined): NodeOption[] {
  const flagged = new Set(byFlag.map(({ name }) => name))
  const kept = given?.options.filter(({ name }) => !flagged.has(name)) ?? []
  return [...kept, ...byFlag].filter(({ name }) => name !== 'passThrough')
}

function settingsOf(edge: EdgeType, init: InitRequest): NodeSettings {
  try {
    return nodeSettings(edge, init)
  } catch (error) {
    if (error instanceof InitRefusal) throw new PlanError(error.message)
    throw error
  }
}

function groupingOf({ groupBy, byMeasurement }: Wishes, given: ScriptPlan | undefined): Grouping {
  const grouping = groupBy === undefined ? (given?.grouping ?? NOT_GROUPED) : groupedBy(groupBy)
  return byMeasurement ? { ...grouping, byMeasurement } : grouping
}
