// Follows the live feed over whatever breaks: comes back, goes on where it stopped, and knows a sidecar that was
// started anew, whose happenings are numbered from the beginning.
import type { HttpSettings } from '../config/settings.ts'
import type { Happening } from '../telemetry/feed.ts'
import { AskingError } from './asking-http.ts'
import { type FeedAround, feedMessages } from './feed-messages.ts'

/** The happening that was seen last, and of which life of the sidecar. */
export interface FeedPlace {
  readonly startedAt: string
  readonly number: number
}

export type Followed =
  | { readonly what: 'happening'; readonly happening: Happening }
  | { readonly what: 'missed'; readonly count: number }
  /** Once, until it is back. */
  | { readonly what: 'lost'; readonly why: string }
  | { readonly what: 'back'; readonly isAnother: boolean }

const LONGEST_PAUSE_MS = 5000
const pauseAfter = (tries: number): number => Math.min(250 * 2 ** tries, LONGEST_PAUSE_MS)

/**
 * Ends with the signal. Throws AskingError when not even the first connection could be had.
 * @param filters as the feed takes them. @param from absent: from now on.
 */
export async function* followFeed(
  http: HttpSettings,
  filters: URLSearchParams,
  { from, around }: { readonly from?: FeedPlace | undefined; readonly around: FeedAround },
): AsyncGenerator<Followed> {
  const course = new Course(filters, from)
  while (!around.signal.aborted) {
    try {
      for await (const message of feedMessages(http, course.query, around)) {
        if (message.type === 'hello') {
          const back = course.greeted(message)
          if (back) yield back
          // What came before the number that it was asked for is missing.
          if (course.mustStartAnew) break
        } else if (message.type === 'missed') yield { what: 'missed', count: message.count }
        else {
          course.seen(message.happening.number)
          yield { what: 'happening', happening: message.happening }
        }
      }
      if (course.mustStartAnew || around.signal.aborted) continue
      yield* course.lost('the connection ended')
    } catch (error) {
      if (!(error instanceof AskingError) || !course.hasBegun) throw error
      yield* course.lost(error.message)
    }
    await pauseUnlessOver(pauseAfter(course.tries), around)
  }
}

/** What is known of the feed between two connections. */
class Course {
  tries = 0
  readonly #filters: URLSearchParams
  #place: FeedPlace | undefined
  #isLost = false
  #mustStartAnew = false

  constructor(filters: URLSearchParams, from: FeedPlace | undefined) {
    this.#filters = filters
    this.#place = from
  }

  get hasBegun(): boolean {
    return this.#place !== undefined
  }

  get mustStartAnew(): boolean {
    return this.#mustStartAnew
  }

  get query(): URLSearchParams {
    const query = new URLSearchParams(this.#filters)
    if (this.#place) query.set('after', String(this.#place.number))
    return query
  }

  /** A message when it was away. */
  greeted({ startedAt, last }: { readonly startedAt: string; readonly last: number }): Followed | undefined {
    const isAnother = this.#place !== undefined && this.#place.startedAt !== startedAt
    this.#mustStartAnew = isAnother && this.#place?.number !== 0
    this.#place = { startedAt, number: isAnother ? 0 : (this.#place?.number ?? last) }
    this.tries = 0
    const wasLost = this.#isLost
    this.#isLost = false
    return wasLost || isAnother ? { what: 'back', isAnother } : undefined
  }

  seen(number: number): void {
    if (this.#place) this.#place = { ...this.#place, number }
  }

  *lost(why: string): Generator<Followed> {
    this.tries++
    if (!this.#isLost) yield { what: 'lost', why }
    this.#isLost = true
  }
}

async function pauseUnlessOver(ms: number, { clock, signal }: FeedAround): Promise<void> {
  if (signal.aborted) return
  const over = Promise.withResolvers<void>()
  const end = (): void => over.resolve()
  signal.addEventListener('abort', end, { once: true })
  const cancel = clock.after(ms, end)
  await over.promise
  cancel()
  signal.removeEventListener('abort', end)
}
