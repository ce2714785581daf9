// What the last hour was like, in steps of ten seconds, for charts: how many of each since the step before, and what
// waited and was open at its end. In memory alone: after a restart it begins anew.

/** What grows: a step has what was added in it. */
const COUNTED = ['points', 'triggers', 'resolves', 'delivered', 'failed'] as const
/** What is measured at the end of a step. */
const MEASURED = ['pending', 'oldestPendingSeconds', 'openIncidents'] as const

export type Counted = (typeof COUNTED)[number]
export type Measured = (typeof MEASURED)[number]
export type Totals = Readonly<Record<Counted, number>>
export type Levels = Readonly<Record<Measured, number>>

export interface HistoryView {
  readonly everySeconds: number
  /** RFC 3339: the end of the last step. */
  readonly until: string
  /** The oldest first; as many as there are of each. */
  readonly series: Readonly<Record<Counted | Measured, readonly number[]>>
}

export const STEP_MS = 10_000
const STEPS = 360

export class History {
  readonly #steps: (Totals & Levels)[] = []
  #before: Totals = { points: 0, triggers: 0, resolves: 0, delivered: 0, failed: 0 }
  #until = 0

  /** Ends a step. @param totals since the process started. @param wallMs wall clock, ms. */
  step(totals: Totals, levels: Levels, wallMs: number): void {
    const added = { ...totals }
    for (const name of COUNTED) added[name] -= this.#before[name]
    this.#steps.push({ ...added, ...levels })
    if (this.#steps.length > STEPS) this.#steps.shift()
    this.#before = totals
    this.#until = wallMs
  }

  view(): HistoryView {
    const series: Partial<Record<Counted | Measured, readonly number[]>> = {}
    for (const name of [...COUNTED, ...MEASURED]) series[name] = this.#steps.map(step => step[name])
    return {
      everySeconds: STEP_MS / 1000,
      until: new Date(this.#until).toISOString(),
      series: series as HistoryView['series'],
    }
  }
}

/** Counts from the feed what no part counts for itself. */
export class FeedCounts {
  triggers = 0
  resolves = 0
  delivered = 0
  failed = 0

  hear({ event }: { readonly event: string }): void {
    if (event === 'trigger') this.triggers++
    else if (event === 'resolve') this.resolves++
    else if (event === 'delivered') this.delivered++
    else if (FAILURES.has(event)) this.failed++
  }
}

const FAILURES: ReadonlySet<string> = new Set(['retrying', 'blocked', 'limited', 'refused', 'dead-letter'])
