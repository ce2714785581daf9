// Asks the daemon for something through its store, and waits for what it answers. Without a daemon the question
// stays in the store: the next start does it.
import { type InstructionKind, Instructor } from '../outbox/instructor.ts'
import { isOwned } from '../outbox/owned.ts'
import type { SystemClock } from './system-clock.ts'

/** later: no daemon runs, and the next start does it. late: one runs, and has not answered in time; it will. */
export type Reply<Answer> =
  | { readonly state: 'done'; readonly answer: Answer }
  | { readonly state: 'later' }
  | { readonly state: 'late' }

export interface Question {
  readonly kind: InstructionKind
  readonly body: unknown
}

const LOOK_EVERY_MS = 50
/** Longer than a disk that stalls for a moment. */
const PATIENCE_MS = 10_000

export const daemonRuns = isOwned

/** Rejects with StoreError, or with SQLite's own error when the disk does not take the question. */
export async function ask<Answer>(
  storePath: string,
  { kind, body }: Question,
  clock: SystemClock,
  patienceMs = PATIENCE_MS,
): Promise<Reply<Answer>> {
  const instructor = Instructor.open(storePath)
  try {
    const id = instructor.ask(kind, body, clock.wallMs())
    const until = clock.monotonicMs() + patienceMs
    for (;;) {
      const { isDone, answer } = instructor.progress(id)
      if (isDone) return { state: 'done', answer: answer as Answer }
      if (!isOwned(storePath)) return { state: 'later' }
      if (clock.monotonicMs() >= until) return { state: 'late' }
      await pause(clock, LOOK_EVERY_MS)
    }
  } finally {
    instructor.close()
  }
}

export const pause = (clock: Pick<SystemClock, 'after'>, ms: number): Promise<void> =>
  new Promise(resolve => clock.after(ms, resolve))
