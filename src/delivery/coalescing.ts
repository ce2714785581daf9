// Applies the rules of coalescing to a lane of an endpoint that wants it: what gives way leaves the lane, is
// told, and comes back as settlements for the store.
import { coalesce } from './coalesce.ts'
import type { Endpoint } from './endpoint.ts'
import type { DeliveryHappenings } from './happenings.ts'
import type { Lane } from './lane.ts'
import type { CoalescedSettlement } from './ledger.ts'

export function coalesceLane(
  endpoint: Endpoint,
  lane: Lane,
  { at, happened }: { readonly at: number; readonly happened: DeliveryHappenings },
): CoalescedSettlement[] {
  if (!endpoint.settings?.coalesce) return []
  const busy = lane.place === 'busy'
  const dropped = busy ? coalesce(lane.events.slice(1), lane.head) : coalesce(lane.events)
  if (dropped.length === 0) return []
  endpoint.lanes.remove(lane, new Set(dropped.map(({ event }) => event)))
  return dropped.map(({ event, by }) => {
    happened.coalesced({ endpoint: endpoint.name, event, by })
    return { kind: 'coalesced', seq: event.seq, by, at }
  })
}
