// A dispatcher among fakes: a clock, a ledger and scripted destinations, and a record of what it told.
import { Dispatcher, type DispatcherOptions } from '../../src/delivery/dispatcher.ts'
import type { EndpointSettings } from '../../src/delivery/endpoint.ts'
import type { DeliveryHappenings } from '../../src/delivery/happenings.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { FakeClock, settled } from '../fakes/clock.ts'
import { MemoryLedger } from './memory-ledger.ts'
import type { ScriptedDestination } from './scripted-destination.ts'

type Told = { readonly what: keyof DeliveryHappenings; readonly [detail: string]: unknown }

/** Writes down every happening, in order. */
export function recorder(told: Told[]): DeliveryHappenings {
  const names: (keyof DeliveryHappenings)[] = [
    'attempted',
    'delivered',
    'retrying',
    'blocked',
    'limited',
    'refused',
    'dead',
    'coalesced',
    'endpointDown',
    'endpointUp',
    'outageOver',
    'claimFailed',
    'settleFailed',
  ]
  const entries = names.map(what => [what, (happening: object) => told.push({ what, ...happening })])
  return Object.fromEntries(entries) as DeliveryHappenings
}

export const endpoint = (
  destination: ScriptedDestination | EndpointSettings['destination'],
  given: Partial<EndpointSettings> = {},
): EndpointSettings => ({ name: 'default', destination, concurrency: 16, coalesce: true, ...given })

export interface Stage {
  readonly clock: FakeClock
  readonly ledger: MemoryLedger
  readonly told: Told[]
  readonly dispatcher: Dispatcher
  /** Commits events and offers them, then lets everything happen that can happen without time. */
  offer(...events: PendingEvent[]): Promise<void>
  toldOf(what: Told['what']): Told[]
}

export function stage(
  endpoints: readonly EndpointSettings[],
  given: Partial<DispatcherOptions> & { clock?: FakeClock; ledger?: MemoryLedger } = {},
): Stage {
  const clock = given.clock ?? new FakeClock()
  const ledger = given.ledger ?? new MemoryLedger()
  const told: Told[] = []
  const options = {
    rate: 1_000,
    random: () => 0.999,
    happened: recorder(told),
    endpoints,
    ...given,
    clock,
    ledger,
  }
  const dispatcher = new Dispatcher(options)
  return {
    clock,
    ledger,
    told,
    dispatcher,
    async offer(...events) {
      dispatcher.offer(ledger.add(events))
      await settled()
    },
    toldOf: what => told.filter(happening => happening.what === what),
  }
}
