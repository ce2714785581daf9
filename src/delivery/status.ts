// What the status page and the metrics ask of delivery: plain values, made on demand. Moments are by the wall
// clock.
import type { Clock } from './clock.ts'
import type { Endpoint, LastAnswer } from './endpoint.ts'
import type { Lane } from './lane.ts'
import type { BudgetStatus, Pacing } from './pacing.ts'
import { isCritical } from './urgency.ts'

/** `removed`: no longer configured; its events are kept. */
export const ENDPOINT_STATES = ['up', 'failing', 'blocked', 'limited', 'removed'] as const
export type EndpointState = (typeof ENDPOINT_STATES)[number]

export interface EndpointStatus {
  readonly name: string
  readonly state: EndpointState
  /** Undelivered events, those under way included. */
  readonly pending: number
  readonly inFlight: number
  readonly oldestCreatedAt?: number
  /** When something is tried again, while nothing may be tried now. */
  readonly nextTryAt?: number
  readonly lastAnswer?: LastAnswer
}

/** What waits of one incident. */
export interface LaneStatus {
  /** Undelivered events. */
  readonly pending: number
  /** Of the first of them. */
  readonly attempts: number
  readonly isUnderWay: boolean
  /** When it is tried again, where it waits for a time of its own; wall clock, ms. */
  readonly nextTryAt?: number
}

export interface DeliveryStatus {
  readonly endpoints: readonly EndpointStatus[]
  readonly budget: BudgetStatus
  /** After a 429, nobody sends before then. */
  readonly limitedUntil?: number
}

/** What is committed reaches Squadcast. A rate that is used up is no trouble; an endpoint that is away is. */
export const deliveryWorks = ({ endpoints }: DeliveryStatus): boolean =>
  endpoints.every(({ state, pending }) =>
    state === 'removed' ? pending === 0 : state === 'up' || state === 'limited',
  )

export function statusOf(endpoints: readonly Endpoint[], pacing: Pacing, clock: Clock): DeliveryStatus {
  const now = clock.monotonicMs()
  const offset = clock.wallMs() - now
  const heldUntil = pacing.heldUntil(now)
  return {
    endpoints: endpoints.map(endpoint => endpointStatus(endpoint, { pacing, now, offset })),
    budget: pacing.status(now),
    ...(heldUntil === undefined ? {} : { limitedUntil: heldUntil + offset }),
  }
}

export function laneStatusOf({ events, head, place, dueAt }: Lane, clock: Clock): LaneStatus {
  const toWall = clock.wallMs() - clock.monotonicMs()
  return {
    pending: events.length,
    attempts: head.attempts,
    isUnderWay: place === 'busy',
    ...(place === 'waiting' && { nextTryAt: dueAt + toWall }),
  }
}

interface Moment {
  readonly pacing: Pacing
  readonly now: number
  /** From the monotonic clock to the wall clock. */
  readonly offset: number
}

function endpointStatus(endpoint: Endpoint, moment: Moment): EndpointStatus {
  const { name, inFlight, lanes, lastAnswer } = endpoint
  const oldest = lanes.oldest
  const nextTryAt = nextTry(endpoint, moment)
  return {
    name,
    state: stateOf(endpoint, moment),
    pending: lanes.pending,
    inFlight,
    ...(oldest ? { oldestCreatedAt: oldest.createdAt } : {}),
    ...(nextTryAt === undefined ? {} : { nextTryAt: nextTryAt + moment.offset }),
    ...(lastAnswer ? { lastAnswer } : {}),
  }
}

function stateOf({ settings, downBecause }: Endpoint, { pacing, now }: Moment): EndpointState {
  if (!settings) return 'removed'
  return downBecause ?? (pacing.heldUntil(now) === undefined ? 'up' : 'limited')
}

/** The later of what the endpoint waits for and what the whole organisation waits for. */
function nextTry(endpoint: Endpoint, { pacing, now }: Moment): number | undefined {
  if (!endpoint.settings || endpoint.lanes.pending === 0) return undefined
  const head = endpoint.lanes.mostUrgent?.head
  const moments = [
    endpoint.nextTryAt(),
    head && pacing.nextFreeAt(isCritical(head), now),
    pacing.heldUntil(now),
  ]
  const latest = Math.max(...moments.map(at => at ?? now))
  return latest > now ? latest : undefined
}
