// What the rows of the tables say: an incident's delivery, a task, an endpoint. Pure.
import type { OpenIncidentView } from '../app/incidents-view.ts'
import type { EndpointView, StatusView, TaskView } from '../app/status-view.ts'
import { ago, counted, number, some, until } from './wording.ts'

export type BadgeTone = 'critical' | 'warning' | 'info' | 'ok' | 'quiet'

export interface Words {
  readonly text: string
  readonly tone: BadgeTone
}

const LEVEL_TONES: Readonly<Record<string, BadgeTone>> = {
  ...{ CRITICAL: 'critical', WARNING: 'warning', INFO: 'info', OK: 'ok' },
}

export const levelTone = (level: string): BadgeTone => LEVEL_TONES[level] ?? 'quiet'

/** What became of what was to be told of it. */
export function deliveryOf(incident: OpenIncidentView, { endpoints, at }: StatusView): Words {
  const { delivery, state, endpoint } = incident
  if (delivery) {
    const { pending, attempts, underWay } = delivery
    const more = pending > 1 ? `, ${number(pending)} wait` : ''
    if (underWay) return { text: `being sent${more}`, tone: 'info' }
    const place = endpoints.find(({ name }) => name === endpoint)
    const nextTryAt = delivery.nextTryAt ?? place?.nextTryAt
    const again = nextTryAt ? `, again ${until(nextTryAt, at)}` : ''
    if (place && place.state !== 'up')
      return { text: `${endpoint} is ${place.state}${again}${more}`, tone: 'critical' }
    if (attempts > 0)
      return { text: `${counted(attempts, 'attempt')} failed${again}${more}`, tone: 'warning' }
    return { text: `waits for its turn${again}${more}`, tone: 'info' }
  }
  if (state === 'muted') return { text: 'resolved by hand', tone: 'quiet' }
  if (state === 'recovering') return { text: 'recovered; the resolve is held', tone: 'ok' }
  const isTold = incident.tasks.some(({ told }) => told !== 'OK')
  return isTold ? { text: 'delivered', tone: 'ok' } : { text: 'nothing told yet', tone: 'quiet' }
}

/** `cpu (3 groups), disk` */
export const contributorsOf = ({ tasks }: OpenIncidentView): string =>
  some(
    tasks.map(({ task, groups }) => {
      const name = task === '' ? 'a post' : task
      return groups > 1 ? `${name} (${number(groups)} groups)` : name
    }),
    4,
  ) || 'nobody any more'

const ENDPOINT_TONES: Readonly<Record<EndpointView['state'], BadgeTone>> = {
  ...{ up: 'ok', limited: 'warning', failing: 'critical', blocked: 'critical', removed: 'quiet' },
}

export const endpointState = ({ state }: EndpointView): Words => ({
  text: state,
  tone: ENDPOINT_TONES[state],
})

export function waitingOf({ pending, inFlight }: EndpointView): string {
  if (pending === 0) return 'nothing'
  return inFlight === 0 ? number(pending) : `${number(pending)}, ${number(inFlight)} under way`
}

export function lastAnswerOf({ lastAnswer }: EndpointView, now: string): string {
  if (!lastAnswer) return 'none yet'
  return `${lastAnswer.text}, ${ago(lastAnswer.at, now)}`
}

const TASK_TONES: Readonly<Record<TaskView['state'], BadgeTone>> = {
  ...{ alive: 'ok', waiting: 'warning', queued: 'warning', reviving: 'info' },
  ...{ refused: 'critical', disabled: 'quiet', gone: 'quiet' },
}

export const isWithoutLevels = ({ nodes }: TaskView): boolean =>
  nodes.some(({ withoutLevels }) => withoutLevels)

export function taskState(task: TaskView): Words {
  if (isWithoutLevels(task)) return { text: 'without levels', tone: 'critical' }
  return { text: task.state, tone: TASK_TONES[task.state] }
}

export interface TaskRow {
  readonly task: TaskView
  readonly pointsPerSecond: number
  readonly lastPointAt: string | undefined
  readonly endpoints: string
}

const URGENCY: Readonly<Record<BadgeTone, number>> = { critical: 0, warning: 1, info: 2, ok: 3, quiet: 4 }

/** Those in trouble first, then by name. */
export function taskRows(tasks: readonly TaskView[]): TaskRow[] {
  const urgency = (task: TaskView): number => URGENCY[taskState(task).tone]
  return [...tasks]
    .sort((a, b) => urgency(a) - urgency(b) || (a.task < b.task ? -1 : 1))
    .map(task => {
      const { nodes } = task
      const lastPoints = nodes.flatMap(({ lastPointAt }) => lastPointAt ?? []).sort()
      return {
        task,
        pointsPerSecond: nodes.reduce((total, node) => total + node.pointsPerSecond, 0),
        lastPointAt: lastPoints.at(-1),
        endpoints: [...new Set(nodes.map(({ endpoint }) => endpoint))].join(', '),
      }
    })
}

/** How it stands with Kapacitor itself. */
export function kapacitorOf({ kapacitor, connections }: StatusView): string {
  const nodes = `${counted(connections, 'node')} connected.`
  if (!kapacitor) return `${nodes} Nobody looks after Kapacitor's tasks: [kapacitor] url is "".`
  if (kapacitor.reachable === null) return `${nodes} Kapacitor's API has not been asked yet.`
  return kapacitor.reachable
    ? `${nodes} Kapacitor's API answers.`
    : `${nodes} Kapacitor's API does not answer: dead tasks are not revived.`
}
