// An hour of a small company, played in seconds: the whole app in this process on a clock that is moved, a scripted
// Kapacitor with its tasks, and a stand-in for Squadcast that has a bad quarter of an hour. The same each time.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { type App, startApp } from '../../src/app/app.ts'
import { readConfiguration } from '../../src/app/configuration.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { Telemetry } from '../../src/telemetry/telemetry.ts'
import { FakeClock } from '../fakes/clock.ts'
import { ScriptedKapacitor } from '../fakes/kapacitor-api.ts'
import { option, type Peer, point } from '../fakes/peer.ts'
import { bytesOf, type Message } from '../fakes/requests.ts'
import { room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'

export interface Hour {
  /** Of the page. */
  readonly address: string
  readonly app: App
  readonly clock: FakeClock
}

/** well: all is delivered at its end. badly: one endpoint is blocked, and a task sends points without levels. */
export type Ending = 'well' | 'badly'

interface Task {
  readonly id: string
  readonly options: readonly Message[]
  readonly hosts: readonly string[]
  /** Points in ten seconds, about. */
  readonly points: number
}

/** At a minute a host of a task has a value. */
type Turn = readonly [minute: number, task: string, host: string, usage: number]

const START = Date.UTC(2026, 4, 28, 13, 4, 10)
const STEP_MS = 10_000
const STEPS = 360
const PATIENCE_MS = 60_000

const options = (what: string, id: string, endpoint: string): Message[] => [
  option('id', `${id}/{{ index .Tags "host" }}`),
  option('message', `${what} of {{ index .Tags "host" }} at {{ index .Fields "usage" }} %`),
  option('warn', '"usage" > 80'),
  option('crit', '"usage" > 90'),
  option('endpoint', endpoint),
]

const TASKS: readonly Task[] = [
  {
    id: 'cpu_usage',
    options: options('CPU', 'cpu', 'default'),
    hosts: ['web-01', 'web-02', 'web-03', 'web-07'],
    points: 64,
  },
  {
    id: 'disk_space',
    options: options('Disk', 'disk', 'storage'),
    hosts: ['db-01', 'db-02', 'backup-01'],
    points: 18,
  },
  {
    id: 'http_errors',
    options: options('Error budget', 'http', 'default'),
    hosts: ['checkout', 'search', 'login'],
    points: 45,
  },
  {
    id: 'kafka_lag',
    options: options('Consumer lag', 'kafka', 'default'),
    hosts: ['orders', 'invoices'],
    points: 12,
  },
  {
    id: 'memory',
    options: options('Memory', 'mem', 'default'),
    hosts: ['cache-01', 'cache-02', 'batch-04'],
    points: 30,
  },
]

const TURNS: readonly Turn[] = [
  ...([
    [4, 'cpu_usage', 'web-03', 97.2],
    [9, 'cpu_usage', 'web-03', 34.1],
  ] as const),
  ...([
    [7, 'http_errors', 'login', 83.5],
    [11, 'http_errors', 'login', 12.4],
  ] as const),
  ...([
    [12, 'disk_space', 'db-01', 84.6],
    [16, 'kafka_lag', 'orders', 92.8],
    [18, 'memory', 'batch-04', 88.3],
  ] as const),
  ...([
    [20, 'http_errors', 'checkout', 95.1],
    [21, 'cpu_usage', 'web-01', 86.7],
    [22, 'cpu_usage', 'web-02', 91.9],
  ] as const),
  ...([
    [23, 'kafka_lag', 'orders', 20.5],
    [24, 'memory', 'batch-04', 41.7],
    [27, 'http_errors', 'checkout', 9.3],
  ] as const),
  ...([
    [29, 'cpu_usage', 'web-02', 55.2],
    [31, 'cpu_usage', 'web-01', 93.4],
    [33, 'http_errors', 'search', 85.8],
  ] as const),
  ...([
    [37, 'cpu_usage', 'web-01', 47.9],
    [38, 'kafka_lag', 'invoices', 81.2],
    [41, 'http_errors', 'search', 7.7],
  ] as const),
  ...([
    [44, 'kafka_lag', 'invoices', 15.6],
    [46, 'disk_space', 'backup-01', 93.7],
    [49, 'memory', 'cache-02', 86.1],
  ] as const),
  ...([
    [52, 'cpu_usage', 'web-07', 96.4],
    [55, 'memory', 'cache-01', 82.9],
    [57, 'http_errors', 'checkout', 98.6],
  ] as const),
  ...([
    [58, 'memory', 'cache-01', 61.3],
    [59, 'kafka_lag', 'orders', 94.2],
  ] as const),
]

/** Squadcast does not take anything in these minutes. */
const BAD_MINUTES = [20, 26] as const

interface Teardown {
  teardown(clean: () => unknown): void
}

export async function playHour(t: Teardown, ending: Ending): Promise<Hour> {
  const squadcast = await standIn(t)
  const { config, stream } = room(t, `${squadcast.url}/default`, {
    endpoint: 'coalesce = false',
    http: `bind-address = "127.0.0.1:${await deadPort()}"`,
    kapacitor: `url = "http://127.0.0.1:${squadcast.kapacitorPort}"`,
    more: `[[endpoint]]\nname = "storage"\nurl = "${squadcast.url}/storage"\ncoalesce = false\n`,
  })
  const kapacitor = new ScriptedKapacitor(stream, squadcast.kapacitorPort)
  t.teardown(() => kapacitor.stop())
  for (const { id, options } of TASKS) kapacitor.define(id, options)
  if (ending === 'badly') kapacitor.define('ntp_drift')
  const clock = new FakeClock(START)
  const told = { made: 0, settled: 0 }
  const telemetry = new Telemetry(pino({ level: 'silent' }), new Metrics(), () => clock.wallMs())
  telemetry.feed.subscribe(({ event }) => {
    if (event === 'trigger' || event === 'resolve') told.made++
    if (event === 'delivered') told.settled++
  })
  const { app, port } = await startOn(config, clock, telemetry)
  t.teardown(() => app.stop())
  await kapacitor.start()
  const peers = new Map<string, Peer>()
  for (const { id } of TASKS) peers.set(id, await kapacitor.connected(id))
  if (ending === 'badly')
    (await kapacitor.connected('ntp_drift')).send(point('web-01', { fieldsDouble: { drift: 3 } }))
  const company = new Company(peers)
  for (let step = 0; step < STEPS; step++) {
    const minute = (step * STEP_MS) / 60_000
    squadcast.isBad = minute >= BAD_MINUTES[0] && minute < BAD_MINUTES[1]
    squadcast.isBlocked = ending === 'badly' && minute >= 45
    await company.live(step)
    await calm(app, told)
    await clock.advance(STEP_MS)
    await calm(app, told)
  }
  return { address: `http://127.0.0.1:${port}/`, app, clock }
}

interface StandIn {
  readonly url: string
  readonly kapacitorPort: number
  isBad: boolean
  /** Of `storage` only. */
  isBlocked: boolean
}

async function standIn(t: Teardown): Promise<StandIn> {
  const server = createServer((request, response) => {
    request.resume()
    const isBlocked = standing.isBlocked && request.url?.endsWith('/storage')
    if (isBlocked) response.writeHead(404).end('{"meta":{"error_message":"alert source not found"}}')
    else response.writeHead(standing.isBad ? 503 : 202).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const standing: StandIn = { url, kapacitorPort: await deadPort(), isBad: false, isBlocked: false }
  return standing
}

async function startOn(
  config: string,
  clock: FakeClock,
  telemetry: Telemetry,
): Promise<{ app: App; port: number }> {
  const read = readConfiguration(config, {})
  if (!('settings' in read)) throw new Error(JSON.stringify(read.problems))
  const random = chance()
  const app = await startApp(read.settings, {
    ...{ telemetry, clock, random, env: {}, pid: process.pid, host: 'metrics-1' },
    failed: error => {
      throw error
    },
  })
  return { app, port: read.settings.http.bindAddress!.port }
}

/** The same numbers each time. */
function chance(): () => number {
  let state = 7
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** What its hosts send to Kapacitor. */
class Company {
  readonly #peers: ReadonlyMap<string, Peer>
  readonly #usage = new Map<string, number>()
  readonly #random = chance()

  constructor(peers: ReadonlyMap<string, Peer>) {
    this.#peers = peers
  }

  /** Sends ten seconds of points; resolves once they are judged. */
  async live(step: number): Promise<void> {
    for (const [minute, task, host, usage] of TURNS)
      if (minute * 6 === step) this.#usage.set(`${task} ${host}`, usage)
    for (const { id, hosts, points } of TASKS) {
      const swing = 1 + 0.35 * Math.sin(step / 31 + points) + 0.15 * this.#random()
      const peer = this.#peers.get(id)!
      const seconds = START / 1000 - 1_780_000_000 + step * 10
      const messages = Array.from({ length: Math.round(points * swing) }, (_, index) => {
        const host = hosts[index % hosts.length]!
        return point(host, { fieldsDouble: { usage: this.#usage.get(`${id} ${host}`) ?? 20 } }, seconds)
      })
      peer.sendBytes(bytesOf(...messages, { keepalive: { time: String(step + 1) } }))
    }
    await Promise.all([...this.#peers.values()].map(peer => peer.answered('keepalive', step + 1)))
  }
}

/** Resolves once no attempt is under way, and each event is delivered or waits for its time. */
async function calm(app: App, told: { readonly made: number; readonly settled: number }): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  for (;;) {
    const { endpoints } = app.status().delivery
    const pending = endpoints.reduce((sum, one) => sum + one.pending, 0)
    const isUnderWay = endpoints.some(
      ({ inFlight, state, pending }) => inFlight > 0 || (state === 'up' && pending > 0),
    )
    if (!isUnderWay && told.made - told.settled === pending) return
    signal.throwIfAborted()
    await turn()
  }
}
