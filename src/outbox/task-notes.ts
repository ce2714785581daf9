// What has to be known of Kapacitor's tasks over a crash: which nodes were heard, and which tasks are half revived.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { prepared } from './database.ts'

/** A node's Init. Absent values are unknown, or not so. */
export interface InitRow {
  readonly task: string
  readonly node: string
  /** Wall clock, ms. */
  readonly at: number
  readonly enabled?: string
  readonly refused?: string
}

/** A revival that has begun. */
export interface RevivalRow {
  readonly task: string
  /** Wall clock, ms. */
  readonly at: number
  readonly before: string
  readonly disabled?: string
}

/** over: the revival of a task has ended. gone: the task is no more. started: Kapacitor has, and no Init counts. */
export type TaskNote =
  | ({ readonly note: 'init' } & InitRow)
  | ({ readonly note: 'revival' } & RevivalRow)
  | { readonly note: 'over' | 'gone'; readonly task: string }
  | { readonly note: 'started'; readonly opening: number }

export interface KnownTasks {
  readonly inits: readonly InitRow[]
  readonly revivals: readonly RevivalRow[]
  /** The newest opening when Kapacitor started last; 0: nobody saw it start. */
  readonly startedAfter: number
}

const STATEMENTS = {
  init: `INSERT INTO node_init (task, node, at, enabled, refused) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET at = excluded.at, enabled = excluded.enabled, refused = excluded.refused`,
  revival: `INSERT INTO revival (task, at, before, disabled) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET at = excluded.at, before = excluded.before, disabled = excluded.disabled`,
  over: 'DELETE FROM revival WHERE task = ?',
  gone: 'DELETE FROM node_init WHERE task = ?',
  started:
    'INSERT INTO kapacitor_start (one, opening) VALUES (1, ?) ON CONFLICT DO UPDATE SET opening = excluded.opening',
  forget: 'DELETE FROM node_init',
} as const

export class TaskNotes {
  readonly #db: DatabaseSync
  readonly #sql: Record<keyof typeof STATEMENTS, StatementSync>

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#sql = prepared(db, STATEMENTS)
  }

  /** Inside a transaction of the caller's. */
  write(notes: readonly TaskNote[]): void {
    for (const note of notes) this.#write(note)
  }

  #write(note: TaskNote): void {
    const sql = this.#sql
    switch (note.note) {
      case 'init':
        sql.init.run(note.task, note.node, Math.floor(note.at), note.enabled ?? null, note.refused ?? null)
        break
      case 'revival':
        sql.revival.run(note.task, Math.floor(note.at), note.before, note.disabled ?? null)
        break
      case 'started':
        sql.forget.run()
        sql.started.run(note.opening)
        break
      default:
        sql[note.note].run(note.task)
    }
  }

  all(): KnownTasks {
    const start = this.#db.prepare('SELECT opening FROM kapacitor_start').get() as
      | { opening: number }
      | undefined
    return {
      inits: this.#rows('SELECT task, node, at, enabled, refused FROM node_init') as InitRow[],
      revivals: this.#rows('SELECT task, at, before, disabled FROM revival') as RevivalRow[],
      startedAfter: start?.opening ?? 0,
    }
  }

  #rows(sql: string): unknown[] {
    return this.#db
      .prepare(sql)
      .all()
      .map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))
  }
}
