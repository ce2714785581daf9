// The other way for CRITICAL incidents that Squadcast does not take. The store says which those are, so it is the same
// after a restart; that one was told is written there once it was. One is told at a time.
import { isSame } from '../config/same.ts'
import type { FallbackSettings } from '../config/settings.ts'
import type { EndpointStatus } from '../delivery/status.ts'
import { decodeEvent, type IncidentEvent } from '../incident/event.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Untaken, UntakenRow } from '../outbox/watched.ts'
import { FallbackPace, type FallbackStep } from '../watch/fallback-pace.ts'
import { type FallbackReport, reportAll, reportOne, type UntakenIncident } from '../watch/fallback-report.ts'
import type { Failure } from './fallback-command.ts'
import type { SystemClock } from './system-clock.ts'

export interface FallbackParts {
  readonly clock: SystemClock
  readonly host: string
  readonly outbox: Pick<Outbox, 'untaken' | 'toldByFallback'>
  readonly endpoints: () => readonly EndpointStatus[]
  /** One try; never rejects. Undefined: it was taken. */
  readonly tell: (settings: FallbackSettings, report: FallbackReport, signal: AbortSignal) => Promise<Failure>
  readonly happened: {
    fallbackTold(happening: { readonly incidents: readonly string[]; readonly count: number }): void
    fallbackFailed(
      happening: {
        readonly incidents: readonly string[]
        readonly count: number
        readonly inMs: number
      } & NonNullable<Failure>,
    ): void
  }
}

export interface FallbackStatus {
  readonly way: 'command' | 'url'
  readonly afterMs: number
  /** CRITICAL incidents that are overdue and not told by it. */
  readonly untold: number
  readonly last?: {
    /** Wall clock, ms. */
    readonly at: number
    readonly outcome: 'told' | 'failed'
    /** Incidents that it was about. */
    readonly count: number
    readonly reason?: string
  }
}

const LOOK_EVERY_MS = 5000
/** After a look that took its time the store is left alone for so many times as long. */
const PAUSE = 20
/** Of a summary the first are named. */
const MOST_NAMED = 20
/** What a run under way is given when the sidecar stops. */
export const FINISH_MS = 5000

export class Fallback {
  readonly #parts: FallbackParts
  readonly #pace = new FallbackPace()
  readonly #abort = new AbortController()
  /** How often telling of an opening failed: others go before it. */
  readonly #tries = new Map<number, number>()
  #settings: FallbackSettings | undefined
  #round: Promise<void> | undefined
  #untold = 0
  #lookTookMs = 0
  #last: FallbackStatus['last']
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(parts: FallbackParts) {
    this.#parts = parts
  }

