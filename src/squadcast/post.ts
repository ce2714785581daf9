// One POST to one URL: connections that are kept open, a limit in time that covers everything, a limit on
// how much of an answer is read. It reports what happened and judges nothing; it never follows a redirect
// and never sends anything twice.
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { type Dispatcher, Pool } from 'undici'
import type { Clock } from '../delivery/clock.ts'
import { basicLogin } from './basic-login.ts'
import { connectorFor, type Way } from './tunnel.ts'
import type { Outcome } from './verdict.ts'

/** Of an answer no more than this is read; then the connection is given up. */
export const ANSWER_BYTES = 64 * 1024

export interface PostSettings extends Way {
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
}

export interface Post {
  /** Never rejects. */
  send(body: string, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}

/** Throws an Error with a `code` when the settings cannot be used. */
export function openPost(settings: PostSettings, clock: Pick<Clock, 'after'>): Post {
  const { url, connections, timeoutMs } = settings
  // NOTE: limits in time are the exchange's own, so that one limit covers connecting, waiting and reading.
  const pool = new Pool(url.origin, {
    connect: connectorFor(settings),
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  })
  const headers = requestHeaders(settings)
  const underWay = new Set<Promise<Outcome>>()
  return {
    async send(body, signal) {
      const exchange = new Exchange()
      underWay.add(exchange.outcome)
      exchange.outcome.then(() => underWay.delete(exchange.outcome))
      const tooLate = clock.after(timeoutMs, () => exchange.giveUp(new OutOfTime(timeoutMs)))
      const leave = () => exchange.giveUp(new CutShort())
      signal.addEventListener('abort', leave)
      if (signal.aborted) leave()
      else exchange.begin(pool, { method: 'POST', path: url.pathname + url.search, headers, body })
      try {
        return await exchange.outcome
      } finally {
        tooLate()
        signal.removeEventListener('abort', leave)
      }
    },
    async close() {
      await Promise.all(underWay)
      await pool.destroy()
    },
  }
}

/** These belong to the connection, not to whoever configures it. */
const OWN_HEADERS = new Set(
  'connection content-length expect keep-alive proxy-authorization te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

function requestHeaders({ url, headers }: PostSettings): Record<string, string> {
  const authorization = basicLogin(url)
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  for (const [name, value] of Object.entries(own)) checkHeader(name, value)
  return {
    'content-type': 'application/json',
    'user-agent': 'kapacitor-squadcast',
    ...(authorization && { authorization }),
    ...own,
  }
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    if (!OWN_HEADERS.has(name)) return
  } catch {
    // NOTE: the cause quotes the value, which may be a secret.
  }
  throw Object.assign(new Error(`the header ${JSON.stringify(name)} of the endpoint cannot be sent`), {
    code: 'HEADER_INVALID',
    hint: 'use letters, digits and hyphens in the name, and printable characters in the value',
  })
}

/** The time for one attempt ran out. */
export class OutOfTime extends Error {
  readonly code = 'TIMEOUT'

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs / 1000} s`)
  }
}

/** The process had to leave in the middle of the attempt. */
export class CutShort extends Error {
  readonly code = 'CUT_SHORT'

  constructor() {
    super('cut short, since the process is leaving')
  }
}

/**
 * One request and its answer.
 *   waiting   for a connection; nothing was sent                  -> begun, over
 *   begun     the request is being written, or was                -> answering, over
 *   answering the status is known, the body is being read         -> over
 *   over      the outcome is settled; a late connection is refused
 * Once the status is known, whatever breaks afterwards does not change what was answered.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly outcome: Promise<Outcome>
  #settle!: (outcome: Outcome) => void
  #over = false
  #controller: Dispatcher.DispatchController | undefined
  #answer: { status: number; retryAfter?: string } | undefined
  readonly #chunks: Buffer[] = []
  #bytes = 0

  constructor() {
    this.outcome = new Promise(resolve => {
      this.#settle = resolve
    })
  }

  begin(dispatcher: Dispatcher, request: Omit<Dispatcher.DispatchOptions, 'origin'>): void {
    try {
      dispatcher.dispatch(request, this)
    } catch (error) {
      this.#end(error)
    }
  }

  giveUp(error: Error): void {
    this.#end(error)
    this.#controller?.abort(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A second beginning would be a second request within one attempt.
    if (this.#over || this.#controller) controller.abort(new CutShort())
    else this.#controller = controller
  }

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ) {
    if (status < 200) return
    const retryAfter = [headers['retry-after'] ?? []].flat()[0]
    this.#answer = { status, ...(retryAfter !== undefined && { retryAfter }) }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes < ANSWER_BYTES) return
    this.#end(undefined)
    controller.abort(new CutShort())
  }

  onResponseEnd(): void {
    this.#end(undefined)
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end(error)
  }

  #end(error: unknown): void {
    if (this.#over) return
    this.#over = true
    const body = () => Buffer.concat(this.#chunks).subarray(0, ANSWER_BYTES).toString()
    this.#settle(
      this.#answer
        ? { kind: 'answered', ...this.#answer, body: body() }
        : { kind: 'failed', error, begun: this.#controller !== undefined },
    )
  }
}
