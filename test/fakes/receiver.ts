// A webhook on loopback: keeps every body in order of arrival and answers 200, or lets those who ask hang.
import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fromExactJson } from '../../src/incident/event.ts'
import type { Post } from './posts.ts'

const PATIENCE_MS = 60_000

export class Receiver {
  /** Numbers in them are as they were written. */
  readonly bodies: Post[] = []
  readonly #server = createServer()
  readonly #arrivals = new EventEmitter()
  #held: ServerResponse[] | undefined

  static async listen(): Promise<Receiver> {
    const receiver = new Receiver()
    receiver.#server.on('request', async (request, response) => {
      receiver.#answer(response, await text(request))
    })
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v2/incidents/kapacitor/SECRET`
  }

  /** Answers nobody from now on. */
  hang(): void {
    this.#held = []
  }

  /** Answers those who still wait, and everybody from now on. */
  goOn(): void {
    for (const response of this.#held ?? []) response.end()
    this.#held = undefined
  }

  /** Resolves once some body is as wanted. */
  async received(isWanted: (body: Post) => boolean): Promise<Post> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const found = this.bodies.find(isWanted)
      if (found) return found
      await once(this.#arrivals, 'body', { signal })
    }
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #answer(response: ServerResponse, body: string): void {
    this.bodies.push(fromExactJson(body) as Post)
    if (this.#held) this.#held.push(response)
    else response.end()
    this.#arrivals.emit('body')
  }
}
