// From the configured endpoints to what delivery and the incidents need of each.
import type { EndpointSettings } from '../config/settings.ts'
import type { EndpointSettings as DeliveryEndpoint } from '../delivery/endpoint.ts'
import { Level } from '../incident/level.ts'
import { createSquadcast } from '../squadcast/squadcast.ts'
import type { EndpointRules } from './endpoint-policy.ts'
import { isIncomplete } from './last-good.ts'
import type { SystemClock } from './system-clock.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Throws an error with a hint when an endpoint cannot be used as it is. */
export const deliveryEndpoint = (
  settings: EndpointSettings,
  env: Environment,
  clock: SystemClock,
): DeliveryEndpoint => ({
  name: settings.name,
  concurrency: settings.concurrency,
  coalesce: settings.coalesce,
  destination: createSquadcast(
    {
      url: settings.url.reveal(),
      format: settings.format,
      timeoutMs: settings.timeoutMs,
      concurrency: settings.concurrency,
      ca: settings.ca,
      proxy: settings.proxy?.reveal(),
      headers: Object.fromEntries(
        Object.entries(settings.headers).map(([name, value]) => [name, value.reveal()]),
      ),
      priorityByLevel: settings.priorityByLevel,
      env,
    },
    clock,
  ),
})

/** Those of which everything is known. The events of the others wait. */
export const deliverable = (endpoints: readonly EndpointSettings[]): EndpointSettings[] =>
  endpoints.filter(endpoint => !isIncomplete(endpoint))

export const endpointRules = (settings: EndpointSettings): EndpointRules => ({
  minLevel: settings.minLevel ?? Level.info,
  retriggerOnRise: settings.retriggerOnRise,
  ...(settings.postRepeatIntervalMs !== undefined && {
    postRepeatInterval: BigInt(settings.postRepeatIntervalMs) * 1_000_000n,
  }),
})
