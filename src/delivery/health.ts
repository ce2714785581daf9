// Whether an endpoint works, concluded from the answers of different incidents, so that one poisoned event
// never stands for all. Pure: a standing and a failure in, the next standing out. It chooses no lane.
//
// up       the last answer said that the endpoint works.
//            enters: at start; from anywhere by an answer that is delivered or refused (it read the body).
//            leaves: to doubted when an incident fails.
// doubted  one incident failed, perhaps repeatedly; the others may try, so the gate is open.
//            `down` when no other incident waits that could say more: then people are told that it is down.
//            leaves: to up, or to shut when another incident fails. New settings lead here from shut.
// shut     two different incidents failed in a row. One probe at a time, at `probeAt`.
//            leaves: to up. Each failed probe puts off the next one.
import { BLOCKED_WAIT_MS, backoffMs } from './backoff.ts'

export const CAUSES = ['failing', 'blocked'] as const
export type Cause = (typeof CAUSES)[number]

export type Standing =
  | { readonly name: 'up' }
  | {
      readonly name: 'doubted'
      readonly cause: Cause
      readonly incident: string | undefined
      readonly down: boolean
    }
  | { readonly name: 'shut'; readonly cause: Cause; readonly probes: number; readonly probeAt: number }

export const UP: Standing = { name: 'up' }

export interface Failure {
  readonly incident: string
  readonly cause: Cause
  /** The incident failed before and others got through since: this says nothing about the endpoint. */
  readonly own: boolean
  /** Every incident that waits for this endpoint has failed. */
  readonly alone: boolean
  readonly probe: boolean
  /** Monotonic, ms. */
  readonly now: number
}

export function afterFailure(standing: Standing, failure: Failure, random: () => number): Standing {
  switch (standing.name) {
    case 'up':
      if (failure.own && !failure.alone) return standing
      return doubt(failure, { incident: undefined, down: false })
    case 'doubted':
      if (failure.own || standing.incident === undefined || standing.incident === failure.incident)
        return doubt(failure, standing)
      return shut(failure, 1, random)
    case 'shut':
      // Attempts that were under way when the gate closed come home late: they say nothing about the next probe.
      return failure.probe
        ? shut(failure, standing.probes + 1, random)
        : { ...standing, cause: failure.cause }
  }
}

/** The settings changed: the gate is open, but only an answer tells that the endpoint works. */
export function afterChange(standing: Standing): Standing {
  const cause = downBecause(standing)
  return cause ? { name: 'doubted', cause, incident: undefined, down: true } : UP
}

function doubt(failure: Failure, before: { incident: string | undefined; down: boolean }): Standing {
  const incident = failure.own ? before.incident : failure.incident
  return { name: 'doubted', cause: failure.cause, incident, down: before.down || failure.alone }
}

function shut(failure: Failure, probes: number, random: () => number): Standing {
  const wait = failure.cause === 'blocked' ? BLOCKED_WAIT_MS : backoffMs(probes, random)
  return { name: 'shut', cause: failure.cause, probes, probeAt: failure.now + wait }
}

/** Why people should be told that the endpoint is down, if it is. */
export function downBecause(standing: Standing): Cause | undefined {
  if (standing.name === 'up') return undefined
  return standing.name === 'shut' || standing.down ? standing.cause : undefined
}
