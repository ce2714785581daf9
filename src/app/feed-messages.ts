// One connection to the live feed of the sidecar that runs, as a series of messages. It ends with the connection, and
// comes back to nothing by itself.
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { HttpSettings } from '../config/settings.ts'
import type { Happening } from '../telemetry/feed.ts'
import { AskingError, credentials, failure, listenerOf, refusal, WITHIN_MS } from './asking-http.ts'
import type { SystemClock } from './system-clock.ts'

export type FeedMessage =
  /** `startedAt` is another in each life of the sidecar; `last` is the number of its newest happening. */
  | { readonly type: 'hello'; readonly version: string; readonly startedAt: string; readonly last: number }
  | { readonly type: 'happening'; readonly happening: Happening }
  /** So many could not be had. */
  | { readonly type: 'missed'; readonly count: number }

export interface FeedAround {
  readonly clock: Pick<SystemClock, 'after'>
  /** Ends the series. */
  readonly signal: AbortSignal
}

const KNOWN: ReadonlySet<string> = new Set(['hello', 'happening', 'missed'] satisfies FeedMessage['type'][])

/** One happening; far more than the sidecar writes. */
const LONGEST_MESSAGE = 16 * 1024 * 1024
/** Of a refusal. */
const MOST_REFUSAL = 4096
/** The sidecar pings every 20 s: whoever says nothing for so long is gone. */
const SILENT_MS = 65_000

/** Throws AskingError when the feed could not be had at all; a connection that breaks later just ends. */
export async function* feedMessages(
  http: HttpSettings,
  query: URLSearchParams,
  around: FeedAround,
): AsyncGenerator<FeedMessage> {
  const connection = new Connection(http, query, around)
  try {
    for (let next = await connection.next(); next; next = await connection.next()) yield next
  } finally {
    connection.close()
  }
}

/** Whoever has the port may send anything. */
function isWhole(message: FeedMessage): boolean {
  switch (message.type) {
    case 'hello':
      return typeof message.startedAt === 'string' && typeof message.last === 'number'
    case 'missed':
      return typeof message.count === 'number'
    case 'happening':
      return isHappening(message.happening)
    default:
      return true
  }
}

const isHappening = (value: Partial<Happening> | null): boolean =>
  typeof value?.number === 'number' &&
  [value.at, value.severity, value.event, value.text].every(text => typeof text === 'string')

class Connection {
  readonly #at: string
  readonly #around: FeedAround
  readonly #socket: WebSocket
  readonly #messages: FeedMessage[] = []
  #wake: (() => void) | undefined
  #error: AskingError | undefined
  #isOver = false
  #greeted = false
  #cancelSilence: () => void
  readonly #over = (): void => this.#end()

  constructor(http: HttpSettings, query: URLSearchParams, around: FeedAround) {
    this.#at = listenerOf(http)
    this.#around = around
    this.#socket = new WebSocket(`ws://${this.#at}/feed?${query}`, {
      ...{ headers: credentials(http), maxPayload: LONGEST_MESSAGE, perMessageDeflate: false },
    })
    this.#cancelSilence = this.#endIn(WITHIN_MS)
    this.#socket.on('message', data => this.#take(String(data)))
    this.#socket.on('ping', () => this.#heard())
    this.#socket.on('unexpected-response', (_, response) => void this.#refused(response))
    this.#socket.on('error', error => this.#end(failure(this.#at, error)))
    this.#socket.on('close', this.#over)
    around.signal.addEventListener('abort', this.#over)
  }

  /** Undefined: it is over. */
  async next(): Promise<FeedMessage | undefined> {
    while (this.#messages.length === 0 && !this.#isOver)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    const message = this.#messages.shift()
    if (message || this.#around.signal.aborted || this.#greeted) return message
    throw (
      this.#error ?? new AskingError('timeout', `nothing answers at ${this.#at} within ${WITHIN_MS / 1000} s`)
    )
  }

  close(): void {
    this.#around.signal.removeEventListener('abort', this.#over)
    this.#cancelSilence()
    this.#socket.terminate()
  }

  #take(text: string): void {
    this.#heard()
    try {
      const message = JSON.parse(text) as FeedMessage
      if (message.type === 'hello') this.#greeted = true
      if (!this.#greeted) throw new SyntaxError('no hello')
      if (!isWhole(message)) throw new SyntaxError(`no whole ${message.type}`)
      // A newer sidecar may say more.
      if (KNOWN.has(message.type)) this.#messages.push(message)
      this.#wake?.()
    } catch (error) {
      this.#end(failure(this.#at, error))
    }
  }

  async #refused(response: IncomingMessage): Promise<void> {
    let text = ''
    for await (const chunk of response) {
      text += chunk
      if (text.length > MOST_REFUSAL) break
    }
    this.#end(refusal(this.#at, response.statusCode ?? 0, text))
  }

  #heard(): void {
    this.#cancelSilence()
    this.#cancelSilence = this.#endIn(SILENT_MS)
  }

  #endIn(ms: number): () => void {
    return this.#around.clock.after(ms, this.#over)
  }

  /** The first reason counts. */
  #end(error?: AskingError): void {
    if (this.#isOver) return
    this.#error = error
    this.#isOver = true
    this.#socket.terminate()
    this.#wake?.()
  }
}
