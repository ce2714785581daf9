// The durable store as the main thread sees it: questions to a thread of its own, answered in order. A promise
// of `commit` is kept by the disk: it resolves after the transaction is on it, and not before.
import { Worker } from 'node:worker_threads'
import { decodeEvent, type IncidentEvent } from '../incident/event.ts'
import type {
  ClaimedRow,
  CommitRequest,
  Loaded,
  SettlementRow,
  StoreNotice,
  StoreReply,
  StoreRequest,
} from './requests.ts'
import { StoreError, type StoreErrorCode } from './store-error.ts'

export interface OutboxHappenings {
  /** Writes are not taken; they wait and are tried again. */
  storeFailing(happening: { readonly message: string; readonly waiting: number }): void
  storeRecovered(): void
  /** A stored event is damaged: a dead letter. */
  eventUnreadable(happening: { readonly seq: number; readonly error: unknown }): void
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

export class Outbox {
  readonly #worker: Worker
  readonly #happened: OutboxHappenings
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #closed = false

  private constructor(worker: Worker, happened: OutboxHappenings) {
    this.#worker = worker
    this.#happened = happened
    worker.on('message', (message: StoreReply[] | StoreNotice) => this.#take(message))
    worker.on('error', error => this.#end(error))
    worker.on('exit', () => this.#end(new StoreError('closed', 'the store is closed')))
  }

  /** Opens or creates the store. Rejects with StoreError: in use, of a newer version, or not to be opened. */
  static async open(path: string, happened: OutboxHappenings): Promise<Outbox> {
    const entry = import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js'
    const worker = new Worker(new URL(entry, import.meta.url), { workerData: { path } })
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('exit', () => reject(new StoreError('cannot-open', "the store's thread ended")))
      worker.once('message', (notice: StoreNotice) => {
        if (notice.notice === 'open') resolve()
        else if (notice.notice === 'cannot-open') reject(toStoreError(notice))
      })
    })
    return new Outbox(worker, happened)
  }

  load(now: number, attemptsSince: number): Promise<Loaded> {
    return this.#ask({ op: 'load', now, attemptsSince }) as Promise<Loaded>
  }

  /** Resolves when state and events are on the disk. */
  commit(request: Omit<CommitRequest, 'op'>): Promise<void> {
    return this.#ask({ op: 'commit', ...request }) as Promise<void>
  }

  /** Resolves when the attempts are on the disk, with the events to send. */
  async claim(
    seqs: readonly number[],
    at: number,
  ): Promise<{ attempt: number; seq: number; event: IncidentEvent }[]> {
    const rows = (await this.#ask({ op: 'claim', seqs, at })) as ClaimedRow[]
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

  settle(settlements: readonly SettlementRow[]): Promise<void> {
    return this.#ask({ op: 'settle', settlements }) as Promise<void>
  }

  /** Resolves when all that was asked before is done and the file is closed. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise(resolve => {
      this.#worker.once('exit', () => resolve())
      this.#worker.postMessage('close')
    })
  }

  /** Ends the thread at once: for a disk that does not answer. What is not on it by now is lost. */
  async abandon(): Promise<void> {
    await this.#worker.terminate()
  }

  #ask(request: StoreRequest): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreError('closed', 'the store is closed'))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, request })
    })
  }

  #take(message: StoreReply[] | StoreNotice): void {
    if (Array.isArray(message)) for (const reply of message) this.#answer(reply)
    else if (message.notice === 'failing') this.#happened.storeFailing(message)
    else if (message.notice === 'recovered') this.#happened.storeRecovered()
  }

  #answer({ id, result, error }: StoreReply): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(toStoreError(error))
    else waiting?.resolve(result)
  }

  #end(reason: unknown): void {
    this.#closed = true
    for (const { reject } of this.#waiting.values()) reject(reason)
    this.#waiting.clear()
  }
}

const toStoreError = ({
  code,
  message,
  hint,
}: {
  code: string
  message: string
  hint?: string
}): StoreError => new StoreError(code as StoreErrorCode, message, hint === undefined ? {} : { hint })
