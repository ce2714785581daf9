// Tests of endpoints that somebody asked for: a trigger through the same lanes and pacing as any other, and its
// resolve once the trigger has met an answer, or has waited for too long. No point is behind such an incident, so
// the book knows nothing of it.
import type { PendingEvent } from '../delivery/ledger.ts'
import type { Change } from '../incident/judgement.ts'
import { Level } from '../incident/level.ts'
import type { InstructionMark, InstructionRow } from '../outbox/requests.ts'
import type { TestAnswer, TestBody } from './instruction-forms.ts'
import { type SystemClock, wallNs } from './system-clock.ts'
import { testEvent } from './test-event.ts'

export interface EndpointTestsParts {
  readonly clock: SystemClock
  readonly isConfigured: (endpoint: string) => boolean
  /** The number of a new opening. */
  readonly takeOpening: () => number
  readonly commit: (changes: readonly Change[], instruction: InstructionMark) => Promise<unknown>
}

/** Then the resolve is made, and takes a trigger that nobody has received with it. */
const LONGEST_WAIT_MS = 15_000

interface Test extends TestBody {
  readonly id: number
  readonly opening: number
}

export class EndpointTests {
  readonly #parts: EndpointTestsParts
  /** By opening: tests whose trigger waits for its first answer. */
  readonly #waiting = new Map<number, { readonly done: () => void; readonly cancel: () => void }>()

  constructor(parts: EndpointTestsParts) {
    this.#parts = parts
  }

  /** Resolves when the instruction is answered. After a crash it goes on where it was. */
  async begin({ id, answer }: InstructionRow, body: TestBody): Promise<void> {
    const { isConfigured, takeOpening, commit } = this.#parts
    const begun = answer === null ? undefined : (JSON.parse(answer) as TestAnswer)
    if (begun?.result === 'begun') return this.#resolve({ ...body, id, opening: begun.opening })
    if (!isConfigured(body.endpoint)) {
      const unknown: TestAnswer = { result: 'unknown-endpoint' }
      await commit([], { id, answer: JSON.stringify(unknown), isDone: true })
      return
    }
    const test: Test = { ...body, id, opening: takeOpening() }
    const answered = this.#answered(test.opening)
    await commit([this.#trigger(test)], this.#mark(test, false))
    await answered
    await this.#resolve(test)
  }

  /** After each answer that an attempt met. */
  attempted({ opening, kind }: PendingEvent): void {
    if (kind === 'trigger') this.#waiting.get(opening)?.done()
  }

  /** What is not over goes on after the next start. */
  stop(): void {
    for (const { cancel } of this.#waiting.values()) cancel()
  }

  #answered(opening: number): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        cancel()
        this.#waiting.delete(opening)
        resolve()
      }
      const cancel = this.#parts.clock.after(LONGEST_WAIT_MS, done)
      this.#waiting.set(opening, { done, cancel })
    })
  }

  #trigger({ opening, endpoint, incident }: Test): Change {
    const time = wallNs(this.#parts.clock)
    const event = testEvent('trigger', incident, time)
    // Closed from the start: a daemon that reads it back finds nothing open that no point will ever close.
    const changes = [
      { change: 'open', opening, endpoint, id: incident, openedTime: time },
      { change: 'close', opening },
    ] as const
    return { changes, opening, endpoint, level: Level.info, event }
  }

  async #resolve(test: Test): Promise<void> {
    const { opening, endpoint, incident } = test
    const event = testEvent('resolve', incident, wallNs(this.#parts.clock))
    const change: Change = { changes: [], opening, endpoint, level: Level.ok, event }
    await this.#parts.commit([change], this.#mark(test, true))
  }

  #mark({ id, opening, endpoint }: Test, isDone: boolean): InstructionMark {
    const answer: TestAnswer = { result: 'begun', opening, endpoint }
    return { id, answer: JSON.stringify(answer), isDone }
  }
}
