// How the sidecar stands, for whoever asks: puts together what the parts know, and keeps the last hour in mind. It
// changes nothing.
import type { Dispatcher } from '../delivery/dispatcher.ts'
import type { Book } from '../incident/book.ts'
import type { Feed } from '../telemetry/feed.ts'
import { FeedCounts, History, type HistoryView, STEP_MS } from './history.ts'
import type { OpenIncidentsView } from './incidents-view.ts'
import type { KapacitorStatus } from './kapacitor-watch.ts'
import { countByLevel, incidentSearch, openIncidents } from './open-incidents.ts'
import type { WatchStatus } from './open-watch.ts'
import { type StatusSources, statusView } from './status.ts'
import type { StatusView } from './status-view.ts'
import type { SystemClock } from './system-clock.ts'
import type { Tasks } from './tasks.ts'
import { version } from './version.ts'

export interface OverviewParts {
  readonly book: Book
  readonly clock: SystemClock
  readonly dispatcher: Dispatcher
  readonly tasks: Tasks
  readonly feed: Feed
  readonly store: () => StatusSources['store']
  readonly kapacitor: () => KapacitorStatus | undefined
  readonly watch: () => WatchStatus
  /** Why it runs by the last good configuration; none: it does not. */
  readonly configurationProblems: () => readonly string[]
}

export class Overview {
  readonly #parts: OverviewParts
  readonly #startedAt: number
  readonly #history = new History()
  readonly #counts = new FeedCounts()
  readonly #unsubscribe: () => void
  #cancel: () => void

  constructor(parts: OverviewParts) {
    this.#parts = parts
    this.#startedAt = parts.clock.wallMs()
    this.#unsubscribe = parts.feed.subscribe(happening => this.#counts.hear(happening))
    this.#cancel = parts.clock.after(STEP_MS, () => this.#step())
  }

  status(): StatusView {
    const { book, clock, dispatcher, tasks, store, kapacitor, watch, configurationProblems } = this.#parts
    return statusView({
      ...{ version, now: clock.wallMs(), startedAt: this.#startedAt },
      delivery: dispatcher.status(),
      store: store(),
      openByLevel: countByLevel(book.incidents()),
      nodes: tasks.status(),
      kapacitor: kapacitor(),
      watch: watch(),
      configurationProblems: configurationProblems(),
    })
  }

  incidents(query: URLSearchParams): OpenIncidentsView {
    const { book, dispatcher } = this.#parts
    return openIncidents(book.incidents(), incidentSearch(query), (endpoint, id) =>
      dispatcher.waiting(endpoint, id),
    )
  }

  history(): HistoryView {
    return this.#history.view()
  }

  stop(): void {
    this.#unsubscribe()
    this.#cancel()
  }

  #step(): void {
    const { book, clock, dispatcher, tasks } = this.#parts
    this.#cancel = clock.after(STEP_MS, () => this.#step())
    tasks.markTraffic()
    const { endpoints } = dispatcher.status()
    const now = clock.wallMs()
    const oldest = Math.min(...endpoints.map(({ oldestCreatedAt }) => oldestCreatedAt ?? now))
    const { triggers, resolves, delivered, failed } = this.#counts
    this.#history.step(
      { points: tasks.pointsTaken, triggers, resolves, delivered, failed },
      {
        pending: endpoints.reduce((sum, { pending }) => sum + pending, 0),
        oldestPendingSeconds: Math.max(0, Math.round((now - oldest) / 1000)),
        openIncidents: book.size,
      },
      now,
    )
  }
}
