// The connections of the listener: how many there are, and how long each may take. Peers decide neither: one that sends
// nothing, or reads nothing, gives its place to another, and is gone when the listener stops.
//
// reading    its request is not whole.      leaves: to working; let go by the server's own time for requests
// working    its request is being answered. leaves: to writing
// writing    its answer waits to be read.   leaves: closed, by the peer or when its time is over
// taken over it speaks WebSocket.           leaves: closed, by the feed
import type { Duplex } from 'node:stream'

export interface ConnectionsParts {
  readonly maxConnections: number
  /** For an answer to be read, ms. */
  readonly writeTimeoutMs: number
  /** Calls once after some milliseconds; returns what cancels it. */
  readonly after: (ms: number, fire: () => void) => () => void
}

type State = 'reading' | 'working' | 'writing' | 'taken over'

export class Connections {
  readonly #parts: ConnectionsParts
  /** The oldest first. */
  readonly #open = new Map<Duplex, State>()
  readonly #cancels = new Map<Duplex, () => void>()
  #bytesInFlight = 0

  constructor(parts: ConnectionsParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#open.size
  }

  /** Bytes of answers that are not read yet. */
  get bytesInFlight(): number {
    return this.#bytesInFlight
  }

  /** A new one. Where there are too many, the oldest that waits for its peer goes; the new one where there is none. */
  add(socket: Duplex): void {
    this.#open.set(socket, 'reading')
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#cancels.get(socket)?.()
      this.#cancels.delete(socket)
    })
    if (this.#open.size <= this.#parts.maxConnections) return
    const waits = [...this.#open].find(([, state]) => state === 'reading' || state === 'writing')
    waits?.[0].destroy()
  }

  /** Its request is whole. It may be answered already. */
  working(socket: Duplex): void {
    if (this.#open.get(socket) === 'reading') this.#set(socket, 'working')
  }

  takenOver(socket: Duplex): void {
    this.#set(socket, 'taken over')
  }

  /** Its answer was written: it has so long to read it. */
  writing(socket: Duplex, bytes: number): void {
    if (socket.destroyed) return
    this.#set(socket, 'writing')
    this.#bytesInFlight += bytes
    socket.once('close', () => {
      this.#bytesInFlight -= bytes
    })
    this.#cancels.get(socket)?.()
    this.#cancels.set(
      socket,
      this.#parts.after(this.#parts.writeTimeoutMs, () => socket.destroy()),
    )
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy()
  }

  #set(socket: Duplex, state: State): void {
    if (this.#open.has(socket)) this.#open.set(socket, state)
  }
}
