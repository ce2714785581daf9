// All endpoints by name, configured or not, and the choice among them: which lanes go next within the budget.
// It claims and sends nothing.
//
// Who goes next: of the turns of each endpoint one in TURNS is for its longest wait, the others for what is most urgent
// there. Between endpoints the most urgent goes first, but one turn in TURNS is for the longest wait of the endpoint that
// has gone longest without a turn.
import type { Destination } from './destination.ts'
import { Endpoint, type EndpointOptions, type EndpointSettings } from './endpoint.ts'
import type { Lane } from './lane.ts'
import type { PendingEvent } from './ledger.ts'
import type { Pacing } from './pacing.ts'
import { Turns } from './turns.ts'
import { byUrgency, isCritical } from './urgency.ts'

/** A lane that was chosen; `event` is its head. */
export interface Pick {
  readonly endpoint: Endpoint
  readonly lane: Lane
  readonly event: PendingEvent
}

export class Endpoints {
  readonly #byName = new Map<string, Endpoint>()
  readonly #options: EndpointOptions
  readonly #turns = new Turns()
  #turn = 0

  constructor(options: EndpointOptions) {
    this.#options = options
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
    const endpoint = new Endpoint(name, this.#options)
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

  /** Takes every lane that may go now, in turn, and lets each count for the budget. */
  pick(pacing: Pacing, now: number): Pick[] {
    const picks: Pick[] = []
    for (let urgent = this.#mostUrgent(now); urgent; urgent = this.#mostUrgent(now)) {
      const pick = this.#due(urgent, pacing, now)
      if (!pick) break
      pacing.begin(isCritical(pick.event))
      pick.endpoint.lastTurn = ++this.#turn
      picks.push(pick)
    }
    return picks
  }

  /** Takes the lane whose turn it is, if the budget has room for it; else the most urgent one. */
  #due(urgent: Pick, pacing: Pacing, now: number): Pick | undefined {
    const mayGo = ({ event }: Pick) =>
      isCritical(urgent.event) && !isCritical(event)
        ? pacing.isFreeAmongCritical(now)
        : pacing.isFree(isCritical(event), now)
    const among = this.#turns.isDue ? this.#longestWithoutTurn(now) : undefined
    const within = urgent.endpoint.owesLongest ? longestOf(urgent.endpoint, now) : undefined
    const longest = [among, within].find(pick => pick && mayGo(pick))
    const pick = longest ?? (mayGo(urgent) ? urgent : undefined)
    if (!pick) return undefined
    this.#turns.took(pick === among ? 'longest' : 'urgent')
    pick.endpoint.take(pick.lane, pick === longest ? 'longest' : 'urgent')
    return pick
  }

  /** When time alone may let something go, after `pick` has taken what could. */
  wakeAt(pacing: Pacing, now: number): number | undefined {
    const next = this.#mostUrgent(now)
    const free = next && pacing.nextFreeAt(isCritical(next.event), now)
    const moments = [free, ...this.all().map(endpoint => endpoint.wakeAt(now))]
    return earliest(moments)
  }

  /** The longest wait at the endpoint that has gone longest without a turn, of those that have one. */
  #longestWithoutTurn(now: number): Pick | undefined {
    let best: Pick | undefined
    for (const endpoint of this.#byName.values()) {
      if (best && best.endpoint.lastTurn <= endpoint.lastTurn) continue
      best = longestOf(endpoint, now) ?? best
    }
    return best
  }

  #mostUrgent(now: number): Pick | undefined {
    let best: Pick | undefined
    for (const endpoint of this.#byName.values()) {
      const lane = endpoint.mostUrgent(now)
      if (lane && (!best || byUrgency(lane.head, best.event) < 0)) best = { endpoint, lane, event: lane.head }
    }
    return best
  }
}

function longestOf(endpoint: Endpoint, now: number): Pick | undefined {
  const lane = endpoint.longestWaiting(now)
  return lane && { endpoint, lane, event: lane.head }
}

function earliest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter(moment => moment !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
