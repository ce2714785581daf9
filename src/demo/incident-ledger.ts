// The incidents of a pretended Squadcast: what a trigger opens, what a resolve closes, what a deduplication
// rule merges. Pure: it is told the time, and it never sees a request.

export interface Alert {
  readonly kind: 'trigger' | 'resolve'
  /** The alert source's token: incidents of different services have nothing to do with one another. */
  readonly service: string
  /** Undefined: an incident that nothing can resolve. */
  readonly eventId: string | undefined
  readonly message: string
  readonly level: string | undefined
  readonly priority: string | undefined
}

export interface Incident {
  /** From 1, in the order of opening. */
  readonly number: number
  readonly service: string
  readonly eventId: string | undefined
  readonly message: string
  readonly level: string | undefined
  readonly priority: string | undefined
  /** Milliseconds, as told. */
  readonly openedAt: number
  resolvedAt: number | undefined
  /** Triggers that a deduplication rule merged into this incident. */
  merged: number
}

/** One entry for each trigger, and for a resolve one for each incident that it closed, or a single `nothing`. */
export interface HistoryEntry {
  readonly at: number
  readonly what: 'opened' | 'merged' | 'resolved' | 'nothing to resolve'
  readonly eventId: string | undefined
  readonly incident: number | undefined
}

/** Merges a trigger into an open incident of the same key that was opened no longer than `windowMs` ago. */
export interface Deduplication {
  readonly windowMs: number
  readonly key: (alert: Alert) => string
}

/** Merges a trigger that was sent twice, and lets an escalation through. */
export const byIdAndLevel = (alert: Alert): string => JSON.stringify([alert.eventId, alert.level])

/** Squadcast's own limit for one resolve. */
const RESOLVED_AT_ONCE = 100

export class IncidentLedger {
  readonly incidents: Incident[] = []
  readonly history: HistoryEntry[] = []
  readonly #deduplication: Deduplication | undefined
  readonly #openById = new Map<string, Incident[]>()
  readonly #latestByKey = new Map<string, Incident>()

  constructor(deduplication?: Deduplication) {
    this.#deduplication = deduplication
  }

  take(alert: Alert, now: number): void {
    if (alert.kind === 'resolve') this.#resolve(alert, now)
    else if (!this.#merge(alert, now)) this.#open(alert, now)
  }

  /** Open incidents, the oldest first; of all services, or with one event id. */
  open(eventId?: string): Incident[] {
    return this.incidents.filter(
      ({ resolvedAt, eventId: id }) => resolvedAt === undefined && (eventId === undefined || id === eventId),
    )
  }

  #open(alert: Alert, now: number): void {
    const { service, eventId, message, level, priority } = alert
    const incident: Incident = {
      number: this.incidents.length + 1,
      service,
      eventId,
      message,
      level,
      priority,
      openedAt: now,
      resolvedAt: undefined,
      merged: 0,
    }
    this.incidents.push(incident)
    const place = placeOf(alert)
    const open = this.#openById.get(place)
    if (open) open.push(incident)
    else this.#openById.set(place, [incident])
    if (this.#deduplication) this.#latestByKey.set(this.#keyOf(alert, this.#deduplication), incident)
    this.#note('opened', alert, incident, now)
  }

  #merge(alert: Alert, now: number): boolean {
    const rule = this.#deduplication
    const incident = rule && this.#latestByKey.get(this.#keyOf(alert, rule))
    if (!incident || incident.resolvedAt !== undefined || now - incident.openedAt > rule.windowMs)
      return false
    incident.merged += 1
    this.#note('merged', alert, incident, now)
    return true
  }

  #resolve(alert: Alert, now: number): void {
    const place = placeOf(alert)
    const open = this.#openById.get(place) ?? []
    const closed = open.splice(0, RESOLVED_AT_ONCE)
    if (open.length === 0) this.#openById.delete(place)
    for (const incident of closed) {
      incident.resolvedAt = now
      this.#note('resolved', alert, incident, now)
    }
    if (closed.length === 0) this.#note('nothing to resolve', alert, undefined, now)
  }

  #keyOf(alert: Alert, rule: Deduplication): string {
    return JSON.stringify([alert.service, rule.key(alert)])
  }

  #note(what: HistoryEntry['what'], { eventId }: Alert, incident: Incident | undefined, at: number): void {
    this.history.push({ at, what, eventId, incident: incident?.number })
  }
}

const placeOf = ({ service, eventId }: Alert): string => JSON.stringify([service, eventId])
