// What a check comes to: one line for a person or a machine, with what to do about it. Shapes alone.
import type { SystemClock } from '../system-clock.ts'

/** In the order in which they are told. */
export const LAYERS = [
  'configuration',
  'sockets',
  'store',
  'secrets',
  'endpoints',
  'kapacitor',
  'kapacitor-conf',
  'tickscripts',
] as const
export type Layer = (typeof LAYERS)[number]

/** warned: it works, and something about it should be different. */
export type Outcome = 'passed' | 'warned' | 'failed' | 'skipped'

export interface Finding {
  readonly layer: Layer
  /** What was looked at, by a name that stays: `stream-socket-answer`. */
  readonly check: string
  readonly outcome: Outcome
  /** Of what is skipped the reason. */
  readonly says: string
  /** What to do. */
  readonly fix?: string
}

export interface CheckAround {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: SystemClock
  /** Others can be tried as, instead of asked about. */
  readonly isRoot: boolean
  readonly kapacitorUser: string
  readonly serviceUser: string
}

type Says = (check: string, says: string, fix?: string) => Finding

/** One layer's findings, by outcome. */
export function findingsOf(layer: Layer): Readonly<Record<Outcome, Says>> {
  const as =
    (outcome: Outcome): Says =>
    (check, says, fix) => ({ layer, check, outcome, says, ...(fix !== undefined && { fix }) })
  return { passed: as('passed'), warned: as('warned'), failed: as('failed'), skipped: as('skipped') }
}

/** Anything that a machine did not answer in this time is told as such. */
export const PATIENCE_MS = 5000
