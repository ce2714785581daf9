// Sends dead letters again or discards them, from a command: what would happen, or what the daemon did.
import type { Objection, Selection } from '../outbox/dead-letter-rows.ts'
import type { RedeliveryAnswer, RedeliveryBody } from '../outbox/redeliver.ts'
import { ask, type Reply } from './asking.ts'
import { type DeadLetterView, everyDeadLetter, objectionText } from './dead-letters.ts'
import type { Failed } from './instruction-forms.ts'
import { openStore } from './store-view.ts'
import type { SystemClock } from './system-clock.ts'

export interface Redelivering {
  readonly action: 'retry' | 'discard'
  readonly selection: Selection
  readonly force: boolean
}

/** A million of them take a while. */
const PATIENCE_MS = 60_000

/** What would be done, one by one. */
export function* rehearse(
  storePath: string,
  { action, selection, force }: Redelivering,
): Generator<DeadLetterView> {
  const store = openStore(storePath)
  try {
    for (const letter of everyDeadLetter(store, selection)) {
      const { objection: _, ...without } = letter
      yield action === 'discard' || force ? without : letter
    }
  } finally {
    store.close()
  }
}

/** Rejects with StoreError. */
export function redeliver(
  storePath: string,
  { action, selection, force }: Redelivering,
  clock: SystemClock,
): Promise<Reply<RedeliveryAnswer | Failed>> {
  const body: RedeliveryBody = { selection, ...(force && { force }) }
  return ask<RedeliveryAnswer | Failed>(storePath, { kind: action, body }, clock, PATIENCE_MS)
}

export const whyRefused = (objection: Objection): string => objectionText(objection)
