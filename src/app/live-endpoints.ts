// The endpoints that are delivered to, over reloads: one whose configuration is the same keeps its connections.
import { isSame } from '../config/same.ts'
import type { EndpointSettings } from '../config/settings.ts'
import type { EndpointSettings as DeliveryEndpoint } from '../delivery/endpoint.ts'

interface Made {
  readonly settings: EndpointSettings
  readonly delivery: DeliveryEndpoint
}

export class LiveEndpoints {
  readonly #make: (settings: EndpointSettings) => DeliveryEndpoint
  #made: readonly Made[] = []

  /** @param make throws an error with a hint when an endpoint cannot be used as it is. */
  constructor(make: (settings: EndpointSettings) => DeliveryEndpoint) {
    this.#make = make
  }

  /** Throws what `make` throws; then nothing has changed. */
  use(wanted: readonly EndpointSettings[]): DeliveryEndpoint[] {
    const fresh: Made[] = []
    try {
      this.#made = wanted.map(settings => {
        const known = this.#made.find(one => isSame(one.settings, settings))
        if (known) return known
        const made = { settings, delivery: this.#make(settings) }
        fresh.push(made)
        return made
      })
    } catch (error) {
      for (const { delivery } of fresh) void delivery.destination.close()
      throw error
    }
    return this.#made.map(({ delivery }) => delivery)
  }
}
