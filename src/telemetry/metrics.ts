// What is counted, with Prometheus's names. Labels come from closed unions, or name a task or an endpoint.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

const PREFIX = 'kapacitor_squadcast_'

/** What gauges ask for when they are read. */
export interface Observed {
  openIncidents(): number
  endpoints(): readonly {
    readonly name: string
    readonly pending: number
    readonly oldestPendingSeconds: number
    readonly isUp: boolean
  }[]
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
  readonly events = this.#counter('events_total', 'Triggers and resolves made', ['kind', 'level'])
  readonly deliveries = this.#counter('deliveries_total', 'Attempts by what became of them', [
    'endpoint',
    'outcome',
  ])
  readonly coalesced = this.#counter('coalesced_events_total', 'Events that gave way to a newer one', [])
  readonly storeErrors = this.#counter('store_errors_total', 'Times the store took no writes', [])
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
  readonly deadLetters = this.#gauge('dead_letters', 'Events that were refused for good since the start', [])
  readonly durable = this.#gauge('durable', '1 while the store takes writes', [])
  readonly parked = this.#gauge(
    'parked',
    '0: no. 1: runs by the last good configuration. 2: takes no tasks',
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
  )
  readonly latencySeconds = this.#histogram(
    'event_latency_seconds',
    'From the point read to the event accepted',
  )

  constructor() {
    this.durable.set(1)
    this.parked.set(0)
    this.heartbeatSilent.set(0)
    this.selfIncidents.set(0)
    for (const outcome of ['told', 'failed']) this.fallback.inc({ outcome }, 0)
    this.deadLetters.set(0)
  }

  /** Gauges that are read from the parts themselves. */
  observe(observed: Observed): void {
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
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.registry] })
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: [this.registry] })
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({
      name: PREFIX + name,
      help,
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
      registers: [this.registry],
    })
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
