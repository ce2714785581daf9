// Asks the daemon for something from another process: a row that the daemon finds, now or when it starts, and
// answers in the transaction that holds what came of it.
import type { DatabaseSync } from 'node:sqlite'
import { openExisting } from './reader.ts'

export const INSTRUCTION_KINDS = ['resolve', 'retry', 'discard', 'test'] as const
export type InstructionKind = (typeof INSTRUCTION_KINDS)[number]

export interface Progress {
  readonly isDone: boolean
  /** Undefined: the daemon has not answered. */
  readonly answer: unknown
}

export class Instructor {
  readonly #db: DatabaseSync

  private constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Throws StoreError: absent, of another version, or not to be opened. */
  static open(path: string): Instructor {
    return new Instructor(openExisting(path, { readOnly: false }))
  }

  /** Returns its number once it is on the disk. Throws SQLite's own error when the disk does not take it. */
  ask(kind: InstructionKind, body: unknown, at: number): number {
    const row = this.#db
      .prepare('INSERT INTO instruction (at, kind, body) VALUES (?, ?, ?) RETURNING id')
      .get(at, kind, JSON.stringify(body)) as { id: number }
    return row.id
  }

  progress(id: number): Progress {
    const row = this.#db.prepare('SELECT done_at, answer FROM instruction WHERE id = ?').get(id) as
      | { done_at: number | null; answer: string | null }
      | undefined
    return {
      isDone: row?.done_at != null,
      answer: row?.answer == null ? undefined : JSON.parse(row.answer),
    }
  }

  close(): void {
    this.#db.close()
  }
}
