// How a daemon is made to end: at a named step, at any moment of its work, while it starts, or while it stops. Every
// other death is at a step, each in turn.
import { FAULT_POINTS, type FaultPoint } from '../../src/outbox/fault-point.ts'
import type { Chance } from '../udf/fuzz/chance.ts'

export type Death =
  | { readonly how: 'at'; readonly point: FaultPoint; readonly passing: number }
  | { readonly how: 'working' | 'starting'; readonly afterMs: number }
  /** Told to stop, it is given some time, and may be done before that is over. */
  | { readonly how: 'stopping'; readonly afterMs: number; readonly givenMs: number }

const MOST_PASSINGS = 40
/** Of the first deaths: so early that even a slow machine gets there. */
const EARLY = { deaths: 10, passings: 12 }
const MOST_WORK_MS = 600
const MOST_START_MS = 400
const MOST_STOP_MS = 250

export function deathOf(index: number, chance: Chance): Death {
  if (index % 2 === 0) {
    const point = FAULT_POINTS[(index / 2) % FAULT_POINTS.length]!
    return {
      how: 'at',
      point,
      passing: 1 + chance.below(index < EARLY.deaths ? EARLY.passings : MOST_PASSINGS),
    }
  }
  if (chance.oneIn(6)) return { how: 'starting', afterMs: chance.below(MOST_START_MS) }
  const afterMs = chance.below(MOST_WORK_MS)
  if (chance.oneIn(5)) return { how: 'stopping', afterMs, givenMs: chance.below(MOST_STOP_MS) }
  return { how: 'working', afterMs }
}

export const nameOf = (death: Death): string => (death.how === 'at' ? death.point : death.how)
