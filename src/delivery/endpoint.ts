// One endpoint: its lanes, its health, what is under way, and therefore which lane may go next. An endpoint
// without settings is not configured (any more): its events stay, and nothing of it is sent.
import { LONGEST_WAIT_MS } from './backoff.ts'
import type { Answer, Destination } from './destination.ts'
import { afterChange, afterFailure, type Cause, downBecause, type Standing, UP } from './health.ts'
import type { Lane } from './lane.ts'
import { Lanes } from './lanes.ts'
import type { PendingEvent } from './ledger.ts'
import type { Next } from './outcome.ts'

export interface EndpointSettings {
  readonly name: string
  readonly destination: Destination
  /** Incidents under way at the same time. */
  readonly concurrency: number
  /** Whether events that were certainly not received give way to newer ones of their incident. */
  readonly coalesce: boolean
}

export interface LastAnswer {
  /** Wall clock, ms. */
  readonly at: number
  readonly answer: Answer
}

export class Endpoint {
  readonly name: string
  readonly lanes = new Lanes()
  settings: EndpointSettings | undefined
  /** Of the requests of a minute, what it may have under way: one that is silent must not use them all up. */
  share = Number.POSITIVE_INFINITY
  inFlight = 0
  lastAnswer: LastAnswer | undefined
  readonly #random: () => number
  #standing: Standing = UP
  #probe: Lane | undefined
  /** Answers that showed that the endpoint works. */
  #works = 0

  constructor(name: string, random: () => number) {
    this.name = name
    this.#random = random
  }

  get downBecause(): Cause | undefined {
    return downBecause(this.#standing)
  }

  /** Goes to the end of its lane. A retry that was stored before a restart keeps its time. */
  add(event: PendingEvent, { now, wallMs }: { now: number; wallMs: number }): Lane {
    const lane = this.lanes.add(event)
    if (lane.head !== event) return lane
    if (event.attempts > 0) this.lanes.fail(lane, this.#works)
    const wait = event.dueAt === undefined ? 0 : Math.min(event.dueAt - wallMs, LONGEST_WAIT_MS)
    if (wait > 0) this.lanes.wait(lane, now + wait)
    return lane
  }

  /** Takes an event out again, unless it is being claimed or under way. */
  withdraw(event: PendingEvent): void {
    const lane = this.lanes.of(event.incident)
    if (!lane?.events.includes(event) || (lane.place === 'busy' && lane.head === event)) return
    this.lanes.remove(lane, new Set([event]))
  }

  /** The lane to send next, if one may go now. Call `release` first. */
  candidate(now: number): Lane | undefined {
    if (!this.settings || this.inFlight >= Math.min(this.settings.concurrency, this.share)) return undefined
    if (this.#standing.name !== 'shut') return this.lanes.mostUrgent
    if (this.#probe || this.#standing.probeAt > now) return undefined
    return this.lanes.nextProbe()
  }

  /** When time alone may bring another candidate. */
  wakeAt(now: number): number | undefined {
    if (!this.settings) return undefined
    const moments = [this.lanes.nextDueAt, this.#probeAt()].filter(at => at !== undefined && at > now)
    return moments.length > 0 ? Math.min(...(moments as number[])) : undefined
  }

  /** When something is tried again, if nothing may be tried now. */
  nextTryAt(): number | undefined {
    if (this.#standing.name === 'shut') return this.#probeAt()
    return this.lanes.mostUrgent ? undefined : this.lanes.nextDueAt
  }

  take(lane: Lane): void {
    this.inFlight += 1
    if (this.#standing.name === 'shut') this.#probe = lane
    this.lanes.take(lane)
  }

  /** The attempt did not take place. */
  giveBack(lane: Lane): void {
    this.#land(lane)
    if (lane.place !== 'gone') this.lanes.ready(lane)
  }

  /**
   * An attempt has its answer: the lane goes where it belongs. Returns how long it waits for itself (ms), or
   * undefined when it waits for nothing but its turn.
   */
  answered(lane: Lane, next: Next, now: number): number | undefined {
    const probe = this.#land(lane)
    if (next.kind === 'later') return this.#failed(lane, next, { now, probe })
    if (next.kind === 'gone') this.lanes.remove(lane, new Set([lane.head]))
    if (next.kind === 'again') this.lanes.forgive(lane)
    if (lane.place !== 'gone') this.lanes.ready(lane)
    if (next.kind !== 'hold') this.#worked()
    return undefined
  }

  /** New settings: whatever was wrong may be right now, so everything may be tried at once. */
  startAfresh(): void {
    this.#standing = afterChange(this.#standing)
    this.lanes.release(Number.POSITIVE_INFINITY)
    this.lanes.resume()
  }

  /** True when the lane was the probe. */
  #land(lane: Lane): boolean {
    this.inFlight -= 1
    const probe = this.#probe === lane
    if (probe) this.#probe = undefined
    return probe
  }

  #worked(): void {
    this.#works += 1
    const wasShut = this.#standing.name === 'shut'
    this.#standing = UP
    if (wasShut) this.lanes.resume()
  }

  #failed(
    lane: Lane,
    { cause, waitMs }: Extract<Next, { kind: 'later' }>,
    { now, probe }: { now: number; probe: boolean },
  ): number | undefined {
    this.lanes.fail(lane, this.#works)
    const { incident, ownFault: own } = lane
    const failure = { incident, cause, own, alone: this.lanes.allFailing, probe, now }
    const wasShut = this.#standing.name === 'shut'
    this.#standing = afterFailure(this.#standing, failure, this.#random)
    const isShut = this.#standing.name === 'shut'
    if (isShut && !wasShut) this.lanes.holdForEndpoint()
    if (isShut && !own) {
      this.lanes.setAside(lane)
      return undefined
    }
    this.lanes.wait(lane, now + waitMs)
    return waitMs
  }

  #probeAt(): number | undefined {
    if (this.#standing.name !== 'shut' || this.#probe) return undefined
    if (this.lanes.hasProbe) return this.#standing.probeAt
    const dueAt = this.lanes.nextDueAt
    return dueAt === undefined ? undefined : Math.max(dueAt, this.#standing.probeAt)
  }
}
