// A webhook that takes everything, after some milliseconds, and notes when each request came.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export class Receiver {
  /** performance.now() when each request came, by the id of its incident. */
  readonly arrivals = new Map<string, number>()
  connections = 0
  readonly #server: Server
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined

  private constructor(answerAfterMs: number) {
    this.#server = createServer(async (request, response) => {
      const at = performance.now()
      const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { id: string }
      this.arrivals.set(body.id, at)
      setTimeout(() => response.writeHead(202).end(), answerAfterMs)
      if (this.#waiting && this.arrivals.size >= this.#waiting.count) this.#waiting.resolve()
    })
    this.#server.on('connection', () => this.connections++)
  }

  static async listen(answerAfterMs = 0): Promise<Receiver> {
    const receiver = new Receiver(answerAfterMs)
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  /** Resolves once there are requests of so many incidents. */
  async received(count: number): Promise<void> {
    if (this.arrivals.size >= count) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting = { count, resolve }
    await promise
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
