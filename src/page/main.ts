// Joins the parts of the page, and is the only one that asks the browser for time and chance. It decides nothing.
import type { HistoryView } from '../app/history.ts'
import type { OpenIncidentsView } from '../app/incidents-view.ts'
import type { StatusView } from '../app/status-view.ts'
import { ChartsPanel } from './charts-panel.ts'
import { Connection, type ConnectionEvents, type Hello, type Link } from './connection.ts'
import { byId } from './element.ts'
import { EndpointsPanel } from './endpoints-panel.ts'
import { IncidentsPanel } from './incidents-panel.ts'
import { openFeed, read } from './sidecar.ts'
import { StreamPanel } from './stream-panel.ts'
import { TasksPanel } from './tasks-panel.ts'
import { TopView } from './top-view.ts'
import { counted } from './wording.ts'

const LOOK_EVERY_MS = 10_000
const TICK_MS = 1_000

const now = (): number => performance.now()
const instant = (): string => new Date().toISOString()

function after(ms: number, fire: () => void): () => void {
  const timer = setTimeout(fire, ms)
  return () => clearTimeout(timer)
}

class Page {
  readonly #top = new TopView()
  readonly #endpoints = new EndpointsPanel()
  readonly #tasks = new TasksPanel()
  readonly #charts = new ChartsPanel()
  readonly #stream = new StreamPanel(after)
  readonly #incidents = new IncidentsPanel({
    after,
    ask: askIncidents,
    follow: id => this.#stream.follow(id),
  })
  readonly #connection = new Connection(
    { open: openFeed, ask: askStatus, after, now, random: Math.random },
    this.#events(),
  )
  #status: StatusView | undefined
  #link: Link = { state: 'connecting' }

  start(): void {
    byId('again').addEventListener('click', () => this.#connection.tryNow())
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return
      this.#connection.tryNow()
      this.#look()
    })
    repeat(LOOK_EVERY_MS, () => {
      const isAnswered = this.#link.state === 'live' || this.#link.state === 'polled'
      if (isAnswered && !document.hidden) this.#look()
    })
    // While nobody answers, the seconds to the next try are counted down.
    repeat(TICK_MS, () => this.#showTop())
    this.#connection.tryNow()
    this.#look()
  }

  #events(): ConnectionEvents {
    return {
      link: link => {
        this.#link = link
        if (link.state === 'live') this.#incidents.touch()
        this.#showTop()
      },
      hello: (hello, isNew) => {
        if (isNew) this.#meetAnother(hello)
      },
      status: status => this.#show(status),
      happening: happening => {
        this.#stream.add(happening)
        if (happening.incident !== undefined) this.#incidents.touch()
      },
      missed: count => {
        const what = `${counted(count, 'happening')} ${count === 1 ? 'is' : 'are'} missing here`
        this.#stream.note(instant(), `${what}: more came than could be shown`)
      },
    }
  }

  #show(status: StatusView): void {
    this.#status = status
    this.#showTop()
    this.#endpoints.show(status)
    this.#tasks.show(status)
    this.#incidents.showStatus(status)
    if (this.#link.state === 'polled') this.#incidents.touch()
  }

  #showTop(): void {
    this.#top.show(this.#status, this.#link, now())
  }

  #meetAnother({ version }: Hello): void {
    this.#stream.newProcess()
    this.#stream.note(instant(), `the sidecar has started anew, version ${version}`)
    this.#look()
  }

  /** What does not come by itself. Where nobody answers, the top of the page says so. */
  #look(): void {
    this.#incidents.touch()
    read<HistoryView>('history.json').then(
      ({ view }) => view && this.#charts.show(view),
      () => {},
    )
  }
}

async function askStatus(): Promise<{ code: number; status?: StatusView }> {
  const { code, view } = await read<StatusView>('status.json')
  return { code, ...(view && { status: view }) }
}

async function askIncidents(query: string, stop: AbortSignal): Promise<OpenIncidentsView> {
  const { view } = await read<OpenIncidentsView>(`incidents.json?${query}`, stop)
  if (!view) throw new Error('the question was refused')
  return view
}

function repeat(everyMs: number, work: () => void): void {
  after(everyMs, () => {
    repeat(everyMs, work)
    work()
  })
}

new Page().start()
