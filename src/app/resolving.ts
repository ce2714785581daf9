// Resolves an incident by hand, from a command: finds which one is meant, and asks the daemon.
import { ask, type Reply } from './asking.ts'
import type { Failed, ResolveAnswer } from './instruction-forms.ts'
import { openStore } from './store-view.ts'
import type { SystemClock } from './system-clock.ts'

export type Resolving =
  | { readonly found: 'none' }
  | { readonly found: 'several'; readonly endpoints: readonly string[] }
  | { readonly found: 'muted'; readonly endpoint: string }
  | { readonly found: 'one'; readonly endpoint: string; readonly reply: Reply<ResolveAnswer | Failed> }

const MOST_ENDPOINTS = 100

/** Rejects with StoreError. @param endpoint needed where the id is open at several. */
export async function resolveByHand(
  storePath: string,
  { id, endpoint }: { readonly id: string; readonly endpoint?: string | undefined },
  clock: SystemClock,
): Promise<Resolving> {
  const store = openStore(storePath)
  const open = store.incidents(
    { isOpen: true, id, ...(endpoint !== undefined && { endpoint }) },
    { limit: MOST_ENDPOINTS },
  )
  store.close()
  const [one, ...others] = open
  if (!one) return { found: 'none' }
  if (others.length > 0)
    return { found: 'several', endpoints: open.map(incident => incident.endpoint).sort() }
  if (one.mutedAt !== null) return { found: 'muted', endpoint: one.endpoint }
  const body = { endpoint: one.endpoint, incident: id }
  const reply = await ask<ResolveAnswer | Failed>(storePath, { kind: 'resolve', body }, clock)
  return { found: 'one', endpoint: one.endpoint, reply }
}
