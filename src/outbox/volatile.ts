// The state of the store in memory, for as long as the disk takes nothing: what is open and undelivered is copied
// from the disk as far as it can be read, work goes on here, and all of it is written back once there is room.
// Bodies of events that are on the disk stay there until they are sent.
import { DatabaseSync } from 'node:sqlite'
import type { UnsavedEvent } from './requests.ts'
import { migrate } from './schema.ts'
import { Tables } from './tables.ts'
import { put, readable, type Shape, shapes } from './tables-copy.ts'

/** Attempts of the last minutes count for the rate. */
const RECENT_MS = 120_000
/** Settled events that are kept here for the history; older ones are told in the log alone. */
const MOST_SETTLED = 10_000

/** What is copied into memory. Of all other tables the newest row, so that numbers go on from it. */
const LIVE: Readonly<Record<string, string>> = {
  incident: `closed_at IS NULL OR opening IN (SELECT opening FROM event WHERE state = 'pending')`,
  contributor: 'true',
  told: 'true',
  held: 'true',
  event: `state = 'pending'`,
  outage: 'over_at IS NULL',
  instruction: 'done_at IS NULL',
  node_init: 'true',
  revival: 'true',
  kapacitor_start: 'true',
  attempt: `ended_at IS NULL OR ended_at > (SELECT max(ended_at) FROM attempt) - ${RECENT_MS}`,
}
/** Rows may have gone: what is here takes the place of all that is on the disk. */
const REPLACED = new Set(['contributor', 'told', 'held', 'node_init', 'revival'])

export class VolatileState {
  readonly db = new DatabaseSync(':memory:')
  readonly tables: Tables
  /** Events up to this one are on the disk. */
  readonly #lastOnDisk: number

  /** @param disk what can be read of it now, asked anew each time; undefined: nothing. */
  constructor(disk: () => DatabaseSync | undefined) {
    migrate(this.db)
    const readable = disk()
    if (readable) this.#copyFrom(readable)
    this.tables = new Tables(this.db, seq => bodyOnDisk(disk(), seq))
    this.#lastOnDisk = this.#lastSeq()
  }

  /** Undelivered events that are not on the disk. */
  unsaved(): UnsavedEvent[] {
    return this.db
      .prepare(
        `SELECT seq, id AS incident, kind, level FROM event JOIN incident USING (opening)
         WHERE state = 'pending' AND seq > ? ORDER BY seq`,
      )
      .all(this.#lastOnDisk) as unknown as UnsavedEvent[]
  }

  /** Keeps memory small: what was delivered needs no body, and little history. */
  forgetSettled(): void {
    this.db.exec(`UPDATE event SET body = '' WHERE body <> '' AND state IN ('delivered', 'coalesced')`)
    this.db
      .prepare(
        `DELETE FROM event WHERE seq > ? AND state IN ('delivered', 'coalesced')
         AND seq < (SELECT max(seq) FROM event) - ${MOST_SETTLED}`,
      )
      .run(this.#lastOnDisk)
    this.db.exec(
      `DELETE FROM attempt WHERE ended_at < (SELECT max(ended_at) FROM attempt) - ${RECENT_MS}
       AND seq NOT IN (SELECT seq FROM event)`,
    )
  }

  /**
   * Takes the bodies of events that were delivered since off the disk, as history goes when there is no room: the
   * first thing that makes some. In a transaction of the caller's.
   */
  dropSettled(disk: DatabaseSync): void {
    const drop = disk.prepare('DELETE FROM event WHERE seq = ?')
    const settled = this.db.prepare(
      `SELECT seq FROM event WHERE seq <= ? AND state IN ('delivered', 'coalesced')`,
    )
    for (const { seq } of settled.iterate(this.#lastOnDisk)) drop.run(seq ?? null)
  }

  /** Writes everything to the disk; in a transaction of the caller's. */
  writeBack(disk: DatabaseSync): void {
    for (const shape of shapes(this.db)) {
      if (REPLACED.has(shape.table)) disk.exec(`DELETE FROM ${shape.table}`)
      // In the order of openings: of one incident an older one is closed before the next is open.
      const rows = readable(this.db, `SELECT * FROM ${shape.table}${shape.hasRowid ? ' ORDER BY rowid' : ''}`)
      put(disk, shape, rows, { how: 'upsert', lasting: ['body'] })
    }
  }

  close(): void {
    this.db.close()
  }

  #copyFrom(disk: DatabaseSync): void {
    for (const shape of shapes(this.db)) {
      put(this.db, shape, readable(disk, liveRows(shape)), { how: 'ignore' })
      if (shape.hasRowid) put(this.db, shape, readable(disk, newestRow(shape)), { how: 'ignore' })
    }
  }

  #lastSeq(): number {
    return (this.db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM event').get() as { seq: number }).seq
  }
}

const selected = ({ table, columns }: Shape): string =>
  columns.map(column => (table === 'event' && column === 'body' ? `'' AS body` : `"${column}"`)).join(', ')

const liveRows = (shape: Shape): string =>
  `SELECT ${selected(shape)} FROM ${shape.table} WHERE ${LIVE[shape.table] ?? 'false'}`

const newestRow = (shape: Shape): string =>
  `SELECT ${selected(shape)} FROM ${shape.table} ORDER BY rowid DESC LIMIT 1`

function bodyOnDisk(disk: DatabaseSync | undefined, seq: number): string {
  const row = disk?.prepare('SELECT body FROM event WHERE seq = ?').get(seq) as { body: string } | undefined
  return row?.body ?? ''
}
