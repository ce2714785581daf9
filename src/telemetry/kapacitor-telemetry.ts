// What is told of Kapacitor's tasks and of its HTTP API, as log lines and counters. Errors come without credentials.
import { type Level, levelName } from '../incident/level.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface KapacitorTelemetry {
  /** It is not there yet, shortly after the sidecar's own start. */
  awaited(): void
  /** Once, until it is reachable again. */
  unreachable(error: unknown): void
  reachable(): void
  /** The tasks that use our functions, each time they are listed. */
  listed(isThere: (task: string) => boolean): void
  revived(task: string): void
  revivalFailed(task: string, error: unknown): void
  /** Its script was refused by us: it would be refused again. */
  notRevived(happening: { readonly task: string; readonly reason: string }): void
  /** Something was lost on the way here, and read from the topic of its alert. */
  reconciled(happening: { readonly task: string; readonly incident: string; readonly level: Level }): void
  /** The topic of an alert has a slash in its name, and Kapacitor's database could not be read instead. */
  topicUnreadable(happening: { readonly task: string; readonly topic: string; readonly error: unknown }): void
  /** The task is no longer in Kapacitor, and neither are its incidents here. */
  orphaned(happening: { readonly task: string; readonly node: string }): void
}

export function kapacitorTelemetry(log: Log, metrics: Metrics): KapacitorTelemetry {
  return {
    awaited() {
      log.info({ event: 'kapacitor-awaited' }, 'Kapacitor does not answer yet; asked again every 10 s')
    },
    unreachable(error) {
      log.warn(
        { event: 'kapacitor-unreachable', ...about(error) },
        `tasks cannot be looked after: ${textOf(error)}; asked again every 10 s, nothing else suffers`,
      )
    },
    reachable() {
      log.info({ event: 'kapacitor-reachable' }, 'Kapacitor answers')
    },
    listed(isThere) {
      metrics.tasks.listed(isThere)
    },
    revived(task) {
      metrics.taskRevivals.inc()
      log.info({ event: 'task-revived', task }, `task ${task} had lost its connection and was revived`)
    },
    revivalFailed(task, error) {
      log.warn(
        { event: 'task-revival-failed', task, ...about(error) },
        `task ${task} could not be revived, tried again: ${textOf(error)}`,
      )
    },
    notRevived({ task, reason }) {
      log.error(
        { event: 'task-not-revived', task, reason },
        `task ${task} is not revived, since its script was refused: ${reason}`,
      )
    },
    reconciled({ task, incident, level }) {
      log.warn(
        { event: 'reconciled', task, incident, incidentLevel: levelName(level) },
        `incident ${incident} is ${levelName(level)}, as the topic of its alert says: the point was lost with a connection`,
      )
    },
    topicUnreadable({ task, topic, error }) {
      log.warn(
        { event: 'topic-unreadable', task, topic, ...about(error) },
        `what task ${task} missed cannot be read: its topic '${topic}' has a slash in its name, and Kapacitor's database is not to be had: ${textOf(error)}. Name the topic without a slash`,
      )
    },
    orphaned({ task, node }) {
      log.warn(
        { event: 'orphaned', task, node },
        `task ${task} is gone from Kapacitor: what it held open is dropped`,
      )
    },
  }
}

const textOf = (error: unknown): string => {
  const { message, hint } = error as { message?: string; hint?: string }
  return [message ?? String(error), ...(hint === undefined ? [] : [hint])].join('. ')
}

function about(error: unknown): Record<string, unknown> {
  const { code, hint } = error as { code?: string; hint?: string }
  return hint === undefined ? { err: error } : { code, hint }
}
