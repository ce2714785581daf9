// A look at the store from another process, beside a daemon or without one: a connection that only reads, and never
// makes a file that was not there. What it can be asked is in the files named *-rows.
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import {
  type DeadLetterRow,
  deadLetters,
  type Objection,
  objectionTo,
  type Page,
  type Selection,
} from './dead-letter-rows.ts'
import {
  type AttemptRow,
  attemptsOf,
  bodyOf,
  type EventRow,
  type EventState,
  eventOf,
  eventsOf,
  type LastAttempt,
  lastAttemptAt,
  type StoryRow,
  storyOf,
} from './event-rows.ts'
import {
  type ContributorRow,
  contributorsTo,
  type IncidentRow,
  type IncidentSelection,
  incidents,
} from './incident-rows.ts'
import { eventsMadeIn, eventsSettledIn, type PastEventRow, type Span } from './past-rows.ts'
import { requireSchema } from './schema.ts'
import { type Standing, standing } from './standing-rows.ts'
import { StoreError } from './store-error.ts'

const BUSY_TIMEOUT_MS = 5000

export class StoreReader {
  readonly #db: DatabaseSync

  private constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Throws StoreError: absent, of another version, or not to be opened. */
  static open(path: string): StoreReader {
    return new StoreReader(openExisting(path, { readOnly: true }))
  }

  close(): void {
    this.#db.close()
  }

  /** The newest first. `before`: a number of an opening. */
  incidents(
    selection: IncidentSelection,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): IncidentRow[] {
    return incidents(this.#db, selection, page)
  }

  contributors(opening: number): ContributorRow[] {
    return contributorsTo(this.#db, opening)
  }

  story(opening: number, after: number, limit: number): StoryRow[] {
    return storyOf(this.#db, opening, after, limit)
  }

  events(opening: number): EventRow[] {
    return eventsOf(this.#db, opening)
  }

  event(seq: number): EventRow | undefined {
    return eventOf(this.#db, seq)
  }

  body(seq: number): string {
    return bodyOf(this.#db, seq)
  }

  attempts(seq: number): AttemptRow[] {
    return attemptsOf(this.#db, seq)
  }

  lastAttempt(endpoint: string): LastAttempt | undefined {
    return lastAttemptAt(this.#db, endpoint)
  }

  deadLetters(selection: Selection, page: Page): DeadLetterRow[] {
    return deadLetters(this.#db, selection, page)
  }

  /** The newest first. */
  eventsMade(span: Span, most: number): PastEventRow[] {
    return eventsMadeIn(this.#db, span, most)
  }

  /** Of one state, the newest first. */
  eventsSettled(state: EventState, span: Span, most: number): PastEventRow[] {
    return eventsSettledIn(this.#db, state, { span, most })
  }

  standing(): Standing {
    return standing(this.#db)
  }

  objection(letter: DeadLetterRow): Objection | undefined {
    return objectionTo(this.#db, letter)
  }
}

const AS_ITS_USER = 'Run the command as the user that runs the sidecar: sudo -u kapacitor-squadcast ...'

/** Throws StoreError where this user may not look into the folder. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'EACCES' ? 'this user may not enter its folder' : message
    throw new StoreError('cannot-open', `cannot open the store ${path}: ${why}`, { cause, hint: AS_ITS_USER })
  }
}

/** Opens a file that is a store already. */
export function openExisting(path: string, { readOnly }: { readonly readOnly: boolean }): DatabaseSync {
  if (!isThere(path))
    throw new StoreError('absent', `there is no store ${path} yet`, {
      hint: 'The sidecar makes it when it starts. Is this its configuration?',
    })
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS })
    requireSchema(db)
    return db
  } catch (cause) {
    db?.close()
    if (cause instanceof StoreError) throw cause
    throw new StoreError('cannot-open', `cannot open the store ${path}: ${(cause as Error).message}`, {
      cause,
      hint: AS_ITS_USER,
    })
  }
}
