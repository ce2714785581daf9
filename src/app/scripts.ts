// TICKscripts as `check` and `tasks` look at them: what has to be known of this sidecar, put together for the room that
// reads them.
import type { Advice, AdviceSetting, GivenOption } from '../kapacitor/advice.ts'
import type { TaskAnswer } from '../kapacitor/answers.ts'
import type { Edge } from '../kapacitor/pipeline.ts'
import { dangersOf } from '../kapacitor/script-advice.ts'
import { taskVars } from '../kapacitor/task-vars.ts'
import { OPTION_TYPES } from '../udf/option-table.ts'
import { InitRefusal, nodeSettings } from '../udf/options.ts'

/** By its name, as long as nobody knows its socket. */
export const edgeByName = (name: string): Edge => (/batch/i.test(name) ? 'batch' : 'stream')

export const adviceSetting = (known: {
  /** Names in kapacitor.conf. */
  readonly functions: readonly string[]
  /** What those want of which that is known; the others go by their names. */
  readonly edges?: ReadonlyMap<string, Edge>
  readonly endpoints?: readonly string[] | undefined
}): AdviceSetting => ({
  functions: new Map(known.functions.map(name => [name, known.edges?.get(name) ?? edgeByName(name)])),
  endpoints: known.endpoints,
  options: { types: OPTION_TYPES, refusal },
})

/** What ends Kapacitor of a task's script, the certain first. */
export function taskDangers(
  functions: readonly string[],
): (task: Pick<TaskAnswer, 'script' | 'vars'>) => readonly Advice[] {
  const { functions: edges } = adviceSetting({ functions })
  return ({ script, vars }) => dangersOf(script, edges, taskVars(vars))
}

/** The very sentence that the task would be refused with. */
function refusal(edge: Edge, options: readonly GivenOption[]): string | undefined {
  try {
    nodeSettings(edge === 'stream' ? 'STREAM' : 'BATCH', { taskID: 'task', nodeID: 'node', options })
    return undefined
  } catch (error) {
    if (error instanceof InitRefusal) return error.message
    throw error
  }
}
