// The page's connection to the sidecar: the feed over a WebSocket, again and again with longer pauses, going on where
// it stopped. Where the feed is refused but the sidecar answers, it asks for the status instead. It shows nothing.
//
//   connecting  first try               -> live, polled, away, locked
//   live        messages come           -> away, polled, locked   when it closes, or nothing comes for long
//   polled      no feed, status by GET  -> live, away, locked     at each try
//   away        nobody answers          -> live, polled, locked   at each try
//   locked      the token is refused    -> live, polled, away     at each try
import type { StatusView } from '../app/status-view.ts'
import type { Happening } from '../telemetry/feed.ts'

export type LinkState = 'connecting' | 'live' | 'polled' | 'away' | 'locked'

export interface Link {
  readonly state: LinkState
  /** When the next try is; monotonic clock, ms. */
  readonly retryAt?: number
}

export interface Hello {
  readonly version: string
  readonly startedAt: string
  readonly last: number
}

export type Message =
  | ({ readonly type: 'hello' } & Hello)
  | { readonly type: 'status'; readonly status: StatusView }
  | { readonly type: 'happening'; readonly happening: Happening }
  | { readonly type: 'missed'; readonly count: number }

/** A WebSocket, as far as it is used. */
export interface FeedSocket {
  close(): void
}

export interface FeedListener {
  readonly message: (text: string) => void
  /** Once, whyever. */
  readonly closed: () => void
}

export interface ConnectionParts {
  /** Never throws. @param query of the feed's address. */
  readonly open: (query: string, listener: FeedListener) => FeedSocket
  /** Asks for the status; rejects where nobody answers. `status` is absent where the answer is a refusal. */
  readonly ask: () => Promise<{ readonly code: number; readonly status?: StatusView }>
  readonly after: (ms: number, fire: () => void) => () => void
  /** Monotonic clock, ms. */
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
}

export interface ConnectionEvents {
  readonly link: (link: Link) => void
  /** `isNew`: another process than before. */
  readonly hello: (hello: Hello, isNew: boolean) => void
  readonly status: (status: StatusView) => void
  readonly happening: (happening: Happening) => void
  readonly missed: (count: number) => void
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000
const POLL_EVERY_MS = 4_000
/** The status comes every other second: a feed that says nothing for so long is none. */
const SILENCE_MS = 10_000
/** Of what happened before this page was opened. */
const RECENT = 300
const UNAUTHORIZED = 401

export class Connection {
  readonly #parts: ConnectionParts
  readonly #events: ConnectionEvents
  #state: LinkState = 'connecting'
  #socket: FeedSocket | undefined
  #failures = 0
  #last = 0
  #startedAt: string | undefined
  #cancelRetry = (): void => {}
  #cancelWatch = (): void => {}

  constructor(parts: ConnectionParts, events: ConnectionEvents) {
    this.#parts = parts
    this.#events = events
  }

  /** Tries now; where it is live already, nothing happens. */
  tryNow(): void {
    if (this.#socket) return
    this.#cancelRetry()
    const socket: FeedSocket = this.#parts.open(this.#query(), {
      message: text => {
        if (socket === this.#socket) this.#take(JSON.parse(text) as Message)
      },
      closed: () => {
        if (socket === this.#socket) this.#lost()
      },
    })
    this.#socket = socket
    this.#watch()
  }

  #query(): string {
    const query = new URLSearchParams({ status: '', recent: String(RECENT) })
    if (this.#startedAt !== undefined) {
      query.set('started', this.#startedAt)
      query.set('after', String(this.#last))
    }
    return query.toString()
  }

  #take(message: Message): void {
    this.#watch()
    if (this.#state !== 'live') this.#become({ state: 'live' })
    this.#failures = 0
    switch (message.type) {
      case 'hello':
        this.#meet(message)
        break
      case 'status':
        this.#events.status(message.status)
        break
      case 'happening':
        this.#last = message.happening.number
        this.#events.happening(message.happening)
        break
      case 'missed':
        this.#events.missed(message.count)
        break
    }
  }

  #meet({ version, startedAt, last }: Hello): void {
    const isNew = this.#startedAt !== undefined && this.#startedAt !== startedAt
    if (isNew) this.#last = 0
    this.#startedAt = startedAt
    this.#events.hello({ version, startedAt, last }, isNew)
  }

  #watch(): void {
    this.#cancelWatch()
    this.#cancelWatch = this.#parts.after(SILENCE_MS, () => {
      const socket = this.#socket
      if (!socket) return
      this.#lost()
      socket.close()
    })
  }

  /** Why: the sidecar is away, or it does not let us in, or only the feed is not to be had. */
  #lost(): void {
    this.#socket = undefined
    this.#cancelWatch()
    const longest = this.#state === 'polled' ? POLL_EVERY_MS : LONGEST_PAUSE_MS
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, longest)
    this.#failures++
    const retryIn = pause * (0.8 + 0.4 * this.#parts.random())
    const retryAt = this.#parts.now() + retryIn
    this.#cancelRetry = this.#parts.after(retryIn, () => this.tryNow())
    void this.#askInstead(retryAt)
  }

  async #askInstead(retryAt: number): Promise<void> {
    const { code, status } = await this.#parts.ask().catch(() => ({ code: 0, status: undefined }))
    // It may be live again meanwhile.
    if (this.#socket && this.#state === 'live') return
    if (status) this.#events.status(status)
    this.#become({ state: status ? 'polled' : code === UNAUTHORIZED ? 'locked' : 'away', retryAt })
  }

  #become(link: Link): void {
    this.#state = link.state
    this.#events.link(link)
  }
}
