// One function per happening: it writes the log line and moves the counter. WARN: nothing is lost. ERROR:
// something is lost, or a human is needed.
import type { Attempted, DeliveryHappenings } from '../delivery/happenings.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { type Level, levelName } from '../incident/level.ts'
import type { OutboxHappenings } from '../outbox/happenings.ts'
import type { SessionHappenings } from '../udf/session.ts'
import type { Counts, Ending, TaskLink } from '../udf/task-link.ts'
import { deliveryTelemetry } from './delivery-telemetry.ts'
import { Feed } from './feed.ts'
import { type HttpTelemetry, httpTelemetry } from './http-telemetry.ts'
import { type KapacitorTelemetry, kapacitorTelemetry } from './kapacitor-telemetry.ts'
import { heardBy, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { type ServiceTelemetry, serviceTelemetry } from './service-telemetry.ts'
import { storeTelemetry } from './store-telemetry.ts'

interface NodeName {
  readonly task: string
  readonly node: string
}

type NotReturned = Parameters<TaskLink['notReturned']>[1]

export class Telemetry implements SessionHappenings {
  readonly log: Log
  readonly feed: Feed
  readonly metrics: Metrics
  readonly delivery: DeliveryHappenings
  readonly http: HttpTelemetry
  readonly kapacitor: KapacitorTelemetry
  readonly service: ServiceTelemetry
  readonly store: OutboxHappenings

  /** @param wallMs the wall clock, ms. */
  constructor(written: Log, metrics: Metrics, wallMs: () => number) {
    this.feed = new Feed(wallMs)
    const log = heardBy(this.feed, written)
    this.log = log
    this.metrics = metrics
    this.delivery = deliveryTelemetry(log, metrics)
    this.http = httpTelemetry(log, metrics)
    this.kapacitor = kapacitorTelemetry(log, metrics)
    this.service = serviceTelemetry(log, metrics)
    this.store = storeTelemetry(log, metrics)
  }

  /** From now on: the least urgent lines that are written. */
  setLevel(level: string): void {
    this.log.level = level
  }

  ready(sockets: { readonly stream: string; readonly batch: string }): void {
    this.log.info(
      { event: 'ready', ...sockets },
      `ready: listening on ${sockets.stream} and ${sockets.batch}`,
    )
  }

  /** With the hint of an error that has one. */
  startFailed(error: unknown): void {
    const { message, code, hint } = error as { message?: string; code?: string; hint?: string }
    const known = typeof code === 'string' && typeof hint === 'string'
    const rest = known ? { code, hint } : { err: error }
    this.log.fatal(
      { event: 'start-failed', ...rest },
      `cannot start: ${message ?? error}${known ? `. ${hint}` : ''}`,
    )
  }

  /** Nobody wants this but a test. */
  faultAwaited({ point, passing }: { readonly point: string; readonly passing: number }): void {
    this.log.error(
      { event: 'fault-awaited', point, passing },
      `this process will end without a word at ${point}, as the environment asks for`,
    )
  }

  stopping(reason: string): void {
    this.log.info({ event: 'stopping' }, `stopping: ${reason}`)
  }

  stopStepFailed(happening: { readonly step: string; readonly error: unknown }): void {
    this.log.warn(
      { event: 'stop-step-failed', step: happening.step, err: happening.error },
      'a step of the stop failed',
    )
  }

  stopped(pending: number): void {
    const rest = pending > 0 ? `; ${pending} events are stored and go on after the next start` : ''
    this.log.info({ event: 'stopped', pending }, `stopped${rest}`)
  }

  loaded(happening: { readonly incidents: number; readonly pending: number }): void {
    const { incidents, pending } = happening
    this.log.info(
      { event: 'loaded', incidents, pending },
      `${incidents} incidents open, ${pending} events to deliver`,
    )
  }

  nodeStarted(
    { task, node }: NodeName,
    how: { readonly replay: false | 'live' | 'disabled' | 'played'; readonly endpoint: string },
  ): void {
    this.metrics.tasks.started(task)
    if (how.replay)
      this.log.warn(
        { event: 'replay-started', task, node },
        `task ${task} ${how.replay === 'live' ? 'has a live connection already' : how.replay === 'played' ? 'is one that Kapacitor has' : 'is disabled'}: this is a replay, and nothing of it is sent`,
      )
    else
      this.log.info(
        { event: 'node-started', task, node, endpoint: how.endpoint },
        `task ${task} is connected`,
      )
  }

  nodeEnded({ task, node }: NodeName, how: Ending): void {
    this.metrics.tasks.ended(task)
    this.log.info({ event: 'node-ended', task, node, how }, `task ${task} has left (${how})`)
  }

  unknownEndpoint({ task, node }: NodeName, endpoint: string): void {
    this.log.error(
      { event: 'unknown-endpoint', task, node, endpoint },
      `task ${task} asks for endpoint '${endpoint}', which is not configured: its events go to 'default'`,
    )
  }

  counted({ task }: NodeName, { points, unlevelled }: Readonly<Counts>): void {
    this.metrics.points.inc({ task }, points)
    if (unlevelled > 0) this.metrics.unlevelled.inc({ task }, unlevelled)
  }

  /** Only such points came from the task: nothing can be paged from it. */
  withoutLevels({ task, node }: NodeName, points: number, byConditions: boolean): void {
    const cure = byConditions
      ? 'no condition of the node could be evaluated: are the fields spelt as in the data?'
      : "add .levelField('level') to its |alert(), or thresholds such as .crit('...') to @squadcast()"
    this.log.warn(
      { event: 'without-levels', task, node, points },
      `task ${task} sends points without a level, so nobody is paged by it: ${cure}`,
    )
  }

  /** Points of an open incident have no level. @param times how many incidents since it was said last. */
  stuck(
    { task, node }: NodeName,
    { id, why }: { readonly id: string; readonly why: string },
    times: number,
  ): void {
    const others = times > 1 ? ` (and so are ${times - 1} more)` : ''
    this.log.warn(
      { event: 'incident-stuck', task, node, incident: id, times },
      `incident ${id} of task ${task} is open${others} and cannot end: its points ${why}`,
    )
  }

  notReturned({ task, node }: NodeName, bytes: number, reason: NotReturned): void {
    this.metrics.notReturned.inc({ reason }, bytes)
    this.log.error(
      { event: 'not-returned', task, node, bytes, reason },
      `${bytes} bytes of task ${task} were not handed back to Kapacitor (${reason}); their events are kept`,
    )
  }

  eventMade(event: IncidentEvent, endpoint: string, replay: boolean): void {
    const { kind, incident, level, task, group, message } = event
    if (!replay) this.metrics.events.inc({ kind, level })
    // Not `level`: the line has one of its own.
    const log = {
      ...{ event: replay ? 'replayed' : kind, incident, incidentLevel: level },
      ...{ endpoint, task, group, message },
    }
    this.log.info(log, `${replay ? 'replay, not sent: ' : ''}${kind} ${incident} ${level}`)
  }

  initRefused({ task, node, reason }: NodeName & { readonly reason: string }): void {
    this.metrics.refusedInits.inc()
    this.log.error({ event: 'init-refused', task, node, reason }, `task ${task} was refused: ${reason}`)
  }

  malformed(happening: {
    readonly task: string | undefined
    readonly code: string
    readonly reason: string
  }): void {
    this.metrics.malformed.inc({ code: happening.code })
    this.log.error(
      { ...happening, event: 'malformed' },
      `a connection was ended: ${happening.reason}; is the right program at the other end of the socket?`,
    )
  }

  sessionFailed({ task, error }: { readonly task: string | undefined; readonly error: unknown }): void {
    this.log.error({ event: 'session-failed', task, err: error }, 'an error of our own ended a connection')
  }

  commitFailed(error: unknown): void {
    this.metrics.storeErrors.inc()
    this.log.error(
      { event: 'commit-failed', err: error },
      'a change was not stored, through a fault of our own',
    )
  }

  broken(error: unknown): void {
    this.log.fatal(
      { event: 'broken', err: error },
      'the store ended by itself: a fault of our own; stopping, so that it starts anew',
    )
  }

  stoppingWithUnsaved(events: readonly { readonly incident: string }[], withinMs: number): void {
    this.log.warn(
      { event: 'stopping-unsaved', events: events.length, withinMs },
      `the disk takes nothing: ${events.length} events are delivered first, for ${withinMs / 1000} s at most`,
    )
  }

  /** One line for each: somebody may want to tell them by hand. */
  unsavedLost(
    events: readonly { readonly incident: string; readonly kind: string; readonly level: Level }[],
  ): void {
    for (const { incident, kind, level } of events)
      this.log.error(
        { event: 'lost', incident, kind, incidentLevel: levelName(level) },
        `lost with this process, since the disk takes nothing: ${kind} ${incident} (${levelName(level)})`,
      )
  }

  /** Somebody asked for something by a command; with an error it came to nothing. */
  instructed(happening: { readonly kind: string; readonly id: number; readonly error?: unknown }): void {
    const { kind, id, error } = happening
    if (error === undefined) this.log.info({ event: 'instructed', kind, id }, `asked by a command: ${kind}`)
    else
      this.log.error(
        { event: 'instruction-failed', kind, id, err: error },
        `what a command asked for (${kind}) could not be done, through a fault of our own`,
      )
  }

  deadLetterUntold(event: Attempted['event']): void {
    this.log.warn(
      { event: 'untold', incident: event.incident, task: event.task },
      `incident ${event.incident} counts as not told: its next point tells again`,
    )
  }
}
