// One endpoint: its lanes, its health, what is under way, and therefore which lane may go next. An endpoint
// without settings is not configured (any more): its events stay, and nothing of it is sent.
import { LONGEST_WAIT_MS } from './backoff.ts'
import type { Answer, Destination } from './destination.ts'
import { afterChange, afterFailure, type Cause, downBecause, type Standing, UP } from './health.ts'
import type { Lane } from './lane.ts'
import { Lanes } from './lanes.ts'
import type { PendingEvent } from './ledger.ts'
import type { Next } from './outcome.ts'
import { Stopwatch } from './stopwatch.ts'
import { FRESH_MS, Turns } from './turns.ts'

export interface EndpointSettings {
  readonly name: string
  readonly destination: Destination
  /** Incidents under way at the same time. */
  readonly concurrency: number
  /** Whether events that were certainly not received give way to newer ones of their incident. */
  readonly coalesce: boolean
}

export interface EndpointOptions {
  /** In [0, 1). */
  readonly random: () => number
  /** Monotonic, ms. */
  readonly now: () => number
}

export interface LastAnswer {
  /** Wall clock, ms. */
  readonly at: number
  readonly answer: Answer
}

export class Endpoint {
  readonly name: string
  readonly lanes: Lanes
  settings: EndpointSettings | undefined
  /** Of the requests of a minute, what it may have under way: one that is silent must not use them all up. */
  share = Number.POSITIVE_INFINITY
  inFlight = 0
  lastAnswer: LastAnswer | undefined
  /** Counts the turns of all endpoints: when this one had its last. */
  lastTurn = 0
  readonly #random: () => number
  readonly #now: () => number
  readonly #turns = new Turns()
  /** What waits for a closed endpoint does not wait for its turn. */
  readonly #openTime: Stopwatch
  #standing: Standing = UP
  #probe: Lane | undefined
  /** Answers that showed that the endpoint works. */
  #works = 0

  constructor(name: string, { random, now }: EndpointOptions) {
    this.name = name
    this.#random = random
    this.#now = now
    this.#openTime = new Stopwatch(now())
    this.lanes = new Lanes(() => this.#openTime.at(now()))
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

  /** The most urgent lane, if one may go now. Call `release` first. */
  mostUrgent(now: number): Lane | undefined {
    if (!this.#hasRoom(now)) return undefined
    return this.#standing.name === 'shut' ? this.lanes.nextProbe() : this.lanes.mostUrgent
  }

  /** The lane that has waited longest, if one may go now and it is no longer fresh. As a probe, only if it is its turn. */
  longestWaiting(now: number): Lane | undefined {
    if (!this.#hasRoom(now)) return undefined
    if (this.#standing.name === 'shut') return this.owesLongest ? this.lanes.longestWaitingProbe() : undefined
    const lane = this.lanes.longestWaiting
    return lane && this.#openTime.at(now) - lane.readySince >= FRESH_MS ? lane : undefined
  }

  /** Of the turns that this endpoint gets, the next is for the lane that has waited longest. */
  get owesLongest(): boolean {
    return this.#turns.isDue
  }

  #hasRoom(now: number): boolean {
    if (!this.settings || this.inFlight >= Math.min(this.settings.concurrency, this.share)) return false
    return this.#standing.name !== 'shut' || (!this.#probe && this.#standing.probeAt <= now)
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

  take(lane: Lane, turn: 'urgent' | 'longest'): void {
    this.inFlight += 1
    const isShut = this.#standing.name === 'shut'
    if (isShut) this.#probe = lane
    // Lanes that have failed are probed in turn anyway; only new ones without end could hold the others back.
    if (turn === 'longest' || !isShut || lane.failedAfter === undefined) this.#turns.took(turn)
    this.lanes.take(lane)
  }

  /** The attempt did not take place. */
  giveBack(lane: Lane): void {
    this.#land(lane)
    if (lane.place !== 'gone') this.lanes.readyAgain(lane)
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
    this.#become(afterChange(this.#standing))
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
    this.#become(UP)
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
    this.#become(afterFailure(this.#standing, failure, this.#random))
    const isShut = this.#standing.name === 'shut'
    if (isShut && !wasShut) this.lanes.holdForEndpoint()
    if (isShut && !own) {
      this.lanes.setAside(lane)
      return undefined
    }
    this.lanes.wait(lane, now + waitMs)
    return waitMs
  }

  #become(standing: Standing): void {
    this.#standing = standing
    this.#openTime.run(standing.name !== 'shut', this.#now())
  }

  #probeAt(): number | undefined {
    if (this.#standing.name !== 'shut' || this.#probe) return undefined
    if (this.lanes.hasProbe) return this.#standing.probeAt
    const dueAt = this.lanes.nextDueAt
    return dueAt === undefined ? undefined : Math.max(dueAt, this.#standing.probeAt)
  }
}
