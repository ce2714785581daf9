// What can be wrong with the sidecar itself so that a human is needed: the kinds, their names in ids, and how long each
// has to stand before somebody is told, and to be gone before that is over. Shapes and constants alone.
import { capId } from '../incident/id.ts'
import type { Level } from '../incident/level.ts'

/**
 * endpoint: nothing gets through to it. dead-letters: events that were refused for good, and that nobody has dealt with.
 * store: it is not durable. not-revived: a task that is enabled and does not run. without-levels: a task that sends points
 * without levels.
 */
export const CAUSES = ['endpoint', 'dead-letters', 'store', 'not-revived', 'without-levels'] as const
export type Cause = (typeof CAUSES)[number]

/** What is in trouble. */
export interface Subject {
  readonly cause: Cause
  /** An endpoint or a task; empty where there is but one of its kind. */
  readonly name: string
}

export interface Trouble extends Subject {
  readonly level: Exclude<Level, 0>
  /** A sentence without its full stop. */
  readonly text: string
  /** What to do; likewise. */
  readonly cure: string
  /** Higher when more of it has come. */
  readonly extent?: number
}

interface Patience {
  /** So long it stands before it is told, ms. */
  readonly standsMs: number
  /** So long it is gone before that is told, and so long a pause does not count, ms. */
  readonly goneMs: number
}

const MINUTE_MS = 60_000

export const PATIENCE: Readonly<Record<Cause, Patience>> = {
  endpoint: { standsMs: 10 * MINUTE_MS, goneMs: 2 * MINUTE_MS },
  'dead-letters': { standsMs: MINUTE_MS, goneMs: MINUTE_MS },
  store: { standsMs: MINUTE_MS, goneMs: MINUTE_MS },
  // A task that dies again and again rests for up to 10 min in between.
  'not-revived': { standsMs: 10 * MINUTE_MS, goneMs: 10 * MINUTE_MS },
  'without-levels': { standsMs: 10 * MINUTE_MS, goneMs: 10 * MINUTE_MS },
}

/** Group of the contributor, by which it is known after a restart. */
export const keyOf = ({ cause, name }: Subject): string => (name === '' ? cause : `${cause}/${name}`)

/** Undefined: of a version that knew more. */
export function subjectOf(key: string): Subject | undefined {
  const cause = CAUSES.find(known => key === known || key.startsWith(`${known}/`))
  return cause && { cause, name: key.slice(cause.length + 1) }
}

/** Each endpoint has an incident of its own; tasks of one kind share theirs, since they can be thousands. */
export const incidentOf = (host: string, { cause, name }: Subject): string =>
  capId(`kapacitor-squadcast/${host}/${cause === 'endpoint' ? `endpoint/${name}` : cause}`)
