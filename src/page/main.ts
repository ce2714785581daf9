// Joins the parts of the page, and is the only one that asks the browser for time, chance and the sidecar. It decides
// nothing.
import type { HistoryView } from '../app/history.ts'
import type { OpenIncidentsView } from '../app/incidents-view.ts'
import type { StatusView } from '../app/status-view.ts'
import { ChartsPanel } from './charts-panel.ts'
import { Connection, type FeedListener, type FeedSocket, type Link } from './connection.ts'
import { byId } from './element.ts'
import { EndpointsPanel } from './endpoints-panel.ts'
import { IncidentsPanel } from './incidents-panel.ts'
import { StreamPanel } from './stream-panel.ts'
import { TasksPanel } from './tasks-panel.ts'
import { TopView } from './top-view.ts'
import { counted, number } from './wording.ts'

const HISTORY_EVERY_MS = 10_000
const TICK_MS = 1_000
const PATIENCE_MS = 5_000

const now = (): number => performance.now()

function after(ms: number, fire: () => void): () => void {
  const timer = setTimeout(fire, ms)
  return () => clearTimeout(timer)
}

/** Beside this page, also behind a proxy that puts it elsewhere; without a login that stands in the address. */
function addressOf(path: string): URL {
  const address = new URL(path, location.href)
  address.username = ''
  address.password = ''
  return address
}

async function read<View>(path: string, stop?: AbortSignal): Promise<{ code: number; view?: View }> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const signal = stop ? AbortSignal.any([stop, patience]) : patience
  // Without a login the browser would ask for one at each try: reloading the page is when it should.
  const headers = { 'x-requested-with': 'page' }
  const answer = await fetch(addressOf(path), { signal, headers })
  return answer.ok ? { code: answer.status, view: (await answer.json()) as View } : { code: answer.status }
}

function openFeed(query: string, listener: FeedListener): FeedSocket {
  const address = addressOf(`feed?${query}`)
  address.protocol = address.protocol.replace('http', 'ws')
  const socket = new WebSocket(address)
  socket.addEventListener('message', ({ data }) => listener.message(String(data)))
  socket.addEventListener('close', () => listener.closed())
  return socket
}

function start(): void {
  let status: StatusView | undefined
  let link: Link = { state: 'connecting' }
  const top = new TopView()
  const endpoints = new EndpointsPanel()
  const tasks = new TasksPanel()
  const charts = new ChartsPanel()
  const stream = new StreamPanel(after)
  const incidents = new IncidentsPanel({
    after,
    follow: id => stream.follow(id),
    ask: async (query, stop) => {
      const { view } = await read<OpenIncidentsView>(`incidents.json?${query}`, stop)
      if (!view) throw new Error('refused')
      return view
    },
  })
  const showTop = (): void => top.show(status, link, now())

  const connection = new Connection(
    {
      ...{ open: openFeed, after, now, random: Math.random },
      ask: async () => {
        const { code, view } = await read<StatusView>('status.json')
        return { code, ...(view && { status: view }) }
      },
    },
    {
      link(next) {
        link = next
        if (next.state === 'live') incidents.touch()
        showTop()
      },
      hello({ version }, isNew) {
        if (!isNew) return
        stream.newProcess()
        stream.note(new Date().toISOString(), `the sidecar has started anew, version ${version}`)
        readHistory()
      },
      status(next) {
        status = next
        showTop()
        endpoints.show(next)
        tasks.show(next)
        incidents.showStatus(next)
        if (link.state === 'polled') incidents.touch()
      },
      happening(happening) {
        stream.add(happening)
        if (happening.incident !== undefined) incidents.touch()
      },
      missed: count =>
        stream.note(
          new Date().toISOString(),
          `${counted(count, 'happening')} ${number(count) === '1' ? 'is' : 'are'} missing here: more came than could be shown`,
        ),
    },
  )

  const readHistory = (): void => {
    read<HistoryView>('history.json').then(
      ({ view }) => view && charts.show(view),
      // Nobody answers: the top of the page says so.
      () => {},
    )
  }
  repeat(HISTORY_EVERY_MS, () => {
    if (document.hidden || link.state === 'away' || link.state === 'locked') return
    readHistory()
    incidents.touch()
  })
  // While nobody answers, the seconds to the next try are counted down.
  repeat(TICK_MS, showTop)
  byId('again').addEventListener('click', () => connection.tryNow())
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    connection.tryNow()
    readHistory()
    incidents.touch()
  })
  connection.tryNow()
  readHistory()
  incidents.touch()
}

function repeat(everyMs: number, work: () => void): void {
  after(everyMs, () => {
    repeat(everyMs, work)
    work()
  })
}

start()
