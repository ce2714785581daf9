// Does what other processes ask for through the store: looks twice a second, and once at start before any point
// comes. What comes of an instruction is committed together with its answer, so it is done once over any crash.
import type { PendingEvent } from '../delivery/ledger.ts'
import type { Book } from '../incident/book.ts'
import { closingEvent } from '../incident/closing.ts'
import type { Change } from '../incident/judgement.ts'
import { Level } from '../incident/level.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { InstructionMark, InstructionRow, PendingRow } from '../outbox/requests.ts'
import type { EndpointTests } from './endpoint-tests.ts'
import type { ResolveAnswer, ResolveBody, TestBody } from './instruction-forms.ts'
import { type SystemClock, wallNs } from './system-clock.ts'

export interface InstructionsParts {
  readonly outbox: Pick<Outbox, 'instructions' | 'redeliver' | 'isVolatile'>
  readonly book: Book
  readonly clock: SystemClock
  readonly tests: EndpointTests
  /** Commits changes and the mark of an instruction in one transaction. */
  readonly commit: (changes: readonly Change[], instruction: InstructionMark) => Promise<unknown>
  /** Takes events that are to be delivered again. */
  readonly offer: (events: readonly PendingEvent[]) => void
  readonly told: (happening: { readonly kind: string; readonly id: number; readonly error?: unknown }) => void
}

const LOOK_EVERY_MS = 500

export class Instructions {
  readonly #parts: InstructionsParts
  /** Those that were taken and are not answered yet. */
  readonly #inHand = new Set<number>()
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(parts: InstructionsParts) {
    this.#parts = parts
  }

  /** Resolves when what was asked while no daemon ran is taken. */
  async start(): Promise<void> {
    await this.#look()
    if (this.#isStopped) return
    this.#cancel = this.#parts.clock.after(LOOK_EVERY_MS, () => void this.start())
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#parts.tests.stop()
  }

  async #look(): Promise<void> {
    // A store that cannot be asked is told and repaired elsewhere.
    const rows = await this.#parts.outbox.instructions().catch(() => [])
    for (const row of rows) if (!this.#inHand.has(row.id) && this.#canDo(row)) this.#take(row)
  }

  /** While the disk takes nothing, dead letters are out of reach: they wait for it. */
  #canDo({ kind }: InstructionRow): boolean {
    return !(this.#parts.outbox.isVolatile && (kind === 'retry' || kind === 'discard'))
  }

  #take(row: InstructionRow): void {
    const { id, kind } = row
    const { told } = this.#parts
    this.#inHand.add(id)
    told({ id, kind })
    this.#do(row)
      .catch(error => {
        if (this.#isStopped) return undefined
        told({ id, kind, error })
        return this.#answer(id, [], { error: 'the daemon could not do it: its log says why' })
      })
      .catch(() => {})
      .finally(() => this.#inHand.delete(id))
  }

  async #do(row: InstructionRow): Promise<void> {
    const { id, kind, body } = row
    if (kind === 'resolve') await this.#resolve(id, JSON.parse(body) as ResolveBody)
    else if (kind === 'retry' || kind === 'discard') await this.#redeliver(id)
    else if (kind === 'test') await this.#parts.tests.begin(row, JSON.parse(body) as TestBody)
    else await this.#answer(id, [], { error: `this version knows no '${kind}'` })
  }

  #resolve(id: number, { endpoint, incident }: ResolveBody): Promise<unknown> {
    const { book, clock } = this.#parts
    const closing = book.mute(endpoint, incident)
    if (!closing) return this.#answer(id, [], { result: 'not-open' } satisfies ResolveAnswer)
    const { opening } = closing.incident
    const event = closingEvent(closing, { reason: 'resolved by hand', time: wallNs(clock) })
    const isOver = closing.changes.some(({ change }) => change === 'close')
    const change: Change = { changes: closing.changes, opening, endpoint, level: Level.ok, event }
    return this.#answer(id, [change], { result: isOver ? 'over' : 'muted' } satisfies ResolveAnswer)
  }

  async #redeliver(id: number): Promise<void> {
    const { outbox, clock, offer } = this.#parts
    for (;;) {
      const { pending, isDone } = await outbox.redeliver(id, clock.wallMs())
      if (pending.length > 0) offer(pending.map((row: PendingRow) => ({ ...row })))
      if (isDone) return
    }
  }

  #answer(id: number, changes: readonly Change[], answer: unknown): Promise<unknown> {
    return this.#parts.commit(changes, { id, answer: JSON.stringify(answer), isDone: true })
  }
}
