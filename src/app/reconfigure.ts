// Swaps the configuration under a running sidecar: no connection and no attempt ends over it. What is decided is in
// reload-plan.ts; here it is done.
import type { Settings } from '../config/settings.ts'
import type { Dispatcher } from '../delivery/dispatcher.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { deliverable, endpointRules } from './destinations.ts'
import type { EndpointRules } from './endpoint-policy.ts'
import type { LiveEndpoints } from './live-endpoints.ts'
import { type NamedEndpoint, planReload, type ReloadPlan } from './reload-plan.ts'

export interface ReconfigurationParts {
  readonly settings: Settings
  /** Of the configuration that should have been run by, and is broken. */
  readonly problems?: readonly string[] | undefined
  readonly dispatcher: Pick<Dispatcher, 'reconfigure'>
  readonly endpoints: LiveEndpoints
  /** By name of the endpoint; judges ask it at each point. */
  readonly rules: Map<string, EndpointRules>
  readonly named: () => readonly NamedEndpoint[]
  readonly telemetry: Pick<Telemetry, 'setLevel'>
  /** What else goes by the settings. */
  readonly changed: (settings: Settings) => void
}

export class Reconfiguration {
  readonly #parts: ReconfigurationParts
  #settings: Settings
  #problems: readonly string[]

  constructor(parts: ReconfigurationParts) {
    this.#parts = parts
    this.#settings = parts.settings
    this.#problems = parts.problems ?? []
  }

  /** Why it runs by the last good configuration; none: it runs by its own. */
  get problems(): readonly string[] {
    return this.#problems
  }

  /** What holds now. */
  get settings(): Settings {
    return this.#settings
  }

  /** Does what the plan says, all of it or nothing. */
  apply(next: Settings): ReloadPlan {
    const { dispatcher, endpoints, named, telemetry, changed } = this.#parts
    const plan = planReload(this.#settings, next, named())
    if ('refused' in plan) return plan
    const { settings } = plan
    try {
      const wanted = endpoints.use(deliverable(settings.endpoints))
      this.#setRules(settings)
      // Resolves when the last attempt of what was replaced is over: nobody waits for that.
      void dispatcher.reconfigure({ endpoints: wanted, rate: settings.squadcast.ratePerMinute })
    } catch (error) {
      const { message, hint } = error as { message: string; hint?: string }
      return { refused: hint === undefined ? message : `${message}. ${hint}` }
    }
    this.#settings = settings
    this.#problems = []
    telemetry.setLevel(settings.log.level)
    changed(settings)
    return plan
  }

  #setRules({ endpoints }: Settings): void {
    const { rules } = this.#parts
    rules.clear()
    for (const endpoint of endpoints) rules.set(endpoint.name, endpointRules(endpoint))
  }
}
