// The durable store as the main thread sees it: questions to a thread of its own, answered in order. A promise
// of `commit` is kept by the disk: it resolves after the transaction is on it, and not before.
import type { Worker } from 'node:worker_threads'
import { decodeEvent, type IncidentEvent } from '../incident/event.ts'
import { bootThread } from './boot-thread.ts'
import type { OutboxHappenings } from './happenings.ts'
import { incidentsOf, pendingOf } from './loaded.ts'
import type { Packed } from './packed.ts'
import type {
  ClaimedRow,
  CommitRequest,
  InstructionRow,
  Loaded,
  Numbered,
  OutageRow,
  PackedLoad,
  Redelivered,
  SettlementRow,
  StoreNotice,
  StoreOptions,
  StoreReply,
  StoreRequest,
  UnsavedEvent,
} from './requests.ts'
import { StoreError, toStoreError } from './store-error.ts'
import type { KnownTasks, TaskNote } from './task-notes.ts'
import type { StandingLetters, Untaken } from './watched.ts'

/** The disk takes nothing; or, not volatile, another program holds the file and everything waits. */
export interface StoreTrouble {
  readonly isVolatile: boolean
  readonly reason: string
}

interface Waiting {
  readonly resolve: (reply: StoreReply) => void
  readonly reject: (error: unknown) => void
}

export class Outbox {
  readonly #opening = Promise.withResolvers<void>()
  /** Rejects with StoreError: in use, of a newer version, or not to be opened. */
  readonly opened = this.#opening.promise
  /** Resolves with the reason if the store ends although nobody asked it to: then nothing can be kept any more. */
  readonly failed: Promise<unknown>
  #fail: (reason: unknown) => void = () => {}
  #ending = false
  readonly #worker: Worker
  readonly #happened: OutboxHappenings
  readonly #waiting = new Map<number, Waiting>()
  #asked: Numbered[] = []
  #lastId = 0
  #deadLetters = 0
  #closed = false
  #trouble: StoreTrouble | undefined

