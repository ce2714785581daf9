// Every task and how it stands: what Kapacitor lists, what the sidecar sees of it, and what its script will do. Pure.
import type { Advice, AdviceCode, AdviceSetting } from '../kapacitor/advice.ts'
import type { TaskAnswer } from '../kapacitor/answers.ts'
import { adviseOn, type ScriptAdvice } from '../kapacitor/script-advice.ts'
import { type SharedIds, sharedIds } from '../kapacitor/shared-ids.ts'
import { taskVars } from '../kapacitor/task-vars.ts'
import type { StatusView, TaskView } from './status-view.ts'
import { type StandingCode, type StandingFinding, standingFindings } from './task-findings.ts'

export interface TaskFinding {
  readonly code: StandingCode | AdviceCode | 'same-ids'
  readonly severity: Advice['severity']
  /** Of the script, counted from 1. */
  readonly line?: number
  readonly says: string
  /** What to do. */
  readonly fix?: string
}

export interface TaskReport {
  readonly task: string
  /** unknown: no sidecar could be asked. unused: it uses none of our functions. */
  readonly state: TaskView['state'] | 'unknown' | 'unused'
  /** How often its script uses our functions; absent: its script is not known. */
  readonly uses?: number
  /** Those that are connected. */
  readonly nodes: TaskView['nodes']
  readonly findings: readonly TaskFinding[]
  /** Of the findings, some want somebody to act. */
  readonly needsSomebody: boolean
}

export interface TaskSources {
  /** Absent: Kapacitor could not be asked. */
  readonly listed?: readonly TaskAnswer[] | undefined
  /** Absent: no sidecar could be asked. */
  readonly sidecar?: StatusView | undefined
  readonly setting: AdviceSetting
}

/** In the order of their names. */
export function taskReports({ listed, sidecar, setting }: TaskSources): TaskReport[] {
  const tasks = new Map((listed ?? []).map(task => [task.id, task]))
  const seen = new Map((sidecar?.tasks ?? []).map(task => [task.task, task]))
  const advice = new Map(
    [...tasks].map(([id, { script, vars }]) => [id, adviseOn(script, setting, taskVars(vars))]),
  )
  const shared = sharedIds(
    [...advice].filter(([id]) => tasks.get(id)?.status === 'enabled').map(([id, { nodes }]) => [id, nodes]),
  )
  return [...new Set([...tasks.keys(), ...seen.keys()])].sort().map(task =>
    reportOf({
      ...{ task, listed: tasks.get(task), seen: seen.get(task), sidecar, isListKnown: listed !== undefined },
      ...{ advice: advice.get(task), shared: shared.filter(({ scripts }) => scripts.includes(task)) },
    }),
  )
}

type Sight = Parameters<typeof standingFindings>[0] & {
  readonly advice: ScriptAdvice | undefined
  readonly shared: readonly SharedIds[]
}

function reportOf(sight: Sight): TaskReport {
  const { task, listed, seen, advice, shared } = sight
  if (advice?.uses === 0 && !seen)
    return { task, state: 'unused', uses: 0, nodes: [], findings: [], needsSomebody: false }
  const findings = [
    ...merged(standingFindings(sight), adviceFindings(advice, seen)),
    ...shared.map(one => sharedFinding(task, one)),
  ].sort((a, b) => RANK[a.severity] - RANK[b.severity])
  const state = listed?.status === 'disabled' ? 'disabled' : (seen?.state ?? 'unknown')
  return {
    ...{ task, state, ...(advice && { uses: advice.uses }), nodes: seen?.nodes ?? [], findings },
    // Nobody waits for what somebody disabled.
    needsSomebody: state !== 'disabled' && findings.some(({ severity }) => severity !== 'note'),
  }
}

const RANK = { problem: 0, warning: 1, note: 2 } as const

/** What both know is said once: by the script's line where that tells the cause of what is seen. */
function merged(standing: readonly StandingFinding[], advice: readonly Advice[]): TaskFinding[] {
  const isExplained = advice.some(({ code }) => code === 'no-level' || code === 'level-not-read')
  const refused = advice.find(({ code }) => code === 'option-refused')
  const isRefused = standing.some(({ code }) => code === 'refused')
  return [
    ...standing
      .filter(({ code }) => !(isExplained && code === 'without-levels'))
      .map(one => (one.code === 'refused' && refused ? { ...one, line: refused.line } : one)),
    ...advice.filter(({ code }) => !(isRefused && code === 'option-refused')),
  ]
}

/** What points prove is not guessed at any more. */
function adviceFindings(advice: ScriptAdvice | undefined, seen: TaskView | undefined): Advice[] {
  const nodes = seen?.nodes ?? []
  const hasLevels =
    nodes.length > 0 && nodes.every(({ points, withoutLevels }) => points > 0 && !withoutLevels)
  return (advice?.findings ?? []).filter(({ code }) => !hasLevels || code !== 'level-unknown')
}

function sharedFinding(task: string, { scripts, endpoint }: SharedIds): TaskFinding {
  const others = scripts.filter(name => name !== task)
  return {
    ...{ code: 'same-ids', severity: 'warning' },
    says: `its incidents have the same ids at ${endpoint} as those of ${others.join(', ')}: each is one incident, and over only when all have recovered`,
    fix: 'if that is not meant, put the name of the check into .id()',
  }
}
