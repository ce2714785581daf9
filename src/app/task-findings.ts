// What is to be said of a task by how it stands now: by what Kapacitor and the sidecar know of it, not by its script.
// Pure; each finding with a code that stays.
import type { TaskAnswer } from '../kapacitor/answers.ts'
import { age } from './age.ts'
import type { StatusView, TaskView } from './status-view.ts'

export const STANDING_CODES = [
  // Problems.
  'refused',
  'without-levels',
  'task-error',
  // Warnings.
  'not-connected',
  'incident-stuck',
  'revived-often',
  'not-listed',
  'not-seen',
  // Notes.
  'disabled',
  'gone',
  'no-points',
] as const
export type StandingCode = (typeof STANDING_CODES)[number]

export interface StandingFinding {
  readonly code: StandingCode
  /** problem: nobody is paged by it. warning: it wants to be looked at. note: good to know. */
  readonly severity: 'problem' | 'warning' | 'note'
  readonly says: string
  readonly fix?: string
}

export interface TaskSight {
  readonly task: string
  /** As Kapacitor lists it; absent: it does not, or was not asked. */
  readonly listed?: TaskAnswer | undefined
  /** As the sidecar sees it. */
  readonly seen?: TaskView | undefined
  /** What the sidecar says of itself; absent: nobody could be asked. */
  readonly sidecar?: StatusView | undefined
  /** Whether Kapacitor could be asked. */
  readonly isListKnown: boolean
}

/** Since the sidecar started. */
const OFTEN = 3
const SILENT_MS = 10 * 60_000

export function standingFindings(sight: TaskSight): StandingFinding[] {
  const { listed, seen, sidecar, isListKnown, task } = sight
  if (listed?.status === 'disabled' || seen?.state === 'disabled')
    return [note('disabled', 'it is disabled: nobody is paged by it', `\`kapacitor enable ${task}\``)]
  const findings = seen && sidecar ? [...stateFindings(seen), ...trafficFindings(seen, sidecar)] : []
  if (listed && listed.error !== '' && seen?.state !== 'refused') findings.push(errorFinding(listed))
  if (isListKnown && !listed && seen && seen.state !== 'gone') findings.push(notListed)
  if (listed && !seen && sidecar) findings.push(notSeen)
  return findings
}

function stateFindings({ task, state, why, revived }: TaskView): StandingFinding[] {
  const because = why === undefined ? '' : `: ${why}`
  const found: StandingFinding[] = []
  if (state === 'refused')
    found.push({
      ...{ code: 'refused', severity: 'problem', says: `the sidecar refuses it${because}` },
      fix: `mend the script and define it again: \`kapacitor define ${task} -tick FILE\``,
    })
  if (state === 'waiting' || state === 'queued' || state === 'reviving')
    found.push({
      ...{
        code: 'not-connected',
        severity: 'warning',
        says: `it is not connected${because || ', and is revived now'}`,
      },
      fix: `wait: the sidecar revives it. If it stays so, \`kapacitor show ${task}\` tells its error`,
    })
  if (state === 'gone')
    found.push(note('gone', 'it is no longer in Kapacitor, or no longer uses our functions'))
  if (revived >= OFTEN)
    found.push({
      ...{ code: 'revived-often', severity: 'warning' },
      says: `it was revived ${revived} times since the sidecar started`,
      fix: "Kapacitor's log says why its connection breaks; a `timeout` of the function below 10s is too short",
    })
  return found
}

function trafficFindings({ nodes }: TaskView, { at }: StatusView): StandingFinding[] {
  return nodes.flatMap(({ node, withoutLevels, points, connectedAt, stuck }): StandingFinding[] => {
    if (stuck)
      return [
        {
          ...{ code: 'incident-stuck', severity: 'warning' },
          says: `incident ${stuck.incident}${stuck.incidents > 1 ? ` and ${stuck.incidents - 1} more` : ''} cannot end: its points ${stuck.why}`,
          fix: stuck.fix,
        },
      ]
    if (withoutLevels)
      return [
        {
          ...{ code: 'without-levels', severity: 'problem' },
          says: `all points of ${node} came without a level, so nobody is paged by them`,
          fix: "add .levelField('level') to its |alert(), or thresholds such as .crit('...') to the node",
        },
      ]
    const isSilent = points === 0 && Date.parse(at) - Date.parse(connectedAt) >= SILENT_MS
    if (!isSilent) return []
    return [
      note(
        'no-points',
        `no point came from ${node} since it was connected ${age(connectedAt, at)} ago`,
        'behind an |alert() that is right; else see whether its database, measurement and |where() fit the data',
      ),
    ]
  })
}

const errorFinding = ({ id, error }: TaskAnswer): StandingFinding => ({
  ...{ code: 'task-error', severity: 'problem', says: `Kapacitor says: ${error}` },
  fix: `mend it, then \`kapacitor disable ${id}\` and \`kapacitor enable ${id}\``,
})

const notListed: StandingFinding = {
  ...{ code: 'not-listed', severity: 'warning' },
  says: 'it is connected, and Kapacitor does not list it: is another Kapacitor at these sockets?',
  fix: 'a sidecar looks after one Kapacitor: give the other one a sidecar of its own',
}

const notSeen: StandingFinding = {
  ...{ code: 'not-seen', severity: 'warning' },
  says: 'Kapacitor lists it, and the sidecar has not seen it yet',
  fix: 'ask again in ten seconds; if it stays so, the sidecar asks another Kapacitor ([kapacitor] url)',
}

const note = (code: StandingCode, says: string, fix?: string): StandingFinding => ({
  ...{ code, severity: 'note', says },
  ...(fix !== undefined && { fix }),
})
