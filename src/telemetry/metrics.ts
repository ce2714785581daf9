// What is counted, with Prometheus's names. Labels come from closed unions, or name a task or an endpoint. What is known
// to come starts from zero: a rate over a counter that appears with its first happening does not see it.
// docs/metrics.md has all of them; a test holds it to that.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { OUTCOMES } from '../delivery/ledger.ts'
import { ENDPOINT_STATES, type EndpointState } from '../delivery/status.ts'
import { TaskSeries } from './task-series.ts'

const PREFIX = 'kapacitor_squadcast_'

/** Seconds. One attempt, which ends with its timeout. */
const ATTEMPT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** Seconds. Usually milliseconds; after an outage hours. */
const LATENCY_BUCKETS = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ...[60, 300, 900, 3600, 4 * 3600, 24 * 3600],
]

/** Every pair of labels that an event can have. */
const EVENT_LABELS = [
  ...['INFO', 'WARNING', 'CRITICAL'].map(level => ({ kind: 'trigger', level })),
  { kind: 'resolve', level: 'OK' },
]

/** What gauges ask for when they are read. */
export interface Observed {
  openIncidents(): number
  endpoints(): readonly {
    readonly name: string
    readonly pending: number
    readonly oldestPendingSeconds: number
    readonly isUp: boolean
    readonly state: EndpointState
  }[]
  /** Requests a minute. */
  budget(): { readonly rate: number; readonly used: number }
}

export interface ObservedKapacitor {
  /** Undefined: nobody has asked it yet. */
  isReachable(): boolean | undefined
  /** How many tasks are in each state; in all that there are. */
  tasks(): ReadonlyMap<string, number>
}

export class Metrics {
  readonly registry = new Registry()

