// The whole app in this process, between real sockets, a real store file and a real receiver, on a clock that only
// the test moves; and the nodes of Kapacitor's tasks that talk to it.
import { EventEmitter, once } from 'node:events'
import type { ExecutionContext } from 'ava'
import { pino } from 'pino'
import { type App, type AppStatus, startApp } from '../../src/app/app.ts'
import { readConfiguration } from '../../src/app/configuration.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { Telemetry } from '../../src/telemetry/telemetry.ts'
import { FakeClock } from '../fakes/clock.ts'
import { Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import type { Message } from '../fakes/requests.ts'
import { type Room, room } from '../fakes/room.ts'

interface LogLine {
  readonly level: number
  readonly event: string
  readonly msg: string
  readonly incident?: string
  readonly incidentLevel?: string
}

const ERROR = 50
const PATIENCE_MS = 60_000
const TICK_MS = 1000

export class Sidecar {
  readonly clock = new FakeClock()
  readonly receiver: Receiver
  /** What was told, over restarts: `trigger cpu:cpu:host=a CRITICAL`. */
  readonly told: string[] = []
  readonly #room: Room
  readonly #lines = new EventEmitter()
  #delivered = 0
  #trouble: LogLine | undefined
  #app: App | undefined

  private constructor(receiver: Receiver, made: Room) {
    this.receiver = receiver
    this.#room = made
  }

  /** `endpoint` and `more` are lines of TOML, as for a room; what stands for the receiver's URL is `URL`. */
  static async start(t: ExecutionContext, { endpoint = '', more = '' } = {}): Promise<Sidecar> {
    const receiver = await Receiver.listen()
    t.teardown(() => receiver.close())
    const made = room(t, receiver.url, {
      endpoint: `coalesce = false\n${endpoint}`,
      more: more.replaceAll('URL', receiver.url),
    })
    const sidecar = new Sidecar(receiver, made)
    await sidecar.#start()
    t.teardown(() => sidecar.stop())
    return sidecar
  }

  get status(): AppStatus {
    return this.#app!.status()
  }

  async stop(): Promise<void> {
    await this.#app?.stop()
    this.#app = undefined
  }

  /** Stops, is away for a while, and starts again on the same store. Its nodes are gone. */
  async restart(awayMs = 0): Promise<void> {
    await this.stop()
    await this.clock.advance(awayMs)
    await this.#start()
  }

  /** A node connects. */
  async node(options: readonly Message[], nodeID = 'squadcast2', taskID = 'cpu'): Promise<Node> {
    const peer = await Peer.connect(this.#room.stream)
    peer.send({ init: { taskID, nodeID, options } })
    await peer.answered('init')
    return new Node(peer)
  }

  /** Lets time pass. What falls due meanwhile is delivered before more time passes. */
  async pass(ms: number): Promise<void> {
    await this.delivered()
    for (let left = ms; left > 0; left -= TICK_MS) {
      await this.clock.advance(Math.min(left, TICK_MS))
      await this.delivered()
    }
  }

  /** Resolves once all that was told is with the receiver, and the store knows it. */
  async delivered(): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    while (this.#delivered < this.told.length && !this.#trouble) await once(this.#lines, 'line', { signal })
    if (this.#trouble) throw new Error(`${this.#trouble.event}: ${this.#trouble.msg}`)
  }

  async #start(): Promise<void> {
    const read = readConfiguration(this.#room.config, {})
    if (!('settings' in read)) throw new Error(JSON.stringify(read.problems))
    const log = pino({ base: null }, { write: line => this.#take(JSON.parse(line) as LogLine) })
    this.#app = await startApp(read.settings, {
      telemetry: new Telemetry(log, new Metrics(), () => 0),
      clock: this.clock,
      random: () => 0.5,
      env: {},
      pid: process.pid,
      host: 'here',
      failed: error => {
        throw error
      },
    })
  }

  #take(line: LogLine): void {
    const { event, incident, incidentLevel } = line
    if (event === 'trigger' || event === 'resolve') this.told.push(`${event} ${incident} ${incidentLevel}`)
    if (event === 'delivered') this.#delivered++
    if (line.level >= ERROR) this.#trouble ??= line
    this.#lines.emit('line')
  }
}

/** What a receiver got, in order. */
export const received = ({ bodies }: Receiver): string[] =>
  bodies.map(({ id, level }) => `${level === 'OK' ? 'resolve' : 'trigger'} ${id} ${level}`)

export class Node {
  readonly #peer: Peer
  #keepalives = 0

  constructor(peer: Peer) {
    this.#peer = peer
  }

  /** Sends a point of a host; resolves once it is judged. `second`: by the point's own clock. */
  async says(host: string, usage: number, second = 0): Promise<void> {
    const time = String(++this.#keepalives)
    this.#peer.send(point(host, { fieldsDouble: { usage } }, second), { keepalive: { time } })
    for (let count = 1; !this.#hasAnswer(time); count++) await this.#peer.answered('keepalive', count)
  }

  /** Ends as Kapacitor ends it; resolves once it is no longer live. */
  leave(): Promise<void> {
    return this.#peer.end()
  }

  #hasAnswer(time: string): boolean {
    return this.#peer.answers.some(
      ({ keepalive }) => (keepalive as { time?: string } | undefined)?.time === time,
    )
  }
}
