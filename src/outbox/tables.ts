// The store's statements, prepared once, and what each request does with them. Runs inside a transaction that
// somebody else opened; it never commits.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StateChange } from '../incident/book.ts'
import { Level } from '../incident/level.ts'
import { load } from './load.ts'
import type { ClaimedRow, ClaimRequest, CommitRequest, SettlementRow, StoreRequest } from './requests.ts'

const STATEMENTS = {
  open: 'INSERT INTO incident (opening, endpoint, id, opened_time, opened_at) VALUES (?, ?, ?, ?, ?)',
  close: 'UPDATE incident SET closed_at = ? WHERE opening = ?',
  setContributor: `INSERT INTO contributor (opening, task, node, "group", level, since) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET level = excluded.level, since = excluded.since`,
  dropContributor: 'DELETE FROM contributor WHERE opening = ? AND task = ? AND node = ? AND "group" = ?',
  setTold: `INSERT INTO told (opening, task, level) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET level = excluded.level`,
  dropTold: 'DELETE FROM told WHERE opening = ? AND task = ?',
  forgetTold: 'DELETE FROM told WHERE opening = ?',
  addEvent: `INSERT INTO event (seq, opening, task, kind, level, created_at, body)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
  claimEvent: `UPDATE event SET unsure = unsure + 1 WHERE seq = ? AND state = 'pending' RETURNING body`,
  addAttempt: 'INSERT INTO attempt (seq, started_at) VALUES (?, ?) RETURNING attempt',
  endAttempt: `UPDATE attempt SET ended_at = ?, outcome = ?, received = ?, status = ?, text = ?, latency_ms = ?
    WHERE attempt = ?`,
  settleEvent: `UPDATE event SET state = ?, attempts = ?, unsure = unsure - ?, bare = bare OR ?, due_at = ?,
    settled_at = ? WHERE seq = ?`,
  markReceived: `UPDATE incident SET received = 1
    WHERE opening = (SELECT opening FROM event WHERE seq = ? AND kind = 'trigger')`,
  coalesce: `UPDATE event SET state = 'coalesced', coalesced_by = ?, settled_at = ? WHERE seq = ?`,
} as const

const STATE_AFTER: Readonly<Record<string, string>> = { delivered: 'delivered', dead: 'dead' }

export class Tables {
  readonly #db: DatabaseSync
  readonly #sql: Record<keyof typeof STATEMENTS, StatementSync>

  constructor(db: DatabaseSync) {
    this.#db = db
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, db.prepare(sql)])
    this.#sql = Object.fromEntries(prepared) as Record<keyof typeof STATEMENTS, StatementSync>
  }

  /** Does what is asked and returns what it asks for. */
  apply(request: StoreRequest): unknown {
    if (request.op === 'commit') return this.#commit(request)
    if (request.op === 'claim') return this.#claim(request)
    if (request.op === 'load') return load(this.#db, request)
    for (const settlement of request.settlements) this.#settle(settlement)
    return undefined
  }

  #commit({ at, changes, events }: CommitRequest): void {
    for (const change of changes) this.#change(change, at)
    for (const { seq, opening, task, kind, level, body } of events)
      this.#sql.addEvent.run(seq, opening, task, kind, level, at, body)
  }

  #change(change: StateChange, at: number): void {
    const sql = this.#sql
    const { opening } = change
    if (change.change === 'open') sql.open.run(opening, change.endpoint, change.id, change.openedTime, at)
    else if (change.change === 'close') {
      sql.close.run(at, opening)
      sql.forgetTold.run(opening)
    } else if (change.change === 'told') {
      if (change.level === Level.ok) sql.dropTold.run(opening, change.task)
      else sql.setTold.run(opening, change.task, change.level)
    } else {
      const { task, node, group, level } = change
      if (level === Level.ok) sql.dropContributor.run(opening, task, node, group)
      else sql.setContributor.run(opening, task, node, group, level, at)
    }
  }

  #claim({ at, seqs }: ClaimRequest): ClaimedRow[] {
    const claimed: ClaimedRow[] = []
    for (const seq of seqs) {
      const event = this.#sql.claimEvent.get(seq) as { body: string } | undefined
      if (!event) continue
      const { attempt } = this.#sql.addAttempt.get(seq, at) as { attempt: number }
      claimed.push({ attempt, seq, body: event.body })
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
    sql.settleEvent.run(state, attempts, received === 'no' ? 1 : 0, bare, dueAt ?? null, settledAt, seq)
    // A dead letter counts as received: a resolve too many does no harm.
    if (received !== 'no' || outcome === 'dead') sql.markReceived.run(seq)
  }
}
