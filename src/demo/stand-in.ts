// A Squadcast to try things on: an HTTP server on loopback with both alert sources, which keeps incidents,
// refuses what Squadcast refuses, holds to the rate of a plan, fails as scripted, and remembers every request.
// It decides nothing itself: alerts, incidents, rates and faults are ruled in the files beside it.
import { EventEmitter, once } from 'node:events'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { ALERT_SOURCES, type AlertSource, NotAnAlert, readAlert } from './alert-sources.ts'
import { type Fault, Faults } from './faults.ts'
import { type Deduplication, IncidentLedger } from './incident-ledger.ts'
import { Plan } from './plan.ts'
import { bodyOf, noted, type ReceivedRequest } from './received-request.ts'

export interface StandInOptions {
  readonly clock: {
    /** Milliseconds. */
    wallMs(): number
    after(ms: number, fire: () => void): () => void
  }
  /** One for each service. The first is the one that is meant where none is named. */
  readonly tokens?: readonly [string, ...string[]]
  /** What an unknown token is answered. */
  readonly unknownToken?: 401 | 404
  /** Of the organisation, over all services. Without it there is no limit. */
  readonly plan?: {
    /** Requests a minute. */
    readonly rate: number
    /** When, after a full minute of the clock, a window begins. */
    readonly phaseMs?: number
    /** Whether a 429 says when the next window begins; it does unless this is false. */
    readonly retryAfter?: boolean
  }
  readonly deduplication?: Deduplication
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Default: any free one. */
  readonly port?: number
}

const DEFAULT_TOKENS = ['stand-in-token'] as const

export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const standIn = new StandIn(options)
  await standIn.listen()
  return standIn
}

interface Reply {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

export class StandIn {
  readonly faults = new Faults()
  readonly ledger: IncidentLedger
  /** In the order in which they were complete. */
  readonly requests: ReceivedRequest[] = []
  readonly #options: StandInOptions
  readonly #tokens: readonly [string, ...string[]]
  readonly #plan: Plan | undefined
  readonly #server: ReturnType<typeof createHttp>
  #accepted = 0
  readonly #changes = new EventEmitter().setMaxListeners(0)

  constructor(options: StandInOptions) {
    const { deduplication, plan, tls, tokens } = options
    this.#options = options
    this.#tokens = tokens ?? DEFAULT_TOKENS
    this.#plan = plan && new Plan(plan.rate, plan.phaseMs)
    this.ledger = new IncidentLedger(deduplication)
    this.#server = tls ? createHttps(tls) : createHttp()
    this.#server.on('request', (request, response) => void this.#serve(request, response))
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#options.port ?? 0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** The webhook URL of an alert source, for the first service unless another token is given. */
  url(source: AlertSource, token = this.#tokens[0]): string {
    const { port } = this.#server.address() as AddressInfo
    return `${this.#options.tls ? 'https' : 'http'}://127.0.0.1:${port}/v2/incidents/${source}/${token}`
  }

  /** Resolves when so many requests have arrived in all. */
  received(count: number): Promise<void> {
    return this.until(() => this.requests.length >= count)
  }

  /** Resolves when so many requests have been accepted in all. */
  accepted(count: number): Promise<void> {
    return this.until(() => this.#accepted >= count)
  }

  /** Resolves when the predicate holds; it is asked now, and after each thing that happens here. */
  async until(holds: (standIn: StandIn) => boolean): Promise<void> {
    while (!holds(this)) await once(this.#changes, 'change')
  }

  /** Lets go of every connection, answered or not. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bodyOf(request)
    // Undefined when the sender left in the middle of its request.
    if (!bytes) return
    const received = noted(request, bytes, {
      number: this.requests.length + 1,
      at: this.#options.clock.wallMs(),
    })
    this.requests.push(received)
    const fault = this.faults.take(received)
    this.#changed()
    if (fault?.kind === 'slow') {
      this.#options.clock.after(fault.ms, () =>
        this.#reply(response, received, this.#handle(received, bytes)),
      )
    } else if (fault) this.#fail(response, received, fault, bytes)
    else this.#reply(response, received, this.#handle(received, bytes))
  }

  #fail(response: ServerResponse, received: ReceivedRequest, fault: Fault, bytes: Buffer): void {
    if (fault.kind === 'answer') this.#reply(response, received, fault)
    if (fault.kind === 'lost answer') this.#handle(received, bytes)
    if (fault.kind === 'lost answer' || fault.kind === 'reset') this.#drop(response)
    this.#changed()
  }

  /** Acts on a request as Squadcast would. */
  #handle(received: ReceivedRequest, bytes: Buffer): Reply {
    const [, source, token] = /^\/v2\/incidents\/([^/?]+)\/([^/?]+)$/.exec(received.path) ?? []
    const known = ALERT_SOURCES.find(name => name === source)
    if (!known || token === undefined) return { status: 404 }
    if (!this.#tokens.includes(token)) return { status: this.#options.unknownToken ?? 404 }
    if (received.method !== 'POST') return { status: 405, headers: { allow: 'POST' } }
    const waitMs = this.#plan?.take(received.at) ?? 0
    if (waitMs > 0) return this.#limited(waitMs)
    try {
      this.ledger.take(readAlert(known, token, bytes), this.#options.clock.wallMs())
    } catch (error) {
      if (error instanceof NotAnAlert) return { status: error.status, body: error.message }
      throw error
    }
    received.accepted = true
    this.#accepted += 1
    return { status: 202, body: 'accepted' }
  }

  #limited(waitMs: number): Reply {
    const told = this.#options.plan?.retryAfter ?? true
    return { status: 429, ...(told && { headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } }) }
  }

  #reply(response: ServerResponse, received: ReceivedRequest, { status, headers, body = '' }: Reply): void {
    received.status = status
    response.writeHead(status, headers).end(body)
    this.#changed()
  }

  #drop({ socket }: ServerResponse): void {
    // NOTE: only a plain TCP socket can be reset.
    if (this.#options.tls) socket?.destroy()
    else socket?.resetAndDestroy()
  }

  #changed(): void {
    this.#changes.emit('change')
  }
}
