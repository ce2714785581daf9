// The story of the demo: what the stand-in was told, one line for each event, and the sum at the end. Pure.
import pc from 'picocolors'
import { joined, painted, type TerminalText, terminal } from '../terminal/text.ts'
import type { Counted, Played, RecordedTask } from './player.ts'

/** One accepted request, as Kapacitor's alert JSON has it. */
export interface Told {
  readonly id: string
  readonly level: string
  readonly previousLevel: string
  readonly message: string
  /** Nanoseconds. */
  readonly duration: number
}

export type Step = 'triggered' | 'escalated' | 'resolved'

export interface Chapter {
  readonly task: RecordedTask
  readonly played: Played
}

const STEPS: readonly Step[] = ['triggered', 'escalated', 'resolved']

export class Story {
  readonly #colour: ReturnType<typeof pc.createColors>
  readonly #open = new Map<string, string>()
  readonly #counts: Record<Step, number> = { triggered: 0, escalated: 0, resolved: 0 }

  constructor(colour: boolean) {
    this.#colour = pc.createColors(colour)
  }

  /** Follows what was told; call once for each event, in order. */
  follow({ id, level }: Told): Step {
    const step: Step = level === 'OK' ? 'resolved' : this.#open.has(id) ? 'escalated' : 'triggered'
    if (step === 'resolved') this.#open.delete(id)
    else this.#open.set(id, level)
    this.#counts[step]++
    return step
  }

  chapter({ task, played }: Chapter): TerminalText {
    const { bold, dim } = this.#colour
    const back = counted(played.returned)
    return terminal`\n${painted(bold, task.name)} ${painted(dim, `(${task.about})`)} sent ${counted(played.sent)}, got back ${back}\n`
  }

  line(step: Step, { level, previousLevel, message, duration }: Told): TerminalText {
    const lasted = step === 'resolved' ? ` after ${seconds(duration)}` : ''
    const from = step === 'escalated' ? ` from ${previousLevel}` : ''
    return terminal`  ${this.#painted(step, step.padEnd(9))}  ${level.padEnd(8)}  ${message}${from}${lasted}\n`
  }

  withoutLevels(task: RecordedTask): TerminalText {
    return terminal`  ${painted(this.#colour.yellow, 'nobody is paged')}: its points carry no level; ${WITHOUT_LEVELS[task.name] ?? ''}\n`
  }

  summary(
    chapters: readonly Chapter[],
    took: { readonly ms: number; readonly refused: number },
  ): TerminalText {
    const { bold } = this.#colour
    const sent = sum(chapters.map(({ played }) => played.sent))
    const parts = STEPS.map(step => this.#painted(step, `${this.#counts[step]} ${step}`))
    const told = joined(parts.flatMap((part, at) => (at === 0 ? [part] : [terminal`, `, part])))
    return terminal`
${painted(bold, 'What happened')}
  Kapacitor  ${chapters.length} tasks sent ${counted(sent)}.
  Squadcast  was told ${this.#total} times: ${told}; ${took.refused} refused.
  Now        ${this.#stillOpen()}
  In         ${seconds(took.ms * 1e6)}. Each event was on disk before it was sent.

Next: put kapacitor.conf.example into your kapacitor.conf, see tickscripts/ and README.md.
`
  }

  get #total(): number {
    return STEPS.reduce((total, step) => total + this.#counts[step], 0)
  }

  #stillOpen(): string {
    const levels = [...this.#open.values()]
    const by = ['CRITICAL', 'WARNING', 'INFO']
      .map(level => [levels.filter(open => open === level).length, level] as const)
      .filter(([count]) => count > 0)
      .map(([count, level]) => `${count} ${level}`)
    const details = by.length > 0 ? ` (${by.join(', ')}): their last points were above a threshold` : ''
    return `${levels.length} incidents are open${details}.`
  }

  #painted(step: Step, text: string): TerminalText {
    const { red, yellow, green } = this.#colour
    return painted({ triggered: red, escalated: yellow, resolved: green }[step], text)
  }
}

const WITHOUT_LEVELS: Readonly<Record<string, string>> = {
  alert_noposts: "add .levelField('level') to its |alert()",
  all_types: 'it only shows that every type of field comes back unchanged',
}

function counted({ points, batches }: Counted): string {
  const inBatches = batches > 0 ? ` in ${plural(batches, 'batch', 'batches')}` : ''
  return plural(points, 'point', 'points') + inBatches
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const sum = (all: readonly Counted[]): Counted => ({
  points: all.reduce((total, { points }) => total + points, 0),
  batches: all.reduce((total, { batches }) => total + batches, 0),
})

const seconds = (ns: number): string => `${(ns / 1e9).toFixed(1).replace(/\.0$/, '')} s`
