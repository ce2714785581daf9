// Facts of a sidecar in which nothing is wrong, and one thing or another made so.
import type { EndpointState, EndpointStatus } from '../../src/delivery/status.ts'
import type { Facts } from '../../src/watch/look.ts'

export const facts = (more: Partial<Facts> = {}): Facts => ({
  endpoints: [],
  nodes: [],
  deadLetters: { count: 0, isMore: false, hasCritical: false, newest: 0, incidents: [] },
  kapacitor: { isReachable: true, tasks: [] },
  adviceFor: () => undefined,
  ...more,
})

/** `text` of its last answer; null: none since the start. */
export const endpoint = (
  state: EndpointState,
  { name = 'ops', pending = state === 'up' ? 0 : 1, text = '404 Not Found' as string | null } = {},
): EndpointStatus => ({
  ...{ name, state, pending, inFlight: 0 },
  ...(text !== null && {
    lastAnswer: {
      at: 0,
      answer: { verdict: { kind: 'blocked' }, received: 'no', status: 404, text, latencyMs: 1 },
    },
  }),
})

export const refused = (...tasks: readonly string[]): Partial<Facts> => ({
  kapacitor: {
    isReachable: true,
    tasks: tasks.map(task => ({ task, state: 'refused', why: 'option crit: no such field' })),
  },
})
