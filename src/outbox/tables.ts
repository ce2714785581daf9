// The store's statements, prepared once, and what each request does with them. Runs inside a transaction that
// somebody else opened; it never commits.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { POSTS } from '../incident/contributors.ts'
import { encodeEvent } from '../incident/event.ts'
import { Level } from '../incident/level.ts'
import type { StateChange } from '../incident/state-change.ts'
import { prepared } from './database.ts'
import type { Fault } from './dead-letter-rows.ts'
import { Instructions } from './instructions.ts'
import { load, loadPending } from './load.ts'
import { outageValues, PUT_OUTAGE } from './outage-rows.ts'
import { Redelivery } from './redeliver.ts'
import type {
  ClaimedRow,
  ClaimRequest,
  CommitRequest,
  NewEvent,
  SettlementRow,
  StoreRequest,
  UnsavedRequest,
} from './requests.ts'
import { StoryWriter } from './story.ts'
import { TaskNotes } from './task-notes.ts'
import { Watched } from './watched.ts'

const STATEMENTS = {
  putOutage: PUT_OUTAGE,
  open: 'INSERT INTO incident (opening, endpoint, id, opened_time, opened_at) VALUES (?, ?, ?, ?, ?)',
  close: 'UPDATE incident SET closed_at = ? WHERE opening = ?',
  mute: 'UPDATE incident SET muted_at = ? WHERE opening = ?',
  setContributor: `INSERT INTO contributor
    (opening, task, node, "group", level, since, silent_after, silent_for, quietly, alert_time)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET level = excluded.level, since = excluded.since,
      silent_after = excluded.silent_after, silent_for = excluded.silent_for, quietly = excluded.quietly,
      alert_time = excluded.alert_time`,
  setAlertTime:
    'UPDATE contributor SET alert_time = ? WHERE opening = ? AND task = ? AND node = ? AND "group" = ?',
  setSilence:
    'UPDATE contributor SET silent_for = ? WHERE opening = ? AND task = ? AND node = ? AND "group" = ?',
  dropContributor: 'DELETE FROM contributor WHERE opening = ? AND task = ? AND node = ? AND "group" = ?',
  setTold: `INSERT INTO told (opening, task, level, at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET level = excluded.level, at = excluded.at`,
  dropTold: 'DELETE FROM told WHERE opening = ? AND task = ?',
  forgetTold: 'DELETE FROM told WHERE opening = ?',
  hold: `INSERT INTO held (opening, due_at, body) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET due_at = excluded.due_at, body = excluded.body`,
  unhold: 'DELETE FROM held WHERE opening = ?',
  addEvent: `INSERT INTO event (seq, opening, task, kind, level, created_at, body)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  claimEvent: `UPDATE event SET unsure = unsure + 1 WHERE seq = ? AND state = 'pending' RETURNING body`,
  addAttempt: 'INSERT INTO attempt (seq, started_at) VALUES (?, ?) RETURNING attempt',
  endAttempt: `UPDATE attempt SET ended_at = ?, outcome = ?, received = ?, status = ?, text = ?, latency_ms = ?
    WHERE attempt = ?`,
  settleEvent: `UPDATE event SET state = ?, attempts = ?, unsure = unsure - ?, bare = bare OR ?, due_at = ?,
    settled_at = ?, fault = ? WHERE seq = ?`,
  markReceived: `UPDATE incident SET received = 1
    WHERE opening = (SELECT opening FROM event WHERE seq = ? AND kind = 'trigger')`,
  coalesce: `UPDATE event SET state = 'coalesced', coalesced_by = ?, settled_at = ? WHERE seq = ?`,
} as const

const STATE_AFTER: Readonly<Record<string, string>> = { delivered: 'delivered', dead: 'dead' }

/** Of a dead letter: a receiver that refuses answers with a status, and our own faults have none. */
function faultOf(row: Extract<SettlementRow, { kind: 'attempted' }>): Fault | null {
  if (row.outcome !== 'dead') return null
  return row.status === undefined ? 'own' : 'receiver'
}

export class Tables {
  readonly #db: DatabaseSync
  readonly #story: StoryWriter
  readonly #instructions: Instructions
  readonly #redelivery: Redelivery
  readonly #taskNotes: TaskNotes
  readonly #watched: Watched
  readonly #sql: Record<keyof typeof STATEMENTS, StatementSync>
  readonly #bodyElsewhere: (seq: number) => string

  /** @param bodyElsewhere the body of an event that stands here without one. */
  constructor(db: DatabaseSync, bodyElsewhere: (seq: number) => string = () => '') {
    this.#db = db
    this.#story = new StoryWriter(db)
    this.#instructions = new Instructions(db)
    this.#redelivery = new Redelivery(db, this.#instructions, this.#story)
    this.#taskNotes = new TaskNotes(db)
    this.#watched = new Watched(db, this.#story, bodyElsewhere)
    this.#bodyElsewhere = bodyElsewhere
    this.#sql = prepared(db, STATEMENTS)
  }

  /** Does what is asked and returns what it asks for. */
  apply(request: Exclude<StoreRequest, UnsavedRequest>): unknown {
    if (request.op === 'commit') return this.#commit(request)
    if (request.op === 'claim') return this.#claim(request)
    if (request.op === 'load') return load(this.#db, request)
    if (request.op === 'load-pending') return loadPending(this.#db)
    if (request.op === 'outage') return void this.#sql.putOutage.run(...outageValues(request.outage))
    if (request.op === 'instructions') return this.#instructions.open()
    if (request.op === 'redeliver') return this.#redelivery.step(request.instruction, request.at)
    if (request.op === 'note') return this.#taskNotes.write(request.notes)
    if (request.op === 'notes') return this.#taskNotes.all()
    if (request.op === 'standing-letters') return this.#watched.standingLetters(request.exceptTask)
    if (request.op === 'untaken') return this.#watched.untaken(request)
    if (request.op === 'fallback') return this.#watched.toldByFallback(request)
    for (const settlement of request.settlements) this.#settle(settlement)
    return undefined
  }

  #commit({ at, changes, events, instruction }: CommitRequest): void {
    const left = [...events]
    for (const [index, change] of changes.entries()) {
      while (left[0]?.after !== undefined && left[0].after <= index) this.#event(left.shift()!, at)
      this.#change(change, at)
      this.#story.change(change, at)
    }
    for (const event of left) this.#event(event, at)
    if (instruction) this.#instructions.mark(instruction, at)
  }

  #event(event: NewEvent, at: number): void {
    const { seq, opening, task, kind, level, body } = event
    this.#sql.addEvent.run(seq, opening, task, kind, level, at, body)
    this.#story.event(event, at)
  }

  #change(change: StateChange, at: number): void {
    const sql = this.#sql
    const { opening } = change
    switch (change.change) {
      case 'open':
        sql.open.run(opening, change.endpoint, change.id, change.openedTime, at)
        break
      case 'contributor':
        this.#contributor(change, at)
        break
      case 'silent':
        sql.setSilence.run(change.forMs, opening, change.task, change.node, change.group)
        break
      case 'told':
        if (change.level === Level.ok) sql.dropTold.run(opening, change.task)
        else sql.setTold.run(opening, change.task, change.level, change.at)
        break
      case 'hold':
        sql.hold.run(opening, change.dueAt, encodeEvent(change.event))
        break
      case 'unhold':
        sql.unhold.run(opening)
        break
      case 'mute':
        sql.mute.run(at, opening)
        break
      case 'repeated':
        sql.setAlertTime.run(change.alertTime, opening, POSTS.task, POSTS.node, POSTS.group)
        break
      // Its story alone has it.
      case 'without-level':
        break
      case 'close':
        sql.close.run(at, opening)
        sql.forgetTold.run(opening)
        sql.unhold.run(opening)
        break
    }
  }

  #contributor(change: Extract<StateChange, { change: 'contributor' }>, at: number): void {
    const { opening, task, node, group, level, silence, quietly, alertTime } = change
    if (level === Level.ok) this.#sql.dropContributor.run(opening, task, node, group)
    else {
      const { afterMs = null, forMs = null } = silence ?? {}
      const others = [afterMs, forMs, quietly ? 1 : 0, alertTime ?? null]
      this.#sql.setContributor.run(opening, task, node, group, level, at, ...others)
    }
  }

  #claim({ at, seqs }: ClaimRequest): ClaimedRow[] {
    const claimed: ClaimedRow[] = []
    for (const seq of seqs) {
      const event = this.#sql.claimEvent.get(seq) as { body: string } | undefined
      if (!event) continue
      const { attempt } = this.#sql.addAttempt.get(seq, at) as { attempt: number }
      claimed.push({ attempt, seq, body: event.body || this.#bodyElsewhere(seq) })
    }
    return claimed
  }

  #settle(row: SettlementRow): void {
    const sql = this.#sql
    if (row.kind === 'coalesced') {
      sql.coalesce.run(row.by, row.at, row.seq)
      return
    }
    const { seq, attempt, endedAt, outcome, received, status, text, latencyMs, attempts, dueAt } = row
    sql.endAttempt.run(endedAt, outcome, received, status ?? null, text, latencyMs, attempt)
    const state = STATE_AFTER[outcome] ?? 'pending'
    const bare = outcome === 'bare' || outcome === 'dead' ? 1 : 0
    const settledAt = state === 'pending' ? null : endedAt
    const isSure = received === 'no' ? 1 : 0
    sql.settleEvent.run(state, attempts, isSure, bare, dueAt ?? null, settledAt, faultOf(row), seq)
    // A dead letter counts as received: a resolve too many does no harm.
    if (received !== 'no' || outcome === 'dead') sql.markReceived.run(seq)
  }
}
