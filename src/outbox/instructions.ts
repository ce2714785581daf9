// What other processes have asked of the daemon, as the daemon's own thread reads and answers it. An instruction is
// marked in the transaction that holds its effect, so it is done once, whatever ends the process.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { InstructionMark, InstructionRow } from './requests.ts'

export class Instructions {
  readonly #open: StatementSync
  readonly #one: StatementSync
  readonly #mark: StatementSync

  constructor(db: DatabaseSync) {
    this.#open = db.prepare(
      'SELECT id, kind, body, answer FROM instruction WHERE done_at IS NULL ORDER BY id LIMIT 100',
    )
    this.#one = db.prepare('SELECT id, kind, body, answer FROM instruction WHERE id = ? AND done_at IS NULL')
    this.#mark = db.prepare('UPDATE instruction SET answer = ?, done_at = ? WHERE id = ? AND done_at IS NULL')
  }

  /** The oldest that are not done. */
  open(): InstructionRow[] {
    return this.#open.all() as unknown as InstructionRow[]
  }

  /** Undefined: done, or not in this store. */
  find(id: number): InstructionRow | undefined {
    return this.#one.get(id) as unknown as InstructionRow | undefined
  }

  mark({ id, answer, isDone }: InstructionMark, at: number): void {
    this.#mark.run(answer, isDone ? at : null, id)
  }
}
