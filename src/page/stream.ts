// The newest happenings, as many as are worth keeping: which of them are shown by a filter, and which while it is paused.
// Pure; whatever comes, it holds no more than KEPT of them, each cut to a length.
import type { Happening, Severity } from '../telemetry/feed.ts'

export const KINDS = {
  all: 'Everything',
  events: 'Triggers and resolves',
  deliveries: 'Deliveries',
  tasks: 'Tasks',
  trouble: 'Warnings and errors',
} as const
export type Kind = keyof typeof KINDS

export interface Entry {
  /** No two are alike, over restarts of the sidecar too. */
  readonly key: string
  readonly at: string
  readonly severity: Severity
  readonly event: string
  readonly text: string
  readonly task: string
  readonly endpoint: string
  readonly incident: string
  readonly level: string
  readonly message: string
}

export interface Filter {
  readonly kind: Kind
  /** Part of whatever stands in the line, in any case. */
  readonly text: string
}

export const KEPT = 1000
const LONGEST = 600

const EVENTS: ReadonlySet<string> = new Set(['trigger', 'resolve', 'replayed', 'reconciled'])
const DELIVERIES: ReadonlySet<string> = new Set([
  ...['delivered', 'retrying', 'blocked', 'limited', 'refused', 'dead-letter', 'coalesced', 'untold'],
  ...['endpoint-down', 'endpoint-up', 'outage-over'],
])
const TASKS = /^(node|task|kapacitor|replay|init|without|orphaned|unknown-endpoint)/

const OF_KIND: Readonly<Record<Kind, (entry: Entry) => boolean>> = {
  all: () => true,
  events: ({ event }) => EVENTS.has(event),
  deliveries: ({ event }) => DELIVERIES.has(event),
  tasks: ({ event }) => TASKS.test(event),
  trouble: ({ severity }) => severity !== 'info',
}

export class Stream {
  #entries: Entry[] = []
  #paused: readonly Entry[] | undefined
  #process = 0
  #notes = 0
  #unseen = 0

  add(happening: Happening): void {
    this.#push(entryOf(happening, `${this.#process}.${happening.number}`))
  }

  /** A line of the page's own, between those of the sidecar. */
  note(at: string, text: string, severity: Severity = 'warn'): void {
    const key = `note.${this.#notes++}`
    const rest = { task: '', endpoint: '', incident: '', level: '', message: '' }
    this.#push({ key, at, severity, event: 'page', text, ...rest })
  }

  /** Numbers begin anew. */
  newProcess(): void {
    this.#process++
  }

  pause(): void {
    this.#paused = [...this.#entries]
    this.#unseen = 0
  }

  goOn(): void {
    this.#paused = undefined
  }

  get isPaused(): boolean {
    return this.#paused !== undefined
  }

  /** What came since the pause. */
  get unseen(): number {
    return this.#unseen
  }

  /** The newest first. */
  shown(filter: Filter, most: number): { readonly entries: readonly Entry[]; readonly matching: number } {
    const matches = matcher(filter)
    const entries: Entry[] = []
    let matching = 0
    const from = this.#paused ?? this.#entries
    for (let index = from.length - 1; index >= 0; index--) {
      const entry = from[index]!
      if (!matches(entry)) continue
      matching++
      if (entries.length < most) entries.push(entry)
    }
    return { entries, matching }
  }

  #push(entry: Entry): void {
    this.#entries.push(entry)
    // Not one by one: that would move a thousand for each.
    if (this.#entries.length > KEPT * 1.5) this.#entries = this.#entries.slice(-KEPT)
    if (this.#paused) this.#unseen++
  }
}

function matcher({ kind, text }: Filter): (entry: Entry) => boolean {
  const part = text.trim().toLowerCase()
  return entry => OF_KIND[kind](entry) && (part === '' || searched(entry).includes(part))
}

const searched = ({ event, text, task, endpoint, incident, level, message }: Entry): string =>
  [event, text, task, endpoint, incident, level, message].join('\n').toLowerCase()

const cut = (value: unknown): string => {
  const text = typeof value === 'string' ? value : ''
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

const entryOf = (happening: Happening, key: string): Entry => ({
  ...{
    key,
    at: happening.at,
    severity: happening.severity,
    event: happening.event,
    text: cut(happening.text),
  },
  ...{ task: cut(happening.task), endpoint: cut(happening.endpoint), incident: cut(happening.incident) },
  ...{ level: cut(happening.incidentLevel), message: cut(happening.message) },
})

/** As it is copied: one line, whatever is in it. */
export const lineOf = ({ at, severity, event, text, message }: Entry): string =>
  [at, severity, event, [text, message].filter(Boolean).join(': ')]
    .map(part => part.replace(/\s+/g, ' '))
    .join('\t')
