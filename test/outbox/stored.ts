// A store in a temporary folder, what a test puts into it, and a look at its file from outside.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ExecutionContext } from 'ava'
import { type EventKind, encodeEvent, type IncidentEvent } from '../../src/incident/event.ts'
import { Level } from '../../src/incident/level.ts'
import type { OpenIncident, StateChange } from '../../src/incident/state-change.ts'
import type { OutboxHappenings } from '../../src/outbox/happenings.ts'
import { Outbox } from '../../src/outbox/outbox.ts'
import type {
  CommitRequest,
  Loaded,
  NewEvent,
  PendingRow,
  SettlementRow,
  StoreOptions,
} from '../../src/outbox/requests.ts'

export async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'outbox-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return path
}

export const storePath = async (t: ExecutionContext): Promise<string> => join(await folder(t), 'outbox.db')

/** The settings of a store, with plenty of room unless said otherwise. */
export const storeAt = (path: string, more: Partial<StoreOptions> = {}): StoreOptions => ({
  path,
  maxSizeBytes: 1 << 30,
  // Tests work at times long past.
  historyMs: 3650 * 86_400_000,
  ...more,
})

/** For a store that has nothing to tell, or nobody to tell it to. */
export const QUIET: OutboxHappenings = {
  storeFailing() {},
  storeVolatile() {},
  storeRecovered() {},
  storeSetAside() {},
  storePruned() {},
  storeReserveGivenUp() {},
  deadLettersCounted() {},
  eventUnreadable() {},
}

const unexpected = (t: ExecutionContext): OutboxHappenings => ({
  storeFailing: ({ message }) => t.fail(message),
  storeVolatile: ({ message }) => t.fail(message),
  storeRecovered: () => t.fail('recovered from nothing'),
  storeSetAside: ({ reason }) => t.fail(reason),
  storePruned: () => t.fail('pruned'),
  storeReserveGivenUp: () => t.fail('the reserve was given up'),
  deadLettersCounted() {},
  eventUnreadable: ({ seq }) => t.fail(`event ${seq} is unreadable`),
})

/** What is not told in `happened` fails the test. */
export async function open(
  t: ExecutionContext,
  path: string,
  happened: Partial<OutboxHappenings> = {},
  options: Partial<StoreOptions> = {},
): Promise<Outbox> {
  const outbox = await Outbox.open(storeAt(path, options), { ...unexpected(t), ...happened })
  t.teardown(() => outbox.abandon())
  return outbox
}

/** Ends the store in order, and reads back what the next daemon finds. */
export async function reopened(
  t: ExecutionContext,
  outbox: Outbox,
  path: string,
): Promise<{ outbox: Outbox; loaded: WholeLoad }> {
  await outbox.close()
  const next = await open(t, path)
  return { outbox: next, loaded: await loadAll(next) }
}

/** What a load brings, at hand. */
export interface WholeLoad extends Omit<Loaded, 'incidents' | 'pending'> {
  readonly incidents: readonly OpenIncident[]
  readonly pending: readonly PendingRow[]
}

export async function loadAll(outbox: Outbox, now = NOW, attemptsSince = NOW): Promise<WholeLoad> {
  const { incidents, pending, ...rest } = await outbox.load(now, attemptsSince)
  return { ...rest, incidents: [...incidents], pending: await pending() }
}

export const NOW = Date.UTC(2026, 4, 28)

export const opening = (number: number, id = `cpu:${number}`, openedTime = 1n): StateChange => ({
  change: 'open',
  opening: number,
  endpoint: 'default',
  id,
  openedTime,
})

export const contributor = (
  number: number,
  group: string,
  level: Level,
  task = 'cpu_alert',
): StateChange => ({
  change: 'contributor',
  opening: number,
  task,
  node: 'squadcast2',
  group,
  level,
})

export const told = (number: number, level: Level, task = 'cpu_alert'): StateChange => ({
  change: 'told',
  opening: number,
  task,
  level,
  at: 7,
})

const EVENT: IncidentEvent = {
  kind: 'trigger',
  incident: 'cpu:1',
  level: 'CRITICAL',
  previousLevel: 'OK',
  message: 'cpu:1 is CRITICAL',
  time: 1_780_000_000_000_000_001n,
  duration: 9_007_199_254_740_993n,
  recoverable: true,
  task: 'cpu_alert',
  node: 'squadcast2',
  group: 'host=a',
  groupTags: { host: 'a' },
  series: [{ name: 'cpu', tags: {}, columns: ['time', 'n'], values: [['t', 9_223_372_036_854_775_807n]] }],
}

export const incidentEvent = (more: Partial<IncidentEvent> = {}): IncidentEvent => ({ ...EVENT, ...more })

export const newEvent = (seq: number, number: number, kind: EventKind = 'trigger'): NewEvent => ({
  seq,
  opening: number,
  task: 'cpu_alert',
  kind,
  level: kind === 'trigger' ? Level.critical : Level.ok,
  body: encodeEvent(incidentEvent({ kind, message: `event ${seq}` })),
})

/** Opens incident number `n` with its trigger, whose seq is `n` too. */
export const openingCommit = (n: number): Omit<CommitRequest, 'op'> => ({
  at: NOW,
  changes: [opening(n), contributor(n, 'host=a', Level.critical), told(n, Level.critical)],
  events: [newEvent(n, n)],
})

type Attempted = Extract<SettlementRow, { kind: 'attempted' }>

export const settlement = (attempt: number, seq: number, more: Partial<Attempted> = {}): Attempted => ({
  kind: 'attempted',
  seq,
  attempt,
  endedAt: NOW + 50,
  outcome: 'delivered',
  received: 'yes',
  status: 200,
  text: 'OK',
  latencyMs: 12.5,
  attempts: 0,
  ...more,
})

/** What stands in the file, as another program sees it. */
export function rows(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return db
      .prepare(sql)
      .all()
      .map(row => ({ ...row }))
  } finally {
    db.close()
  }
}

/** Holds the store's file as a stalled disk would: nobody else writes until it is let go. */
export function stall(t: ExecutionContext, path: string): { letGo: () => void } {
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  let held = true
  const letGo = (): void => {
    if (held) other.close()
    held = false
  }
  t.teardown(letGo)
  return { letGo }
}

const WAL_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/** Transactions in the write-ahead log since it last began anew: frames that carry the mark of a commit. */
export function transactions(path: string): number {
  const wal = readFileSync(`${path}-wal`)
  const pageSize = wal.readUInt32BE(8)
  const salt = wal.readBigUInt64BE(16)
  let count = 0
  for (let at = WAL_HEADER_BYTES; at < wal.length; at += FRAME_HEADER_BYTES + pageSize) {
    const isOfThisLog = wal.readBigUInt64BE(at + 8) === salt
    if (isOfThisLog && wal.readUInt32BE(at + 4) !== 0) count++
  }
  return count
}
