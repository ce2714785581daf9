// From a post of Kapacitor to a committed change: which endpoint it is for, what the book makes of it, and the
// answer that Kapacitor gets once the store has it.
import type { Taken } from '../http/intake.ts'
import type { Book } from '../incident/book.ts'
import type { Change } from '../incident/judgement.ts'
import { judgePost, type PostedAlert } from '../incident/posts.ts'
import type { HttpTelemetry } from '../telemetry/http-telemetry.ts'
import { DEFAULT_ENDPOINT, type EndpointRules, endpointPolicy } from './endpoint-policy.ts'
import { Seldom } from './seldom.ts'
import type { SystemClock } from './system-clock.ts'

export interface PostBoxParts {
  readonly book: Book
  readonly clock: Pick<SystemClock, 'monotonicMs' | 'wallMs'>
  /** Undefined for a name that is not configured. */
  readonly endpointRules: (name: string) => EndpointRules | undefined
  /** Resolves with false when the disk takes nothing, and memory has them. */
  readonly commit: (changes: readonly Change[]) => Promise<boolean>
  readonly telemetry: HttpTelemetry
}

const HOUR_MS = 3_600_000

export class PostBox {
  readonly #parts: PostBoxParts
  readonly #unknownEndpoints: Seldom

  constructor(parts: PostBoxParts) {
    this.#parts = parts
    this.#unknownEndpoints = new Seldom(HOUR_MS, () => parts.clock.monotonicMs())
  }

  /** @param asked the endpoint of the path; empty: the default one. Rejects when it can never be stored. */
  async take(alert: PostedAlert, asked: string): Promise<Taken> {
    const { book, clock, endpointRules, commit, telemetry } = this.#parts
    const name = asked === '' ? DEFAULT_ENDPOINT : asked
    if (!endpointRules(name)) telemetry.unknownEndpoint(name, this.#unknownEndpoints.count(name))
    const policy = endpointPolicy(name, endpointRules)
    const { changes, why = '' } = judgePost(alert, { book, policy, at: clock.wallMs() })
    const durable = changes.length > 0 ? await commit(changes) : true
    const event = changes.at(-1)?.event?.kind ?? null
    telemetry.postTaken(event ?? 'no-event')
    return event === null ? { event, why, durable } : { event, durable }
  }
}
