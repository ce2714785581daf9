// What is open now, as the page has it: from memory, so that it is right also while the disk takes nothing. Searches
// and pages by the newest first; pure but for the asking of delivery.
import type { LaneStatus } from '../delivery/status.ts'
import { type Incident, taskLevel } from '../incident/incident.ts'
import { higher, Level, type LevelName, levelFromName, levelName } from '../incident/level.ts'
import { rfc3339Nano } from '../incident/rfc3339.ts'
import type { OpenIncidentsView, OpenIncidentView } from './incidents-view.ts'
import { instant } from './store-view.ts'

export interface IncidentSearch {
  /** Part of the id or of a task's name, in any case. */
  readonly text: string
  /** At least this level. */
  readonly level: Level
  readonly endpoint: string | undefined
  readonly limit: number
}

const DEFAULT_LIMIT = 100
const MOST = 1000
/** Characters of one answer: ids and names of tasks may be long. */
const MAX_ANSWER = 1024 * 1024
/** Of one incident. */
const MAX_TASKS = 20

/** Reads `?search=&level=&endpoint=&limit=`; what is not understood counts as not given. */
export function incidentSearch(query: URLSearchParams): IncidentSearch {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT)
  return {
    text: (query.get('search') ?? '').toLowerCase(),
    level: levelFromName((query.get('level') ?? '').toUpperCase()) ?? Level.ok,
    endpoint: query.get('endpoint') ?? undefined,
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, MOST) : DEFAULT_LIMIT,
  }
}

type Waiting = (endpoint: string, incident: string) => LaneStatus | undefined

export function openIncidents(
  incidents: Iterable<Incident>,
  search: IncidentSearch,
  waiting: Waiting,
): OpenIncidentsView {
  const all = [...incidents].sort((a, b) => a.opening - b.opening)
  const matching = all.filter(incident => matches(incident, search))
  const newest = matching.slice(-search.limit).reverse()
  return { open: all.length, matching: matching.length, incidents: withinAnswer(newest, waiting) }
}

/** As many of the newest as one answer holds. */
function withinAnswer(newest: readonly Incident[], waiting: Waiting): OpenIncidentView[] {
  const views: OpenIncidentView[] = []
  let room = MAX_ANSWER
  for (const incident of newest) {
    const view = incidentView(incident, waiting(incident.endpoint, incident.id))
    room -= JSON.stringify(view).length
    if (room < 0) break
    views.push(view)
  }
  return views
}

/** Open incidents by level; those that have recovered and whose resolve waits are OK. */
export function countByLevel(incidents: Iterable<Incident>): Record<LevelName, number> {
  const counts = { CRITICAL: 0, WARNING: 0, INFO: 0, OK: 0 }
  for (const incident of incidents) counts[levelName(levelOf(incident))]++
  return counts
}

function matches(incident: Incident, { text, level, endpoint }: IncidentSearch): boolean {
  if (endpoint !== undefined && incident.endpoint !== endpoint) return false
  if (level > Level.ok && levelOf(incident) < level) return false
  if (text === '') return true
  return [incident.id, ...incident.tasks.map(({ task }) => task)].some(name =>
    name.toLowerCase().includes(text),
  )
}

const levelOf = (incident: Incident): Level =>
  incident.tasks.reduce<Level>((highest, { task }) => higher(highest, taskLevel(incident, task)), Level.ok)

function incidentView(incident: Incident, lane: LaneStatus | undefined): OpenIncidentView {
  const { id, endpoint, opening, muted, openedTime, contributors } = incident
  return {
    ...{ id, endpoint, opening, level: levelName(levelOf(incident)) },
    state: muted ? 'muted' : contributors === 0 ? 'recovering' : 'open',
    openedAt: rfc3339Nano(openedTime),
    ...(incident.tasks.length > MAX_TASKS && { moreTasks: incident.tasks.length - MAX_TASKS }),
    tasks: incident.tasks.slice(0, MAX_TASKS).map(({ task, told, count }) => ({
      ...{ task, level: levelName(taskLevel(incident, task)), told: levelName(told) },
      groups: count[1] + count[2] + count[3],
    })),
    ...(lane && { delivery: deliveryView(lane) }),
  }
}

const deliveryView = ({ pending, attempts, isUnderWay, nextTryAt }: LaneStatus) => ({
  ...{ pending, attempts, underWay: isUnderWay },
  ...(nextTryAt !== undefined && { nextTryAt: instant(nextTryAt) }),
})
