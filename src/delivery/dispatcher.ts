// Delivery as the rest of the sidecar sees it: takes committed events and sees each to its end. It owns the
// moment of the next step; the steps themselves are in the files it puts together.
import { Aftermath } from './aftermath.ts'
import { Alarm } from './alarm.ts'
import { type AttemptListener, Attempts } from './attempts.ts'
import type { Clock } from './clock.ts'
import { coalesceLane } from './coalescing.ts'
import type { Endpoint, EndpointSettings } from './endpoint.ts'
import { Endpoints } from './endpoints.ts'
import type { DeliveryHappenings } from './happenings.ts'
import type { Lane } from './lane.ts'
import type { DeliveryLedger, Outage, PastAttempt, PendingEvent } from './ledger.ts'
import { Outages } from './outages.ts'
import { Pacing } from './pacing.ts'
import { Settlements } from './settlements.ts'
import { type DeliveryStatus, type LaneStatus, laneStatusOf, statusOf } from './status.ts'

/** How long a store that took no claim is left alone. */
const CLAIM_AGAIN_MS = 1_000

export interface DispatcherSettings {
  readonly endpoints: readonly EndpointSettings[]
  /** Requests in any minute, over all endpoints. */
  readonly rate: number
}

export interface DispatcherOptions extends DispatcherSettings {
  /** `load` will be called, and what is offered before waits for it: it comes after what `load` brings. */
  readonly awaitsLoad?: boolean
  readonly ledger: DeliveryLedger
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly happened: DeliveryHappenings
}

export class Dispatcher {
  readonly #clock: Clock
  readonly #happened: DeliveryHappenings
  readonly #endpoints: Endpoints
  readonly #pacing: Pacing
  readonly #settlements: Settlements
  readonly #aftermath: Aftermath
  readonly #attempts: Attempts
  readonly #outages: Outages
  readonly #alarm: Alarm
  readonly #deadListeners: ((event: PendingEvent) => void)[] = []
  /** What was offered before `load`; undefined: nothing waits for that. */
  #early: PendingEvent[] | undefined
  #claimAgainAt = 0
  #stopped: Promise<void> | undefined

