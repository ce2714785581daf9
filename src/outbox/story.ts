// Writes down what happened to an incident, in order, for a person who asks why somebody was paged, or was not.
// One small row for each change; nothing is ever decided by it.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Level } from '../incident/level.ts'
import type { StateChange } from '../incident/state-change.ts'
import type { NewEvent } from './requests.ts'

/**
 * contributor: a point gave a contributor this level. without-level: points of it come that have none; the text says why. silent, forgotten, orphaned: it left without a point. recurred: a
 * post began another occurrence, and the recovery between was never posted. event: a trigger or
 * a resolve was made. held, back: a resolve waits, and is not sent since a contributor is back. muted: resolved by
 * hand. untold: its trigger was refused for good, so the next point tells again. retried, discarded: what a person
 * did with a dead letter. fallback: told another way, since the receiver had not taken it.
 */
export const WHATS = [
  'contributor',
  'without-level',
  'silent',
  'forgotten',
  'orphaned',
  'recurred',
  'event',
  'held',
  'back',
  'muted',
  'untold',
  'retried',
  'discarded',
  'fallback',
] as const
export type What = (typeof WHATS)[number]

interface Entry {
  readonly what: What
  readonly task?: string
  readonly node?: string
  readonly group?: string
  readonly level?: Level
  readonly seq?: number
  readonly text?: string
}

export class StoryWriter {
  readonly #add: StatementSync
  readonly #event: StatementSync

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      'INSERT INTO story (opening, at, what, task, node, "group", level, seq, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#event = db.prepare(
      'INSERT INTO story (opening, at, what, seq) SELECT opening, ?, ?, seq FROM event WHERE seq = ?',
    )
  }

  change(change: StateChange, at: number): void {
    const entry = entryOf(change)
    if (entry) this.#write(change.opening, at, entry)
  }

  event({ opening, seq, task, level }: NewEvent, at: number): void {
    this.#write(opening, at, { what: 'event', task, level, seq })
  }

  /** What a person did with an event. */
  byHand(what: 'retried' | 'discarded', seq: number, at: number): void {
    this.#event.run(at, what, seq)
  }

  toldByFallback(opening: number, at: number): void {
    this.#write(opening, at, { what: 'fallback' })
  }

  #write(opening: number, at: number, { what, task, node, group, level, seq, text }: Entry): void {
    const values = [task ?? null, node ?? null, group ?? null, level ?? null, seq ?? null, text ?? null]
    this.#add.run(opening, at, what, ...values)
  }
}

function entryOf(change: StateChange): Entry | undefined {
  switch (change.change) {
    case 'contributor': {
      const { task, node, group, level, gone } = change
      return { what: gone ?? 'contributor', task, node, group, level }
    }
    case 'without-level': {
      const { task, node, group, why } = change
      return { what: 'without-level', task, node, group, text: why }
    }
    case 'told':
      return change.level === Level.ok ? { what: 'untold', task: change.task } : undefined
    case 'hold':
      return { what: 'held', task: change.event.task }
    case 'unhold':
      return { what: 'back' }
    case 'mute':
      return { what: 'muted' }
    default:
      return undefined
  }
}
