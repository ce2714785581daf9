// What was started is stopped in the opposite order: each step has a name and a time, a failing one does not
// keep the others, and stopping twice is stopping once.
import type { SystemClock } from './system-clock.ts'

export interface StopStep {
  readonly name: string
  readonly withinMs: number
  readonly stop: () => Promise<void> | void
}

export class StopSteps {
  readonly #clock: SystemClock
  readonly #failed: (step: string, error: unknown) => void
  readonly #steps: StopStep[] = []
  #stopped: Promise<void> | undefined

  constructor(clock: SystemClock, failed: (step: string, error: unknown) => void) {
    this.#clock = clock
    this.#failed = failed
  }

  add(step: StopStep): void {
    this.#steps.push(step)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#run()
    return this.#stopped
  }

  async #run(): Promise<void> {
    for (const step of this.#steps.reverse()) {
      try {
        await this.#within(step)
      } catch (error) {
        this.#failed(step.name, error)
      }
    }
  }

  #within({ name, withinMs, stop }: StopStep): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = new Error(`${name} did not stop within ${withinMs} ms`)
      const cancel = this.#clock.after(withinMs, () => reject(late))
      Promise.resolve().then(stop).then(resolve, reject).finally(cancel)
    })
  }
}
