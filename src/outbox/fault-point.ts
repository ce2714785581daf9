// Named steps at which the process ends as in a power cut, so that it can be proven that nothing is lost there.
// Nobody passes a fault in normal use, and then no step is asked for anything.

export const FAULT_POINTS = [
  /** All of a transaction is done but its commit. */
  'before-commit',
  /** It is on the disk, and nobody was told. */
  'after-commit',
  /** A claim is on the disk, and nothing was sent. */
  'after-claim',
  /** The answer is there, and nothing was made of it. */
  'after-send',
  /** The next event may be chosen, and the store does not know what became of the last. */
  'before-settle',
] as const
export type FaultPoint = (typeof FAULT_POINTS)[number]

export interface AwaitedFault {
  readonly point: FaultPoint
  /** The process ends when it comes there for this time, from 1. */
  readonly passing: number
}

export type Reach = (point: FaultPoint) => void

/** Counts how often the point is reached, in this thread. */
export function reachOf({ point, passing }: AwaitedFault, end: () => void): Reach {
  let count = 0
  return reached => {
    if (reached === point && ++count === passing) end()
  }
}
