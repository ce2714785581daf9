// Looks every ten seconds for what needs a human, and commits what comes of it. What is decided is decided in src/watch.
import type { SelfSettings } from '../config/settings.ts'
import { ITSELF } from '../incident/itself.ts'
import type { Change, EndpointPolicy } from '../incident/judgement.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { StandingLetters } from '../outbox/watched.ts'
import type { Facts } from '../watch/look.ts'
import type { SelfIncidents, SelfTrouble } from '../watch/self-incidents.ts'
import { type SystemClock, wallNs } from './system-clock.ts'

export interface SelfWatchParts {
  readonly clock: SystemClock
  readonly outbox: Pick<Outbox, 'standingLetters'>
  readonly incidents: SelfIncidents
  readonly facts: () => Omit<Facts, 'deadLetters'>
  readonly policy: (endpoint: string) => EndpointPolicy
  readonly commit: (changes: readonly Change[]) => Promise<unknown>
  readonly told: {
    selfTold(happening: { readonly incident: string; readonly message: string }): void
    selfOver(happening: { readonly incident: string; readonly message: string }): void
    selfIncidents(open: number): void
  }
}

export interface SelfStatus {
  /** Undefined: nobody is told. */
  readonly endpoint: string | undefined
  /** Open incidents about the sidecar itself. */
  readonly open: number
  /** What stands, told or not yet. */
  readonly troubles: readonly SelfTrouble[]
}

const LOOK_EVERY_MS = 10_000
/** After a pause of the process nothing more than this counts. */
const MOST_ELAPSED_MS = 2 * LOOK_EVERY_MS

export class SelfWatch {
  readonly #parts: SelfWatchParts
  #settings: SelfSettings | undefined
  #letters: StandingLetters | undefined
  #isAsking = false
  #last: number
  #cancel: (() => void) | undefined

  constructor(parts: SelfWatchParts) {
    this.#parts = parts
    this.#last = parts.clock.monotonicMs()
  }

  /** From the next look on. */
  configure(settings: SelfSettings | undefined): void {
    this.#settings = settings
  }

  start(): void {
    this.#parts.told.selfIncidents(this.#parts.incidents.open)
    this.#askForLetters()
    this.#cancel = this.#parts.clock.after(LOOK_EVERY_MS, () => {
      this.#look()
      this.start()
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  status(): SelfStatus {
    const { incidents } = this.#parts
    return { endpoint: this.#settings?.endpoint, open: incidents.open, troubles: incidents.status() }
  }

  #look(): void {
    const { clock, incidents, facts, policy, commit } = this.#parts
    const now = clock.monotonicMs()
    const elapsedMs = Math.min(now - this.#last, MOST_ELAPSED_MS)
    this.#last = now
    const moment = { elapsedMs, at: clock.wallMs(), time: wallNs(clock) }
    const changes = incidents.look(
      { ...facts(), deadLetters: this.#letters },
      this.#settings && policy(this.#settings.endpoint),
      moment,
    )
    if (changes.length === 0) return
    for (const { event } of changes) if (event) this.#tell(event)
    // A failure is told and kept by the store itself.
    commit(changes).catch(() => {})
  }

  #tell({ kind, incident, message }: NonNullable<Change['event']>): void {
    const { told } = this.#parts
    if (kind === 'trigger') told.selfTold({ incident, message })
    else told.selfOver({ incident, message })
  }

  /** Not waited for: a store that does not answer is one of the things to be told. */
  #askForLetters(): void {
    if (this.#isAsking || !this.#settings) return
    this.#isAsking = true
    this.#parts.outbox
      .standingLetters(ITSELF.task)
      .then(letters => {
        this.#letters = letters
      })
      .catch(() => {})
      .finally(() => {
        this.#isAsking = false
      })
  }
}