  readonly points = this.#counter('points_total', 'Points taken from Kapacitor', ['task'])
  readonly unlevelled = this.#counter('unlevelled_points_total', 'Points that carried no level', ['task'])
  readonly posts = this.#counter('posts_total', 'Posts of Kapacitor by what became of them', ['outcome'])
  readonly unknownEndpointPosts = this.#counter(
    'unknown_endpoint_posts_total',
    'Posts for an endpoint that is not configured',
    [],
  )
  readonly unreadablePostParts = this.#counter(
    'unreadable_post_parts_total',
    'Parts of posts that could not be read, by part; the alert was taken all the same',
    ['part'],
  )
  readonly events = this.#counter('events_total', 'Triggers and resolves made', ['kind', 'level'])
  readonly deliveries = this.#counter(
    'deliveries_total',
    'Attempts by what became of them',
    ['endpoint', 'outcome'],
    counter => {
      for (const { name: endpoint } of this.#observed?.endpoints() ?? [])
        for (const outcome of OUTCOMES) counter.inc({ endpoint, outcome }, 0)
    },
  )
  readonly coalesced = this.#counter('coalesced_events_total', 'Events that gave way to a newer one', [])
  readonly storeErrors = this.#counter(
    'store_errors_total',
    'Times the store did not do what it was asked',
    [],
  )
  readonly notReturned = this.#counter('unreturned_bytes_total', 'Bytes not handed back to Kapacitor', [
    'reason',
  ])
  readonly refusedInits = this.#counter('refused_inits_total', 'Scripts that were refused', [])
  readonly taskRevivals = this.#counter(
    'task_revivals_total',
    'Tasks that were disabled and enabled again',
    [],
  )
  readonly reloads = this.#counter('reloads_total', 'Configurations read again', ['outcome'])
  readonly malformed = this.#counter('malformed_messages_total', 'Connections ended by malformed input', [
    'code',
  ])
  readonly connections = this.#gauge('connections', 'Live connections of Kapacitor', ['task'])
  readonly deadLetters = this.#gauge('dead_letters', 'Dead letters that stand in the store', [])
  readonly durable = this.#gauge('durable', '1 while the store takes writes', [])
  readonly parked = this.#gauge(
    'parked',
    '0: no. 1: runs by the last good configuration. 2: takes no tasks',
    [],
  )
  readonly lastReloadSuccessful = this.#gauge(
    'config_last_reload_successful',
    '0 while it runs by another configuration than the one that was read last',
    [],
  )
  readonly heartbeatSilent = this.#gauge(
    'heartbeat_silent',
    '1 while no heartbeat is sent, since delivery does not work',
    [],
  )
  readonly selfIncidents = this.#gauge('self_incidents_open', 'Open incidents about the sidecar itself', [])
  readonly fallback = this.#counter('fallback_total', 'Uses of the fallback by what became of them', [
    'outcome',
  ])
  readonly deliverySeconds = this.#histogram(
    'delivery_duration_seconds',
    'One attempt, from request to answer',
    ATTEMPT_BUCKETS,
  )
  readonly latencySeconds = this.#histogram(
    'event_latency_seconds',
    'From the point read to the event accepted',
    LATENCY_BUCKETS,
  )
  readonly tasks = new TaskSeries({
    connections: this.connections,
    counters: [this.points, this.unlevelled],
  })
  #observed: Observed | undefined

  constructor() {
    this.durable.set(1)
    this.lastReloadSuccessful.set(1)
    for (const labels of EVENT_LABELS) this.events.inc(labels, 0)
    for (const outcome of ['trigger', 'resolve', 'no-event', 'refused', 'failed'])
      this.posts.inc({ outcome }, 0)
    for (const reason of ['too-long', 'not-committed-in-time', 'store-too-slow'])
      this.notReturned.inc({ reason }, 0)
    for (const outcome of ['done', 'refused']) this.reloads.inc({ outcome }, 0)
    for (const outcome of ['told', 'failed']) this.fallback.inc({ outcome }, 0)
  }

  /** Gauges that are read from the parts themselves. */
  observe(observed: Observed): void {
    this.#observed = observed
    this.#asked('open_incidents', 'Incidents that are open', [], gauge => gauge.set(observed.openIncidents()))
    this.#asked('pending_events', 'Events not delivered yet', ['endpoint'], gauge => {
      for (const { name, pending } of observed.endpoints()) gauge.set({ endpoint: name }, pending)
    })
    this.#asked('oldest_pending_seconds', 'Age of the oldest undelivered event', ['endpoint'], gauge => {
      for (const { name, oldestPendingSeconds } of observed.endpoints())
        gauge.set({ endpoint: name }, oldestPendingSeconds)
    })
    this.#asked('endpoint_up', '1 while the endpoint takes events', ['endpoint'], gauge => {
      for (const { name, isUp } of observed.endpoints()) gauge.set({ endpoint: name }, isUp ? 1 : 0)
    })
    this.#asked('endpoint_state', '1 for the state it is in', ['endpoint', 'state'], gauge => {
      for (const { name: endpoint, state: now } of observed.endpoints())
        for (const state of ENDPOINT_STATES) gauge.set({ endpoint, state }, state === now ? 1 : 0)
    })
    this.#asked('budget_requests', 'Requests a minute that may be sent', [], gauge =>
      gauge.set(observed.budget().rate),
    )
    this.#asked('budget_used_requests', 'Requests that count against them now', [], gauge =>
      gauge.set(observed.budget().used),
    )
  }

  /** Only where somebody looks after Kapacitor's tasks. */
  observeKapacitor(observed: ObservedKapacitor): void {
    this.#asked('kapacitor_up', "1 while Kapacitor's HTTP API answers", [], gauge => {
      const isReachable = observed.isReachable()
      if (isReachable === undefined) gauge.remove()
      else gauge.set(isReachable ? 1 : 0)
    })
    this.#asked('tasks', 'Tasks of Kapacitor that use the sidecar', ['state'], gauge => {
      for (const [state, count] of observed.tasks()) gauge.set({ state }, count)
    })
  }

  /** @param collect called when it is read. */
  #counter<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect?: (counter: Counter<Label>) => void,
  ): Counter<Label> {
    const counter: Counter<Label> = new Counter({
      ...{ name: PREFIX + name, help, labelNames, registers: [this.registry] },
      ...(collect && { collect: () => collect(counter) }),
    })
    return counter
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.registry] })
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name: PREFIX + name, help, buckets, registers: [this.registry] })
  }

  #asked<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect: (gauge: Gauge<Label>) => void,
  ): void {
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset()
        collect(this)
      },
    })
  }
}
