// How a parked sidecar stands: nothing is known but why. Pure.
import type { StatusView } from './status-view.ts'
import { instant } from './store-view.ts'
import { version } from './version.ts'

/** @param why a sentence without its full stop. @param now @param startedAt wall clock, ms. */
export function parkedStatus(why: string, now: number, startedAt: number): StatusView {
  const problem = {
    severity: 'critical',
    code: 'parked',
    text: `The sidecar is parked, and nobody is paged: ${why}.`,
    cure: 'Mend what it names; it is noticed within ten seconds, or by a reload.',
  } as const
  return {
    ...{ version, at: instant(now), startedAt: instant(startedAt) },
    ...{
      state: 'critical',
      sentence: problem.text,
      standing: '',
      problems: [problem],
      delivering: false,
      durable: false,
    },
    incidents: { open: 0, byLevel: {} },
    ...{ pending: 0, deadLetters: 0 },
    budget: { rate: 0, used: 0, reserved: 0 },
    ...{ endpoints: [], connections: 0, tasks: [], self: { open: 0, troubles: [] } },
  }
}