  private constructor(worker: Worker, happened: OutboxHappenings) {
    this.#worker = worker
    this.#happened = happened
    this.opened.catch(() => {})
    worker.on('message', (message: StoreReply[] | StoreNotice) => this.#take(message))
    worker.on('error', error => {
      this.#opening.reject(error)
      this.#end(error)
    })
    worker.on('exit', () => {
      this.#opening.reject(new StoreError('cannot-open', "the store's thread ended"))
      this.#end(new StoreError('closed', 'the store is closed'))
    })
    this.failed = new Promise(resolve => {
      this.#fail = resolve
    })
  }

  /**
   * Starts to open the store, or to create it. A file that is damaged is set aside; one that was there and takes nothing
   * any more is worked without. What is asked meanwhile is answered once it is open.
   */
  static start(options: StoreOptions, happened: OutboxHappenings, thread: Worker = bootThread()): Outbox {
    thread.ref()
    thread.postMessage(options)
    return new Outbox(thread, happened)
  }

  /** The same, and resolves when it is open. Rejects as `opened` does. */
  static async open(options: StoreOptions, happened: OutboxHappenings): Promise<Outbox> {
    const outbox = Outbox.start(options, happened)
    await outbox.opened
    return outbox
  }

  /** The disk takes nothing, and this process alone knows of what came since. */
  get isVolatile(): boolean {
    return this.#trouble?.isVolatile ?? false
  }

  /** Undefined: it takes everything. */
  get trouble(): StoreTrouble | undefined {
    return this.#trouble
  }

  /** Dead letters that stand. */
  get deadLetters(): number {
    return this.#deadLetters
  }

  async load(now: number, attemptsSince: number): Promise<Loaded> {
    const packed = (await this.#result({ op: 'load', now, attemptsSince })) as PackedLoad
    const { incidents, contributors, told, held, ...rest } = packed
    const waiting = this.#result({ op: 'load-pending' }) as Promise<Packed>
    // Whoever asks for them hears of it.
    waiting.catch(() => {})
    const open = incidentsOf({ incidents, contributors, told, held })
    return { ...rest, incidents: open, pending: async () => pendingOf(await waiting) }
  }

  /** Resolves when state and events are on the disk; with false when the disk takes nothing, and memory has them. */
  async commit(request: Omit<CommitRequest, 'op'>): Promise<boolean> {
    const { isVolatile } = await this.#ask({ op: 'commit', ...request })
    return !isVolatile
  }

  /** Undelivered events that are not on the disk. */
  unsaved(): Promise<UnsavedEvent[]> {
    return this.#result({ op: 'unsaved' }) as Promise<UnsavedEvent[]>
  }

  /** What other processes have asked for and is not done, the oldest first. */
  instructions(): Promise<InstructionRow[]> {
    return this.#result({ op: 'instructions' }) as Promise<InstructionRow[]>
  }

  /** One step of an instruction `retry` or `discard`; resolves when it is on the disk. */
  redeliver(instruction: number, at: number): Promise<Redelivered> {
    return this.#result({ op: 'redeliver', instruction, at }) as Promise<Redelivered>
  }

  /** Resolves when the attempts are on the disk, with the events to send. */
  async claim(
    seqs: readonly number[],
    at: number,
  ): Promise<{ attempt: number; seq: number; event: IncidentEvent }[]> {
    const rows = (await this.#result({ op: 'claim', seqs, at })) as ClaimedRow[]
    return rows.flatMap(row => this.#decoded(row, at))
  }

  /** An event that cannot be read must not hold up those that were claimed with it: it becomes a dead letter. */
  #decoded(
    { attempt, seq, body }: ClaimedRow,
    at: number,
  ): { attempt: number; seq: number; event: IncidentEvent }[] {
    try {
      return [{ attempt, seq, event: decodeEvent(body) }]
    } catch (error) {
      this.#happened.eventUnreadable({ seq, error })
      const text = 'the stored event cannot be read: a fault of our own, or of the disk'
      const outcome = {
        endedAt: at,
        outcome: 'dead',
        received: 'no',
        text,
        latencyMs: 0,
        attempts: 0,
      } as const
      this.settle([{ kind: 'attempted', seq, attempt, ...outcome }]).catch(() => {})
      return []
    }
  }

  async settle(settlements: readonly SettlementRow[]): Promise<void> {
    await this.#ask({ op: 'settle', settlements })
  }

  async outage(outage: OutageRow): Promise<void> {
    await this.#ask({ op: 'outage', outage })
  }

  /** Resolves when it is on the disk, or in memory while the disk takes nothing. */
  async note(notes: readonly TaskNote[]): Promise<void> {
    await this.#ask({ op: 'note', notes })
  }

  /** What is noted of Kapacitor's tasks. */
  notes(): Promise<KnownTasks> {
    return this.#result({ op: 'notes' }) as Promise<KnownTasks>
  }

  /** Undefined while the disk takes nothing: then they are out of reach. */
  async standingLetters(exceptTask: string): Promise<StandingLetters | undefined> {
    const { result, isVolatile } = await this.#ask({ op: 'standing-letters', exceptTask })
    return isVolatile ? undefined : (result as StandingLetters)
  }

  /** Open incidents that are CRITICAL, not taken since `until`, and not told by the fallback; the oldest first. */
  untaken(until: number, details: number): Promise<Untaken> {
    return this.#result({ op: 'untaken', until, details }) as Promise<Untaken>
  }

  /** The fallback has told of them. */
  async toldByFallback(openings: readonly number[], at: number): Promise<void> {
    await this.#ask({ op: 'fallback', openings, at })
  }

  /** Resolves when all that was asked before is done and the file is closed. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#ending = true
    return new Promise(resolve => {
      // What was answered with the end is heard of first.
      this.#worker.once('exit', () => setImmediate(resolve))
      this.#post()
      this.#worker.postMessage('close')
    })
  }

  /** Ends the thread at once: for a disk that does not answer. What is not on it by now is lost. */
  async abandon(): Promise<void> {
    this.#ending = true
    await this.#worker.terminate()
  }

  async #result(request: StoreRequest): Promise<unknown> {
    return (await this.#ask(request)).result
  }

  #ask(request: StoreRequest): Promise<StoreReply> {
    if (this.#closed) return Promise.reject(new StoreError('closed', 'the store is closed'))
    const id = ++this.#lastId
    if (this.#asked.length === 0) queueMicrotask(() => this.#post())
    this.#asked.push({ id, request })
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
    })
  }

  /** All that was asked at once goes into one message, and so into one transaction. */
  #post(): void {
    if (this.#asked.length > 0) this.#worker.postMessage(this.#asked.splice(0))
  }

  #take(message: StoreReply[] | StoreNotice): void {
    if (Array.isArray(message)) for (const reply of message) this.#answer(reply)
    else this.#notice(message)
  }

  #notice(notice: StoreNotice): void {
    const happened = this.#happened
    if (notice.notice === 'open') this.#opening.resolve()
    if (notice.notice === 'cannot-open') this.#opening.reject(toStoreError(notice))
    if (notice.notice === 'failing') this.#trouble ??= { isVolatile: false, reason: notice.message }
    if (notice.notice === 'volatile') this.#trouble = { isVolatile: true, reason: notice.message }
    if (notice.notice === 'recovered') this.#trouble = undefined
    if (notice.notice === 'failing') happened.storeFailing(notice)
    else if (notice.notice === 'volatile') happened.storeVolatile(notice)
    else if (notice.notice === 'recovered') happened.storeRecovered()
    else if (notice.notice === 'set-aside') happened.storeSetAside(notice)
    else if (notice.notice === 'pruned') happened.storePruned(notice)
    else if (notice.notice === 'reserve-given-up') happened.storeReserveGivenUp()
    else if (notice.notice === 'dead-letters') {
      this.#deadLetters = notice.count
      happened.deadLettersCounted(notice.count)
    }
  }

  #answer(reply: StoreReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.error) waiting?.reject(toStoreError(reply.error))
    else waiting?.resolve(reply)
  }

  #end(reason: unknown): void {
    this.#closed = true
    if (!this.#ending) this.#fail(reason)
    for (const { reject } of this.#waiting.values()) reject(reason)
    this.#waiting.clear()
  }
}