  /** From now on. Undefined: there is none. */
  configure(settings: FallbackSettings | undefined): void {
    if (isSame(settings, this.#settings)) return
    this.#settings = settings
    this.#pace.startAfresh()
    if (!this.#round) this.#begin()
  }

  /** What is under way is given a moment, and then ended: it is told again after the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    const cancel = this.#parts.clock.after(FINISH_MS, () => this.#abort.abort())
    await this.#round
    cancel()
  }

  /** Undefined: there is none. */
  status(): FallbackStatus | undefined {
    if (!this.#settings) return undefined
    const { way, afterMs } = this.#settings
    const last = this.#last && { last: this.#last }
    return { way: 'url' in way ? 'url' : 'command', afterMs, untold: this.#untold, ...last }
  }

  #begin(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#isStopped || !this.#settings) return
    this.#round = this.#rounds(this.#settings).finally(() => {
      this.#round = undefined
      const inMs = Math.max(LOOK_EVERY_MS, PAUSE * this.#lookTookMs)
      if (!this.#isStopped) this.#cancel = this.#parts.clock.after(inMs, () => this.#begin())
    })
  }

  /** Until nothing is to be told now. A store that cannot be asked is told and repaired elsewhere. */
  async #rounds(settings: FallbackSettings): Promise<void> {
    for (let goesOn = true; goesOn && !this.#isStopped; )
      goesOn = await this.#oneRound(settings).catch(() => false)
  }

  async #oneRound(settings: FallbackSettings): Promise<boolean> {
    const { clock, outbox } = this.#parts
    const askedAt = clock.monotonicMs()
    const untaken = await outbox.untaken(clock.wallMs() - settings.afterMs, MOST_NAMED)
    this.#lookTookMs = clock.monotonicMs() - askedAt
    this.#untold = untaken.openings.length
    this.#forgetTries(untaken)
    const step = this.#pace.next(untaken.openings.length, clock.monotonicMs())
    if (!step || this.#isStopped || settings !== this.#settings) return false
    return step === 'one' ? this.#tellOne(settings, untaken) : this.#tellAll(settings, untaken)
  }

  #tellOne(settings: FallbackSettings, { first }: Untaken): Promise<boolean> {
    const triesOf = ({ opening }: UntakenRow): number => this.#tries.get(opening) ?? 0
    const row = first.reduce((best, other) => (triesOf(other) < triesOf(best) ? other : best))
    const report = reportOne(incidentOf(row), this.#around())
    return this.#tell(settings, { step: 'one', report, openings: [row.opening] })
  }

  #tellAll(settings: FallbackSettings, { first, openings }: Untaken): Promise<boolean> {
    const report = reportAll(first.map(incidentOf), openings.length, this.#around())
    return this.#tell(settings, { step: 'all', report, openings })
  }

  async #tell(
    settings: FallbackSettings,
    { step, report, openings }: { step: FallbackStep; report: FallbackReport; openings: readonly number[] },
  ): Promise<boolean> {
    const { clock, outbox, tell } = this.#parts
    const failure = await tell(settings, report, this.#abort.signal)
    // What was told and cannot be written down would be told again at once: it counts as failed.
    const unwritten = failure ?? (await outbox.toldByFallback(openings, clock.wallMs()).catch(NOT_WRITTEN))
    if (unwritten) return this.#failed(report, openings, unwritten)
    this.#pace.told(step, clock.monotonicMs())
    this.#untold -= openings.length
    this.#last = { at: clock.wallMs(), outcome: 'told', count: report.count }
    this.#parts.happened.fallbackTold(aboutOf(report))
    return true
  }

  #failed(report: FallbackReport, openings: readonly number[], failure: NonNullable<Failure>): boolean {
    const { clock, happened } = this.#parts
    const inMs = this.#pace.failed(clock.monotonicMs())
    for (const opening of openings.slice(0, MOST_NAMED))
      this.#tries.set(opening, (this.#tries.get(opening) ?? 0) + 1)
    this.#last = { at: clock.wallMs(), outcome: 'failed', count: report.count, reason: failure.reason }
    happened.fallbackFailed({ ...aboutOf(report), ...failure, inMs })
    return false
  }

  #forgetTries({ openings }: Untaken): void {
    if (this.#tries.size === 0) return
    const left = new Set(openings)
    for (const opening of this.#tries.keys()) if (!left.has(opening)) this.#tries.delete(opening)
  }

  #around() {
    const { host, clock, endpoints } = this.#parts
    const endpoint = (name: string) => endpoints().find(one => one.name === name)
    return { host, now: clock.wallMs(), endpoint }
  }
}

const NOT_WRITTEN = (): NonNullable<Failure> => ({ reason: 'told, and the store could not note it' })

const aboutOf = ({ incidents, count }: FallbackReport) => ({
  incidents: incidents.map(({ id }) => id),
  count,
})

const incidentOf = ({ body, ...row }: UntakenRow): UntakenIncident => ({ ...row, event: readable(body) })

function readable(body: string): IncidentEvent | undefined {
  try {
    return decodeEvent(body)
  } catch {
    return undefined
  }
}
