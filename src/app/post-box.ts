// From a post of Kapacitor to a committed change: which endpoint it is for, what the book makes of it, and the
// answer that Kapacitor gets once the store has it.
import type { Taken } from '../http/intake.ts'
import type { Book } from '../incident/book.ts'
import type { Change } from '../incident/judgement.ts'
import { judgePost, type PostedAlert } from '../incident/posts.ts'
import type { StateChange } from '../incident/state-change.ts'
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
  readonly commitState: (changes: readonly StateChange[]) => Promise<void>
  readonly telemetry: HttpTelemetry
}

const HOUR_MS = 3_600_000
/** How far the store may lag behind repeats: only a restart of Kapacitor too, and that soon, asks for them. */
const SAVE_EVERY_MS = 60_000

export class PostBox {
  readonly #parts: PostBoxParts
  readonly #unknownEndpoints: Seldom
  /** Openings whose newest repeat the store does not know, with its time. */
  readonly #repeats = new Map<number, bigint>()
  #savedAt: number

  constructor(parts: PostBoxParts) {
    this.#parts = parts
    this.#savedAt = parts.clock.monotonicMs()
    this.#unknownEndpoints = new Seldom(HOUR_MS, () => parts.clock.monotonicMs())
  }

  /** @param asked the endpoint of the path; empty: the default one. Rejects when it can never be stored. */
  async take(alert: PostedAlert, asked: string): Promise<Taken> {
    const { book, clock, endpointRules, commit, telemetry } = this.#parts
    const name = asked === '' ? DEFAULT_ENDPOINT : asked
    if (!endpointRules(name)) telemetry.unknownEndpoint(name, this.#unknownEndpoints.count(name))
    const policy = endpointPolicy(name, endpointRules)
    const { changes, why = '' } = judgePost(alert, { book, policy, at: clock.wallMs() })
    if (changes.length === 0) this.#noteRepeat(alert.id, policy.endpoint)
    const durable = changes.length > 0 ? await commit(changes) : true
    const event = changes.at(-1)?.event?.kind ?? null
    telemetry.postTaken(event ?? 'no-event')
    return event === null ? { event, why, durable } : { event, durable }
  }

  /** Writes down until when the occurrences lasted that were posted again. */
  async save(): Promise<void> {
    const changes = [...this.#repeats].map(([opening, alertTime]) => ({
      ...{ change: 'repeated' as const, opening, alertTime },
    }))
    this.#repeats.clear()
    this.#savedAt = this.#parts.clock.monotonicMs()
    if (changes.length > 0) await this.#parts.commitState(changes)
  }

  #noteRepeat(id: string, endpoint: string): void {
    const { book, clock } = this.#parts
    const known = book.posts({ endpoint, id })
    if (!known?.posted) return
    this.#repeats.set(known.incident.opening, known.posted.newest)
    // A failure is told and kept by the store itself.
    if (clock.monotonicMs() - this.#savedAt >= SAVE_EVERY_MS) this.save().catch(() => {})
  }
}
