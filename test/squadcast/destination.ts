// The destination under test, between a real receiver and a clock of the test's, and what an attempt is asked for.
import type { ExecutionContext } from 'ava'
import type { Clock } from '../../src/delivery/clock.ts'
import type { Destination, SendOptions } from '../../src/delivery/destination.ts'
import { createSquadcast, type SquadcastEndpoint } from '../../src/squadcast/squadcast.ts'
import { stillClock } from './clocks.ts'

export const PATH = '/v2/incidents/kapacitor/KEY-0123'

export const full: SendOptions = { bare: false, lateByMs: 0, signal: new AbortController().signal }

/** Closed when the test ends. */
export function squadcast(
  t: ExecutionContext,
  url: string,
  endpoint: Partial<SquadcastEndpoint> = {},
  clock: Clock = stillClock,
): Destination {
  const destination = createSquadcast(
    {
      url,
      format: 'kapacitor',
      timeoutMs: 5_000,
      concurrency: 4,
      headers: {},
      priorityByLevel: {},
      env: {},
      ...endpoint,
    },
    clock,
  )
  t.teardown(() => destination.close())
  return destination
}
