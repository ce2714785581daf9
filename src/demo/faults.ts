// What goes wrong at a pretended Squadcast, as a test or the demo scripts it: the next requests, or whichever
// requests a rule picks. It decides which fault a request meets; causing it is the server's work.
import type { ReceivedRequest } from './received-request.ts'

export type Fault =
  /** Answers so, and acts on nothing. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** Never answers, and acts on nothing. */
  | { readonly kind: 'hang' }
  /** Resets the connection, and acts on nothing. */
  | { readonly kind: 'reset' }
  /** Acts on the request, and then resets the connection instead of answering. */
  | { readonly kind: 'lost answer' }
  /** Acts and answers as usual, but later. */
  | { readonly kind: 'slow'; readonly ms: number }

export type FaultRule = (request: ReceivedRequest) => Fault | undefined

export class Faults {
  readonly #next: Fault[] = []
  #rule: FaultRule | undefined

  /** The next `times` requests meet this fault; calls queue up. */
  next(fault: Fault, times = 1): void {
    for (let count = 0; count < times; count += 1) this.#next.push(fault)
  }

  /** From now on, and after all that `next` scripted, this rule decides. Undefined: nothing goes wrong. */
  whenever(rule: FaultRule | undefined): void {
    this.#rule = rule
  }

  /** Everything works again. */
  repair(): void {
    this.#next.length = 0
    this.#rule = undefined
  }

  /** The fault that this request meets; a scripted one is used up. */
  take(request: ReceivedRequest): Fault | undefined {
    return this.#next.shift() ?? this.#rule?.(request)
  }
}
