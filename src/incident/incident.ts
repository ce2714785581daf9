// One open incident: its contributors by task, and what was told of it. Small rules of one incident; which
// incidents there are is the book's business.
import type { IncidentEvent } from './event.ts'
import { higher, Level } from './level.ts'

/** How one task stands in an incident. */
export interface Standing {
  readonly task: string
  /** The highest level told since the incident opened; OK: nothing. */
  told: Level
  /** When something was told last; wall clock, ms. */
  toldAt: number
  /** Number of the task's contributors, by level. */
  readonly count: [ok: number, info: number, warning: number, critical: number]
}

/** One opening of an incident, from its first trigger to its resolve. */
export interface Incident {
  /** Number of this opening, unique in the store. */
  readonly opening: number
  readonly endpoint: string
  readonly id: string
  /** When it opened, nanoseconds, by the points' clock. */
  readonly openedTime: bigint
  contributors: number
  /** Nearly always one: a list takes a fraction of a map's memory. */
  tasks: readonly Standing[]
  /** All have recovered, and the resolve waits; wall clock, ms. */
  held: { readonly dueAt: number; event?: IncidentEvent } | undefined
  /** Resolved by hand: nothing of it is news any more, and it closes without a word. */
  muted: boolean
}

export type Opened = Pick<Incident, 'opening' | 'endpoint' | 'id' | 'openedTime'>

const NO_TASKS: readonly never[] = []

export const newIncident = ({ opening, endpoint, id, openedTime }: Opened): Incident => ({
  opening,
  endpoint,
  id,
  openedTime,
  contributors: 0,
  tasks: NO_TASKS,
  held: undefined,
  muted: false,
})

export function standingOf(incident: Incident, task: string): Standing {
  const known = knownStanding(incident, task)
  if (known) return known
  const standing: Standing = { task, told: Level.ok, toldAt: 0, count: [0, 0, 0, 0] }
  // Not by push, which makes room for many more.
  incident.tasks = incident.tasks.length === 0 ? [standing] : [...incident.tasks, standing]
  return standing
}

/** What was told before a restart. */
export function restoreTold(
  incident: Incident,
  { task, level, at }: { readonly task: string; readonly level: Level; readonly at: number },
): void {
  const standing = standingOf(incident, task)
  standing.told = level
  standing.toldAt = at
}

/** Undefined for a task that never contributed to it. */
export const knownStanding = (incident: Incident, task: string): Standing | undefined =>
  incident.tasks.find(standing => standing.task === task)

/** The highest level of a task's contributors to an incident. */
export function taskLevel(incident: Incident | undefined, task: string): Level {
  const count = incident && knownStanding(incident, task)?.count
  if (!count) return Level.ok
  return count[3] ? Level.critical : count[2] ? Level.warning : count[1] ? Level.info : Level.ok
}

/** What decides whether something is told again. */
export interface Telling {
  readonly task: string
  readonly level: Level
  /** Wall clock, ms. */
  readonly at: number
  /** False: only the first trigger of an incident is told. */
  readonly retriggerOnRise: boolean
  /** Tell again at the first point that is not OK after this long, ms. */
  readonly tellAgainAfterMs?: number
  /** Of posts that repeat a level: why they notify all the same. */
  readonly again?: Again
}

/** occurrence: another one began, and the recovery between the two never came. reminder: the repeat interval is over. */
export type Again = 'occurrence' | 'reminder'

/** Whether the task's level is news: above what was told for it, or told so long ago that it is told again. */
export function isNews(incident: Incident, telling: Telling): boolean {
  if (incident.muted) return false
  const { task, retriggerOnRise, tellAgainAfterMs, again, at, level } = telling
  if (again === 'occurrence') return level > Level.ok
  if (!retriggerOnRise && wasTold(incident)) return false
  if (again === 'reminder') return true
  const standing = knownStanding(incident, task)
  const told = standing?.told ?? Level.ok
  if (taskLevel(incident, task) > told) return true
  if (tellAgainAfterMs === undefined || !standing || told === Level.ok || level === Level.ok) return false
  return at - standing.toldAt >= tellAgainAfterMs
}

function wasTold(incident: Incident): boolean {
  return incident.tasks.some(({ told }) => told > Level.ok)
}

/** Notes that the task's level is told now; returns what counts as told from now on. */
export function tell(incident: Incident, { task, at, again }: Pick<Telling, 'task' | 'at' | 'again'>): Level {
  const standing = standingOf(incident, task)
  const level = taskLevel(incident, task)
  standing.told = again === 'occurrence' ? level : higher(standing.told, level)
  standing.toldAt = at
  return standing.told
}
