// Sends dead letters again, or discards them, as an instruction asks: some at a time, each step with how far it is
// in one transaction. An event that dies again is not taken twice, since the steps go by number.
import type { DatabaseSync } from 'node:sqlite'
import {
  type DeadLetterRow,
  deadLetters,
  type Objection,
  objectionTo,
  type Selection,
} from './dead-letter-rows.ts'
import type { Instructions } from './instructions.ts'
import { pendingEvent } from './load.ts'
import type { InstructionRow, PendingRow, Redelivered } from './requests.ts'
import type { StoryWriter } from './story.ts'

/** The body of an instruction `retry` or `discard`. */
export interface RedeliveryBody {
  readonly selection: Selection
  /** Send again what would be refused. */
  readonly force?: boolean
}

/** The answer: of one that is not done, so far. */
export interface RedeliveryAnswer {
  readonly done: number
  readonly refused: number
  /** The first of those that were refused. */
  readonly objections: readonly RefusedLetter[]
  readonly after: number
}

export interface RefusedLetter {
  readonly seq: number
  readonly incident: string
  readonly objection: Objection
}

const STEP = 200
const MOST_OBJECTIONS = 100
const NOTHING: RedeliveryAnswer = { done: 0, refused: 0, objections: [], after: 0 }

export class Redelivery {
  readonly #db: DatabaseSync
  readonly #instructions: Instructions
  readonly #story: StoryWriter

  constructor(db: DatabaseSync, instructions: Instructions, story: StoryWriter) {
    this.#db = db
    this.#instructions = instructions
    this.#story = story
  }

  /** One step of an instruction. In a transaction of the caller's. */
  step(instruction: number, at: number): Redelivered {
    const row = this.#instructions.find(instruction)
    if (!row) return { pending: [], isDone: true }
    const body = JSON.parse(row.body) as RedeliveryBody
    const before = row.answer === null ? NOTHING : (JSON.parse(row.answer) as RedeliveryAnswer)
    const page = { order: 'ascending', from: before.after, limit: STEP } as const
    const letters = deadLetters(this.#db, body.selection, page)
    const { answer, pending } = this.#take(letters, row, { before, at, force: body.force ?? false })
    const isDone = letters.length < STEP
    this.#instructions.mark({ id: instruction, answer: JSON.stringify(answer), isDone }, at)
    return { pending, isDone }
  }

  #take(
    letters: readonly DeadLetterRow[],
    { kind }: InstructionRow,
    { before, at, force }: { before: RedeliveryAnswer; at: number; force: boolean },
  ): { answer: RedeliveryAnswer; pending: PendingRow[] } {
    let { done, refused, after } = before
    const objections = [...before.objections]
    const pending: PendingRow[] = []
    for (const letter of letters) {
      const { seq, incident } = letter
      after = seq
      const objection = kind === 'discard' || force ? undefined : objectionTo(this.#db, letter)
      if (objection) {
        refused++
        if (objections.length < MOST_OBJECTIONS) objections.push({ seq, incident, objection })
        continue
      }
      done++
      if (kind === 'discard') this.#discard(seq, at)
      else pending.push(this.#retry(seq, at))
    }
    return { answer: { done, refused, objections, after }, pending }
  }

  #retry(seq: number, at: number): PendingRow {
    this.#db
      .prepare(
        `UPDATE event SET state = 'pending', attempts = 0, bare = 0, due_at = NULL, settled_at = NULL, fault = NULL
         WHERE seq = ?`,
      )
      .run(seq)
    this.#story.byHand('retried', seq, at)
    return pendingEvent(this.#db, seq)
  }

  #discard(seq: number, at: number): void {
    this.#db.prepare(`UPDATE event SET state = 'discarded', settled_at = ? WHERE seq = ?`).run(at, seq)
    this.#story.byHand('discarded', seq, at)
  }
}
