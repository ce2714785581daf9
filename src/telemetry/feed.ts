// What happened lately, for whoever looks on: every line of the log as a value with a number, whatever the log's own
// level. The newest are kept, so that one who was away can go on where they stopped. It sends nothing itself.
export type Severity = 'info' | 'warn' | 'error' | 'fatal'

/** One line of the log. Its further fields are those of the line: task, node, endpoint, incident, incidentLevel … */
export interface Happening {
  /** Counts from 1 at each start of the process; `seq` is an event's own. */
  readonly number: number
  /** RFC 3339, UTC. */
  readonly at: string
  readonly severity: Severity
  /** The happening's name in the log. */
  readonly event: string
  readonly text: string
  readonly [field: string]: unknown
}

const KEPT = 2000

export class Feed {
  readonly #wallMs: () => number
  /** A ring: number n stands at n % KEPT. */
  readonly #ring: Happening[] = []
  readonly #listeners = new Set<(happening: Happening) => void>()
  #last = 0

  /** @param wallMs the wall clock, ms. */
  constructor(wallMs: () => number) {
    this.#wallMs = wallMs
  }

  add(severity: Severity, fields: Readonly<Record<string, unknown>>, text: string): void {
    const number = ++this.#last
    const at = new Date(this.#wallMs()).toISOString()
    const happening = { ...plain(fields), number, at, severity, event: String(fields.event), text }
    this.#ring[number % KEPT] = happening
    for (const listener of this.#listeners) listener(happening)
  }

  /** The number of the newest. */
  get last(): number {
    return this.#last
  }

  /** Those after a number that are still kept, the oldest first. A number of the future is of another process. */
  after(number: number): Happening[] {
    const from = Math.max(number > this.#last ? 0 : number, this.#last - KEPT)
    return Array.from({ length: this.#last - from }, (_, index) => this.#ring[(from + 1 + index) % KEPT]!)
  }

  /** Calls with each from now on; returns what ends it. A listener must not throw, nor wait. */
  subscribe(listener: (happening: Happening) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** An error of our own stays in the log, with its stack: here its message says enough. */
function plain({ err, ...fields }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return err instanceof Error ? { ...fields, error: err.message } : fields
}
