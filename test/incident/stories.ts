// One contributor to tell stories of, and what a book decides in a word or two.
import type { Book } from '../../src/incident/book.ts'
import type { Who } from '../../src/incident/contributors.ts'
import { type Level, levelName } from '../../src/incident/level.ts'
import type { Decision, Observation } from '../../src/incident/observation.ts'

export const ALPHA: Who = {
  endpoint: 'default',
  id: 'disk/alpha',
  task: 'disk',
  node: 'squadcast2',
  group: 'host=alpha',
}

/** A point of `ALPHA` at a level, at time 7, unless said otherwise. */
export const observe = (book: Book, level: Level, changed: Partial<Observation> = {}): Decision | undefined =>
  book.observe({ ...ALPHA, level, time: 7n, at: 0, noRecoveries: false, retriggerOnRise: true, ...changed })

/** `trigger OK>CRITICAL`, or what else happened. */
export function story(decision: Decision | undefined): string {
  if (!decision) return 'nothing changed'
  if (!decision.news) return 'no event'
  const { kind, previousLevel, level } = decision.news
  return `${kind} ${levelName(previousLevel)}>${levelName(level)}`
}
