// A webhook of both formats that behaves badly, as its chance has it, and writes down what it acted upon. Whatever
// it answers, an event counts as accepted when the receiver acted on it.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Chance } from '../udf/fuzz/chance.ts'
import type { Accepted } from './audit.ts'

const MANNERS = {
  accept: 1500,
  'accept late': 160,
  'fail before': 70,
  'fail after': 40,
  'drop the reply': 80,
  'cut the reply': 40,
  reset: 40,
  'hang before': 12,
  'hang after': 12,
  limit: 4,
} as const
type Manner = keyof typeof MANNERS
const DECK = Object.entries(MANNERS).flatMap(([manner, count]) => Array<Manner>(count).fill(manner as Manner))
const ACTS: ReadonlySet<Manner> = new Set([
  'accept',
  'accept late',
  'fail after',
  'drop the reply',
  'cut the reply',
  'hang after',
])
/** With a 2xx. */
const ANSWERS: ReadonlySet<Manner> = new Set(['accept', 'accept late', 'cut the reply'])
const LATE_MS = 60
/** Once in so many requests nothing gets through for a while, so that events queue up. */
const REQUESTS_BETWEEN = 250
const MOST_AWAY_MS = 1500
const AWAY = ['fail before', 'fail before', 'reset', 'fail after'] as const

export class RudeReceiver {
  readonly accepted: Accepted[] = []
  /** When each request arrived, ms. */
  readonly moments: number[] = []
  /** From now on everything is accepted at once. */
  polite = false
  readonly #chance: Chance
  #awayUntil = 0
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  private constructor(chance: Chance) {
    this.#chance = chance
  }

  static async listen(chance: Chance): Promise<RudeReceiver> {
    const receiver = new RudeReceiver(chance)
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined)
    // The sender was killed in the middle of its request.
    if (body === undefined || !request.complete) return
    this.moments.push(performance.now())
    const manner = this.#manner()
    if (ACTS.has(manner)) this.accepted.push({ ...readEvent(body), isAnswered: ANSWERS.has(manner) })
    answer(manner, response)
  }

  #manner(): Manner {
    if (this.polite) return 'accept'
    const now = performance.now()
    if (this.#chance.oneIn(REQUESTS_BETWEEN)) this.#awayUntil = now + this.#chance.below(MOST_AWAY_MS)
    return this.#chance.pick(now < this.#awayUntil ? AWAY : DECK)
  }
}

function answer(manner: Manner, response: ServerResponse): void {
  if (manner === 'accept') response.writeHead(202).end('accepted')
  else if (manner === 'accept late') setTimeout(() => response.writeHead(202).end(), LATE_MS)
  else if (manner === 'fail before' || manner === 'fail after') response.writeHead(503).end('no')
  else if (manner === 'limit') response.writeHead(429, { 'retry-after': '1' }).end()
  else if (manner === 'reset' || manner === 'drop the reply') response.socket?.resetAndDestroy()
  else if (manner === 'cut the reply') {
    response.writeHead(202, { 'content-length': 100 })
    response.write('half', () => response.destroy())
  }
}

/** The workload writes the number of its point as the message of the event. */
function readEvent(body: string): Omit<Accepted, 'isAnswered'> {
  const { id, event_id, level, status, message } = JSON.parse(body) as Record<string, string>
  const isResolve = level === 'OK' || status === 'resolve'
  return { number: Number(message), incident: (id ?? event_id)!, kind: isResolve ? 'resolve' : 'trigger' }
}
