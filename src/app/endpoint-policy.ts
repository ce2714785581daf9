// What an endpoint's configuration says about events, and what becomes of those for an endpoint that nobody
// configured: they go to the default one, since a page must never be lost over a name.
import type { EndpointPolicy } from '../incident/judgement.ts'
import { Level } from '../incident/level.ts'

/** What an endpoint's configuration says about events. */
export type EndpointRules = Omit<EndpointPolicy, 'endpoint'>

export const DEFAULT_ENDPOINT = 'default'
const ANY_LEVEL: EndpointRules = { minLevel: Level.info, retriggerOnRise: true }

/** @param rulesOf undefined for a name that is not configured. */
export function endpointPolicy(
  asked: string,
  rulesOf: (name: string) => EndpointRules | undefined,
): EndpointPolicy {
  const known = rulesOf(asked)
  if (known) return { endpoint: asked, ...known }
  return { endpoint: DEFAULT_ENDPOINT, ...(rulesOf(DEFAULT_ENDPOINT) ?? ANY_LEVEL) }
}
