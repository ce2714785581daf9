// All endpoints by name, configured or not, and the choice among them: which lanes go next within the budget.
// It claims and sends nothing.
import type { Destination } from './destination.ts'
import { Endpoint, type EndpointSettings } from './endpoint.ts'
import type { Lane } from './lane.ts'
import type { PendingEvent } from './ledger.ts'
import type { Pacing } from './pacing.ts'
import { byUrgency, isCritical } from './urgency.ts'

/** A lane that was chosen; `event` is its head. */
export interface Pick {
  readonly endpoint: Endpoint
  readonly lane: Lane
  readonly event: PendingEvent
}

export class Endpoints {
  readonly #byName = new Map<string, Endpoint>()
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  all(): Endpoint[] {
    return [...this.#byName.values()]
  }

  known(name: string): Endpoint | undefined {
    return this.#byName.get(name)
  }

  /** Makes one for a name that is not configured: its events are kept. */
  named(name: string): Endpoint {
    const known = this.#byName.get(name)
    if (known) return known
    const endpoint = new Endpoint(name, this.#random)
    this.#byName.set(name, endpoint)
    return endpoint
  }

  /** Endpoints that are left out are no longer configured, and forgotten when nothing waits for them. */
  configure(settings: readonly EndpointSettings[], rate: number): void {
    for (const endpoint of this.#byName.values()) endpoint.settings = undefined
    for (const one of settings) this.named(one.name).settings = one
    const share = Math.max(1, Math.floor(rate / settings.length))
    for (const endpoint of this.#byName.values()) {
      endpoint.share = share
      endpoint.startAfresh()
      if (!endpoint.settings && endpoint.lanes.pending === 0) this.#byName.delete(endpoint.name)
    }
  }

  destinations(): Destination[] {
    return this.all().flatMap(({ settings }) => settings?.destination ?? [])
  }

  release(now: number): void {
    for (const endpoint of this.#byName.values()) endpoint.lanes.release(now)
  }

  /** Takes every lane that may go now, the most urgent first, and lets each count for the budget. */
  pick(pacing: Pacing, now: number): Pick[] {
    const picks: Pick[] = []
    for (let next = this.#mostUrgent(now); next; next = this.#mostUrgent(now)) {
      if (!pacing.isFree(isCritical(next.event), now)) break
      pacing.begin()
      next.endpoint.take(next.lane)
      picks.push(next)
    }
    return picks
  }

  /** When time alone may let something go, after `pick` has taken what could. */
  wakeAt(pacing: Pacing, now: number): number | undefined {
    const next = this.#mostUrgent(now)
    const free = next && pacing.nextFreeAt(isCritical(next.event), now)
    const moments = [free, ...this.all().map(endpoint => endpoint.wakeAt(now))]
    return earliest(moments)
  }

  #mostUrgent(now: number): Pick | undefined {
    let best: Pick | undefined
    for (const endpoint of this.#byName.values()) {
      const lane = endpoint.candidate(now)
      if (lane && (!best || byUrgency(lane.head, best.event) < 0)) best = { endpoint, lane, event: lane.head }
    }
    return best
  }
}

function earliest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter(moment => moment !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
