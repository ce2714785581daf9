// The live feed over WebSockets: what happens, as it happens, and the status every other second for those who ask for
// it. Nobody is waited for: a listener that reads too slowly misses happenings, and is told how many.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type FeedEntry, feedFilter, type Wants } from './feed-filter.ts'
import { whereToGoOn } from './feed-resume.ts'
import { Refusal } from './refusal.ts'

export interface FeedSource {
  /** The number of the newest happening. */
  readonly last: number
  /** Those after a number that are still known. */
  after(number: number): readonly FeedEntry[]
  subscribe(listener: (entry: FeedEntry) => void): () => void
}

export interface FeedParts {
  readonly source: FeedSource
  readonly status: () => unknown
  /** What the first message says of the process. */
  readonly hello: Readonly<Record<string, unknown>> & { readonly startedAt: string }
  /** Calls once after some milliseconds; returns what cancels it. */
  readonly after: (ms: number, fire: () => void) => () => void
}

const MOST_LISTENERS = 64
/** Of one listener, what may wait to be read, bytes. */
const MOST_WAITING = 512 * 1024
const STATUS_EVERY_MS = 2000
/** A listener that answers no ping until the next one is gone. */
const PING_EVERY_MS = 20_000
/** Listeners say nothing. */
const LONGEST_MESSAGE = 1024
const GOING_AWAY = 1001

export class FeedSockets {
  readonly #parts: FeedParts
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE,
    perMessageDeflate: false,
  })
  readonly #listeners = new Set<Listener>()
  readonly #cancels = new Map<string, () => void>()
  readonly #unsubscribe: () => void

  constructor(parts: FeedParts) {
    this.#parts = parts
    this.#unsubscribe = parts.source.subscribe(entry => {
      for (const listener of this.#listeners) listener.tell(entry)
    })
    this.#every('status', STATUS_EVERY_MS, () => this.#tellStatus())
    this.#every('ping', PING_EVERY_MS, () => this.#ping())
  }

  /** Throws Refusal. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#listeners.size >= MOST_LISTENERS)
      throw new Refusal(503, `${MOST_LISTENERS} listeners are here already: close one of them`)
    this.#server.handleUpgrade(request, socket, head, opened => this.#open(opened, request.url ?? ''))
  }

  stop(): void {
    this.#unsubscribe()
    for (const cancel of this.#cancels.values()) cancel()
    for (const { socket } of this.#listeners) {
      socket.close(GOING_AWAY, 'the sidecar stops')
      socket.terminate()
    }
  }

  #open(socket: WebSocket, url: string): void {
    const { source, hello, status } = this.#parts
    const query = new URL(url, 'http://localhost').searchParams
    const listener = new Listener(socket, feedFilter(query), query.has('status'))
    socket.on('error', () => {})
    socket.on('close', () => this.#listeners.delete(listener))
    listener.send({ type: 'hello', ...hello, last: source.last })
    if (listener.wantsStatus) listener.send({ type: 'status', status: status() })
    const goOn = whereToGoOn(query, { last: source.last, startedAt: hello.startedAt })
    if (goOn) {
      const kept = source.after(goOn.from)
      listener.missed += Math.max(0, (kept[0]?.number ?? 0) - 1 - goOn.seen)
      for (const entry of kept) listener.tell(entry)
    }
    this.#listeners.add(listener)
  }

  #tellStatus(): void {
    const listeners = [...this.#listeners].filter(({ wantsStatus }) => wantsStatus)
    if (listeners.length === 0) return
    const text = JSON.stringify({ type: 'status', status: this.#parts.status() })
    for (const listener of listeners) listener.write(text)
  }

  #ping(): void {
    for (const listener of this.#listeners) listener.ping()
  }

  #every(name: string, ms: number, work: () => void): void {
    const again = (): void => {
      this.#cancels.set(name, this.#parts.after(ms, again))
      work()
    }
    this.#cancels.set(name, this.#parts.after(ms, again))
  }
}

/** One that is connected. */
class Listener {
  readonly socket: WebSocket
  readonly wantsStatus: boolean
  readonly #wants: Wants
  /** Happenings that it will never get. */
  missed = 0
  #isAlive = true

  constructor(socket: WebSocket, wants: Wants, wantsStatus: boolean) {
    this.socket = socket
    this.#wants = wants
    this.wantsStatus = wantsStatus
    socket.on('pong', () => {
      this.#isAlive = true
    })
  }

  tell(entry: FeedEntry): void {
    if (!this.#wants(entry)) return
    if (this.missed > 0 && this.send({ type: 'missed', count: this.missed })) this.missed = 0
    if (!this.send({ type: 'happening', happening: entry })) this.missed++
  }

  send(message: unknown): boolean {
    return this.write(JSON.stringify(message))
  }

  /** False: too much waits to be read. */
  write(text: string): boolean {
    if (this.socket.bufferedAmount > MOST_WAITING) return false
    this.socket.send(text)
    return true
  }

  ping(): void {
    if (!this.#isAlive) this.socket.terminate()
    this.#isAlive = false
    this.socket.ping()
  }
}
