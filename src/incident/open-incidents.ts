// The open incidents, by endpoint and then by id: one key of both would be another text for each of them.
import { type Incident, newIncident, type Opened } from './incident.ts'

type Key = Pick<Incident, 'endpoint' | 'id'>

export class OpenIncidents {
  readonly #byEndpoint = new Map<string, Map<string, Incident>>()

  get size(): number {
    let size = 0
    for (const incidents of this.#byEndpoint.values()) size += incidents.size
    return size
  }

  find({ endpoint, id }: Key): Incident | undefined {
    return this.#byEndpoint.get(endpoint)?.get(id)
  }

  *all(): IterableIterator<Incident> {
    for (const incidents of this.#byEndpoint.values()) yield* incidents.values()
  }

  open(opened: Opened): Incident {
    const incident = newIncident(opened)
    const { endpoint, id } = incident
    const known = this.#byEndpoint.get(endpoint)
    if (known) known.set(id, incident)
    else this.#byEndpoint.set(endpoint, new Map([[id, incident]]))
    return incident
  }

  delete({ endpoint, id }: Key): void {
    this.#byEndpoint.get(endpoint)?.delete(id)
  }
}