  constructor({ endpoints, rate, ledger, clock, random, happened, awaitsLoad }: DispatcherOptions) {
    this.#early = awaitsLoad ? [] : undefined
    this.#clock = clock
    this.#endpoints = new Endpoints({ random, now: () => clock.monotonicMs() })
    this.#endpoints.configure(endpoints, rate)
    this.#outages = new Outages({
      ledger,
      happened,
      wallMs: () => clock.wallMs(),
      waiting: name => this.#endpoints.known(name)?.lanes,
    })
    this.#happened = this.#outages.heard(happened)
    this.#pacing = new Pacing(rate)
    this.#settlements = new Settlements(ledger, happened)
    this.#alarm = new Alarm(clock, () => this.#step())
    this.#aftermath = new Aftermath({
      clock,
      random,
      happened: this.#happened,
      pacing: this.#pacing,
      settlements: this.#settlements,
      onDead: event => {
        for (const tell of this.#deadListeners) tell(event)
      },
    })
    this.#attempts = new Attempts({ ledger, clock, pacing: this.#pacing, listener: this.#listener() })
  }

  /** Called with each trigger that became a dead letter: its incident counts as not told. */
  onDead(listener: (event: PendingEvent) => void): void {
    this.#deadListeners.push(listener)
  }

  /**
   * Once, at start: what a former run left, in order of `seq`, what it sent in the last minute, and outages that
   * were not over.
   */
  load(
    pending: readonly PendingEvent[],
    recentAttempts: readonly PastAttempt[],
    outages: readonly Outage[] = [],
  ): void {
    this.#pacing.restore(recentAttempts, this.#clock.wallMs(), this.#clock.monotonicMs())
    this.#outages.load(outages, pending.at(-1)?.seq ?? 0)
    const early = this.#early ?? []
    this.#early = undefined
    this.offer([...pending, ...early])
  }

  /** New events, in order of `seq`. Each is committed, or its commit was asked of the ledger before. */
  offer(events: readonly PendingEvent[]): void {
    if (this.#early) {
      this.#early = this.#early.concat(events)
      return
    }
    const at = { now: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() }
    const touched = new Map<Lane, Endpoint>()
    for (const event of events) {
      const endpoint = this.#endpoints.named(event.endpoint)
      const lane = endpoint.add(event, at)
      // Alone nothing gives way to it: a hundred thousand of these are there at once at a start.
      if (lane.events.length > 1) touched.set(lane, endpoint)
    }
    const options = { at: at.wallMs, happened: this.#happened }
    this.#settlements.add([...touched].flatMap(([lane, endpoint]) => coalesceLane(endpoint, lane, options)))
    this.#step()
  }

  /** Takes back what was offered and was not committed. What is being claimed is found out by its claim. */
  withdraw(events: readonly PendingEvent[]): void {
    this.#early = this.#early?.filter(event => !events.includes(event))
    for (const event of events) this.#endpoints.known(event.endpoint)?.withdraw(event)
    this.#step()
  }

  /**
   * From now on these settings hold; endpoints that are left out keep their events. Resolves when every
   * destination that was replaced has given its last answer and is closed.
   */
  async reconfigure({ endpoints, rate }: DispatcherSettings): Promise<void> {
    const before = this.#endpoints.destinations()
    this.#endpoints.configure(endpoints, rate)
    this.#pacing.setRate(rate)
    this.#step()
    const kept = new Set(this.#endpoints.destinations())
    const replaced = before.filter(destination => !kept.has(destination))
    await Promise.all(replaced.map(destination => this.#attempts.retire(destination)))
  }

  status(): DeliveryStatus {
    return statusOf(this.#endpoints.all(), this.#pacing, this.#clock)
  }

  /** What waits of one incident; undefined: nothing. */
  waiting(endpoint: string, incident: string): LaneStatus | undefined {
    const lane = this.#endpoints.known(endpoint)?.lanes.of(incident)
    return lane && laneStatusOf(lane, this.#clock)
  }

  /**
   * Starts no new attempt, gives those under way `graceMs` and then breaks them off. Resolves when all of it
   * is settled and the destinations are closed. May be called twice.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#stop(graceMs)
    return this.#stopped
  }

  async #stop(graceMs: number): Promise<void> {
    this.#alarm.clear()
    const cancel = this.#clock.after(graceMs, () => this.#attempts.abort())
    await this.#attempts.stop()
    cancel()
    await this.#settlements.written()
    await Promise.allSettled(this.#endpoints.destinations().map(destination => destination.close()))
  }

  /** Sends what may be sent now, and sets the alarm for what may be sent later. */
  #step(): void {
    this.#outages.check()
    if (this.#stopped || this.#attempts.isClaiming) return
    const now = this.#clock.monotonicMs()
    this.#endpoints.release(now)
    if (now < this.#claimAgainAt) {
      this.#alarm.set(this.#claimAgainAt)
      return
    }
    const picks = this.#endpoints.pick(this.#pacing, now)
    if (picks.length > 0) this.#attempts.start(picks)
    else this.#alarm.set(this.#endpoints.wakeAt(this.#pacing, now))
  }

  #listener(): AttemptListener {
    return {
      answered: (attempt, answer) => {
        this.#aftermath.answered(attempt, answer)
        this.#step()
      },
      aborted: (attempt, latencyMs) => this.#aftermath.aborted(attempt, latencyMs),
      unsent: attempt => this.#aftermath.unsent(attempt),
      vanished: ({ endpoint, lane, event }) => {
        endpoint.lanes.remove(lane, new Set([event]))
        endpoint.giveBack(lane)
      },
      notClaimed: (picks, error) => {
        for (const { endpoint, lane } of picks) endpoint.giveBack(lane)
        this.#claimAgainAt = this.#clock.monotonicMs() + CLAIM_AGAIN_MS
        this.#happened.claimFailed({ error, retryInMs: CLAIM_AGAIN_MS })
      },
      mayClaim: () => this.#step(),
    }
  }
}
