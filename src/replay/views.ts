// What a replay found, in a form for people and machines: times as RFC 3339, durations in nanoseconds, names of JSON. Pure.
import type { LevelName } from '../incident/level.ts'
import { rfc3339Nano } from '../incident/rfc3339.ts'
import type { Played } from './play.ts'
import { byLevel, type OpenIncident, type Summary, type Tally } from './summary.ts'
import type { Step, Told } from './told.ts'

/** RFC 3339. @param time nanoseconds since the epoch. */
export const timeText = (time: bigint): string => rfc3339Nano(time)

export interface EventView {
  readonly kind: 'trigger' | 'resolve'
  readonly step: Step
  readonly incident: string
  readonly level: LevelName
  readonly previousLevel?: LevelName
  readonly message: string
  readonly time: string
  /** Nanoseconds. */
  readonly duration?: number
}

export function eventView(told: Told, step: Step): EventView {
  const { incident, level, previousLevel, message, time, duration } = told
  return {
    kind: step === 'resolved' ? 'resolve' : 'trigger',
    ...{ step, incident, level },
    ...(previousLevel !== undefined && { previousLevel }),
    ...{ message, time: timeText(time) },
    ...(duration !== undefined && { duration: Number(duration) }),
  }
}

/** dry-run: nobody could be told. history: the sidecar told nobody. told: it has stored and delivers the events. */
export type Audience = 'dry-run' | 'history' | 'told'

export interface OpenView {
  readonly incident: string
  readonly level: LevelName
  readonly since?: string
  /** It has recovered, and its resolve waits. */
  readonly held?: true
}

export interface SummaryView {
  readonly kind: 'summary'
  readonly audience: Audience
  /** False: it was stopped, or failed, before the end of the files. */
  readonly whole: boolean
  readonly points: number
  readonly batches: number
  /** Points without a level; absent where only the sidecar knows. */
  readonly unlevelled?: number
  readonly notSelected: number
  /** Some of their measurements. */
  readonly others: readonly string[]
  readonly badLines: number
  readonly from?: string
  readonly to?: string
  readonly seconds: number
  readonly events: Readonly<Record<Step, number>>
  /** Different ids that were told. */
  readonly ids: number
  readonly openByLevel: Readonly<Partial<Record<LevelName, number>>>
  readonly open: readonly OpenView[]
  readonly busiest: readonly Tally[]
  readonly flapping: readonly Tally[]
}

export interface SummaryParts {
  readonly audience: Audience
  readonly whole: boolean
  readonly played: Played
  readonly unlevelled: number | undefined
  readonly summary: Summary
  readonly open: readonly OpenIncident[]
  readonly ms: number
  /** How many of the busiest. */
  readonly top: number
  /** Opened more often than this: it flaps. */
  readonly flapping: number
}

export function summaryView(parts: SummaryParts): SummaryView {
  const { audience, whole, played, unlevelled, summary, open, ms, top, flapping } = parts
  const { points, batches, notSelected, others, badLines, from, to } = played
  return {
    ...{ kind: 'summary', audience, whole, points, batches },
    ...(unlevelled !== undefined && { unlevelled }),
    ...{ notSelected, others: [...others], badLines },
    ...(from !== undefined && { from: timeText(from) }),
    ...(to !== undefined && { to: timeText(to) }),
    seconds: Math.round(ms) / 1000,
    events: { ...summary.steps },
    ids: summary.ids,
    openByLevel: Object.fromEntries(byLevel(open)),
    open: open.map(openView),
    busiest: summary.busiest(top),
    flapping: summary.flapping(flapping),
  }
}

const openView = ({ incident, level, since, isHeld }: OpenIncident): OpenView => ({
  incident,
  level,
  ...(since !== undefined && { since: timeText(since) }),
  ...(isHeld && { held: true }),
})
