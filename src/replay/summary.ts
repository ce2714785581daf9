// The sum of what was told: how often incidents opened, what is open still, which ids are the busiest and which flap. It
// grows with the ids that were ever told, never with the points. Pure.
import { LEVEL_NAMES, type LevelName, levelFromName } from '../incident/level.ts'
import type { Step, Told } from './told.ts'

export interface OpenIncident {
  readonly incident: string
  readonly level: LevelName
  /** Nanoseconds since the epoch; undefined where only the sidecar knows. */
  readonly since: bigint | undefined
  /** It has recovered, and its resolve waits for `.recoveryDelay()`. */
  readonly isHeld?: boolean
}

/** How often an id was told. */
export interface Tally {
  readonly incident: string
  readonly opened: number
  /** Triggers and resolves. */
  readonly told: number
}

interface Known {
  opened: number
  told: number
  /** Undefined: it is not open. */
  open: { level: LevelName; readonly since: bigint } | undefined
}

export class Summary {
  readonly steps: Record<Step, number> = { opened: 0, escalated: 0, 'told again': 0, resolved: 0 }
  readonly #ids = new Map<string, Known>()
  readonly #closesSilently: boolean

  /** @param closesSilently the node has `.noRecoveries()`: that an incident has closed shows in its next opening alone. */
  constructor(closesSilently = false) {
    this.#closesSilently = closesSilently
  }

  /** Takes what is told, in order, and says what that is to its incident. */
  take({ incident, level, previousLevel, time }: Told): Step {
    const known = this.#known(incident)
    const step = this.#step(known, level, previousLevel)
    known.told++
    if (step === 'resolved') known.open = undefined
    else if (step === 'opened') known.open = { level, since: time }
    else known.open!.level = level
    if (step === 'opened') known.opened++
    this.steps[step]++
    return step
  }

  /** What was told and not resolved, in the order of opening. */
  open(): OpenIncident[] {
    return [...this.#ids]
      .flatMap(([incident, { open }]) => (open ? [{ incident, ...open }] : []))
      .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
  }

  /** Those that were told most often. */
  busiest(count: number): Tally[] {
    return this.#tallies((a, b) => b.told - a.told).slice(0, count)
  }

  /** Those that opened more than so many times. */
  flapping(more: number): Tally[] {
    return this.#tallies((a, b) => b.opened - a.opened).filter(({ opened }) => opened > more)
  }

  get ids(): number {
    return this.#ids.size
  }

  #tallies(order: (a: Tally, b: Tally) => number): Tally[] {
    return [...this.#ids]
      .map(([incident, { opened, told }]) => ({ incident, opened, told }))
      .sort((a, b) => order(a, b) || (a.incident < b.incident ? -1 : 1))
  }

  #known(incident: string): Known {
    const known = this.#ids.get(incident) ?? { opened: 0, told: 0, open: undefined }
    this.#ids.set(incident, known)
    return known
  }

  #step({ open }: Known, level: LevelName, previousLevel: LevelName | undefined): Step {
    if (level === 'OK') return 'resolved'
    if (!open || previousLevel === 'OK') return 'opened'
    if (levelFromName(level)! > levelFromName(open.level)!) return 'escalated'
    return this.#closesSilently && previousLevel === undefined ? 'opened' : 'told again'
  }
}

/** How many there are of each level, the most severe first. */
export function byLevel(
  open: readonly OpenIncident[],
): readonly (readonly [level: LevelName, count: number])[] {
  return LEVEL_NAMES.toReversed()
    .map(level => [level, open.filter(incident => incident.level === level).length] as const)
    .filter(([, count]) => count > 0)
}
