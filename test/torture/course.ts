// What one group of one task goes through: levels, each of which makes an event, and what its task has to say again
// after a crash. Pure. It knows only what came back: of all else it cannot know whether it was committed.
import type { Chance } from '../udf/fuzz/chance.ts'

export type CourseLevel = 'OK' | 'WARNING' | 'CRITICAL'

const NEXT: Readonly<Record<CourseLevel, readonly CourseLevel[]>> = {
  OK: ['WARNING', 'CRITICAL', 'CRITICAL'],
  WARNING: ['CRITICAL', 'OK'],
  CRITICAL: ['OK'],
}

export class Course {
  /** Of what came back last. */
  level: CourseLevel = 'OK'
  /** Levels that were sent since, in order. */
  #unsure: CourseLevel[] = []
  #isAwaited = false

  /** What was sent last makes an event for certain, so that it comes back. */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  get isSure(): boolean {
    return this.#unsure.length === 0
  }

  /** The next level, chosen at random, or on the way to `goal`. It makes an event, whatever was committed. */
  next(chance: Chance, goal?: CourseLevel): CourseLevel {
    const last = this.#unsure.at(-1)
    const from = last ?? this.level
    // Whether a rise would tell again depends on what was told: only the end of an incident is certain.
    const choices = last !== undefined && last !== 'OK' ? (['OK'] as const) : NEXT[from]
    const level = choices.find(choice => choice === goal) ?? chance.pick(choices)
    this.#unsure.push(level)
    this.#isAwaited = true
    return level
  }

  /** The event of the last one came back, and all before it are in the past. */
  returned(): void {
    this.level = this.#unsure.at(-1)!
    this.#unsure = []
    this.#isAwaited = false
  }

  /** The other end has gone: what is to be sent again, in order, each as a point of its own. */
  again(): CourseLevel[] {
    // Of one alone nobody knows whether it was committed, so that it may make no event now.
    this.#isAwaited = this.#unsure.length > 1
    return [...this.#unsure]
  }
}
