// One replay from Init to its sum: asks before anything is sent, shows what is told and how far it is, and ends in order
// whatever happens.
import { createInterface } from 'node:readline'
import { systemClock } from '../app/system-clock.ts'
import { Encoder } from '../replay/encoder.ts'
import { FileError } from '../replay/line-error.ts'
import type { Source } from '../replay/open-source.ts'
import { Pace } from '../replay/pace.ts'
import type { Plan } from '../replay/plan.ts'
import { Play, type Played } from '../replay/play.ts'
import { Summary } from '../replay/summary.ts'
import type { Told } from '../replay/told.ts'
import { type Audience, eventView, summaryView, timeText } from '../replay/views.ts'
import { jsonLine, type TerminalText, terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import type { ReplayOptions } from './replay-choices.ts'
import { ProgressLine } from './replay-progress.ts'
import type { Stage } from './replay-stage.ts'
import { eventText, summaryText } from './replay-text.ts'
import { failed, json, wrongUsage } from './store-command.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'
import { wrapped } from './terminal-lines.ts'

/** Bad lines that are told one by one. */
const MOST_BAD_LINES = 10
/** So long a pipe is read before a person is told that it is not played yet. */
const HINT_MS = 3000

const hintFor = (failure: Error): string =>
  failure instanceof FileError ? '. --keep-going passes over such lines' : ''

export class Performance {
  readonly #plan: Plan
  readonly #options: ReplayOptions
  readonly #around: CommandSurroundings
  readonly #stopped = new AbortController()
  readonly #progress: ProgressLine
  readonly #summary: Summary
  /** Resolves when results can be written again. */
  #room: Promise<void> | undefined

  constructor(plan: Plan, options: ReplayOptions, around: CommandSurroundings) {
    this.#plan = plan
    this.#options = options
    this.#around = around
    this.#progress = new ProgressLine(around.stderr, () => systemClock.monotonicMs())
    this.#summary = new Summary(plan.settings.noRecoveries)
  }

  /** To be called with each event, in order. */
  told(told: Told): void {
    const view = eventView(told, this.#summary.take(told))
    const { json: isJson, summary } = this.#options
    if (summary) return
    this.#write(isJson ? jsonLine(view) : eventText(view, this.#colour))
  }

  async run(sources: readonly Source[], open: () => Promise<Stage>): Promise<ExitCode> {
    this.#stopOnSignal()
    const stage = await open()
    try {
      const audience = await this.#start(stage)
      return typeof audience === 'string' ? await this.#play(sources, stage, audience) : audience
    } finally {
      await stage.close()
    }
  }

  /** Who will be told; an exit code where nothing is to be played. */
  async #start({ conversation }: Stage): Promise<Audience | ExitCode> {
    const started = await conversation.start(this.#plan.init)
    if (started.refused !== undefined) return wrongUsage(this.#around, started.refused)
    const { dryRun, yes, task } = this.#options
    const { stderr } = this.#around
    if (dryRun) return 'dry-run'
    if (started.isHistory) {
      stderr.write(
        wrapped(
          `task '${task}' is one that Kapacitor has, so to the sidecar this is its past: nothing is sent. What it would tell, had nothing been open:`,
        ),
      )
      return 'history'
    }
    if (yes || (await this.#isMeant())) return 'told'
    stderr.write(terminal`nothing was sent\n`)
    return ExitCode.failed
  }

  async #isMeant(): Promise<boolean> {
    const { stdin, stderr } = this.#around
    const { task, endpoint } = this.#plan.settings
    stderr.write(
      terminal`${wrapped(`What this finds goes to Squadcast, as task '${task}' and at endpoint '${endpoint}', and may page somebody.`)}Send it? [y/N] `,
    )
    const { signal } = this.#stopped
    const lines = createInterface({ input: stdin!, signal })
    const answer = await new Promise<string>(resolve => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
    lines.close()
    return /^y(es)?$/i.test(answer.trim())
  }

  async #play(sources: readonly Source[], stage: Stage, audience: Audience): Promise<ExitCode> {
    const { selection, grouping } = this.#plan
    const { speed = Number.POSITIVE_INFINITY, keepGoing } = this.#options
    const startedAt = systemClock.monotonicMs()
    const play: Play = new Play({
      ...{ conversation: stage.conversation, encoder: new Encoder(grouping), selection },
      ...{ pace: new Pace(speed), clock: systemClock, stopped: this.#stopped.signal },
      keepGoing: keepGoing === true,
      bad: error => this.#bad(error, play.played),
      progress: source => this.#show(source, play.played),
    })
    const failure = await this.#all(play, sources, stage)
    const ms = systemClock.monotonicMs() - startedAt
    const whole = failure === undefined && !this.#stopped.signal.aborted
    this.#sum(stage, { audience, whole, played: play.played, ms })
    if (failure !== undefined) return failed(this.#around, `${failure.message}${hintFor(failure)}`)
    return whole ? ExitCode.fine : ExitCode.failed
  }

  /** Ends the conversation as Kapacitor does, whatever the files held. Resolves with what went wrong first. */
  async #all(play: Play, sources: readonly Source[], { conversation }: Stage): Promise<Error | undefined> {
    let failure: Error | undefined
    try {
      for (const source of sources) if (!this.#stopped.signal.aborted) await this.#one(play, source)
    } catch (error) {
      failure = error as Error
    }
    try {
      await conversation.end()
    } catch (error) {
      failure ??= error as Error
    }
    this.#progress.clear()
    return failure
  }

  /** A pipe that is read to its end first may have none. */
  async #one(play: Play, source: Source): Promise<void> {
    const hint = (): void => {
      if (source.reading?.() === undefined) return
      this.#progress.clear()
      this.#around.stderr.write(
        wrapped(
          'The pipe is read to its end before points are played, by their time. --no-sort plays them as they come.',
        ),
      )
    }
    const cancel = source.isPipe && source.reading ? systemClock.after(HINT_MS, hint) : () => {}
    try {
      await play.source(source)
    } finally {
      cancel()
    }
  }

  #bad(error: Error, { badLines }: Played): void {
    if (badLines > MOST_BAD_LINES + 1) return
    this.#progress.clear()
    this.#around.stderr.write(
      badLines <= MOST_BAD_LINES
        ? terminal`warning: ${error.message}\n`
        : terminal`warning: more such lines are only counted\n`,
    )
  }

  #show(source: Source, { points, to }: Played): Promise<void> | undefined {
    this.#progress.update(() => ({
      ...{ points, reading: source.reading?.() },
      portion: source.portion(),
      time: to === undefined ? undefined : timeText(to),
    }))
    return this.#room
  }

  #sum(
    stage: Stage,
    how: {
      readonly audience: Audience
      readonly whole: boolean
      readonly played: Played
      readonly ms: number
    },
  ): void {
    const { top, flapping, json: isJson } = this.#options
    const summary = this.#summary
    const open = stage.open() ?? summary.open()
    const view = summaryView({ ...how, summary, open, top, flapping, unlevelled: stage.unlevelled() })
    if (isJson) json(this.#around, view)
    else this.#around.stdout.write(summaryText(view, { most: top, colour: this.#colour }))
  }

  #write(text: TerminalText): void {
    const { stdout } = this.#around
    this.#progress.clear()
    if (stdout.write(text) !== false || this.#room || !stdout.once) return
    this.#room = new Promise(resolve => {
      stdout.once!('drain', () => {
        this.#room = undefined
        resolve()
      })
    })
  }

  #stopOnSignal(): void {
    const { onSignal, exit, stderr } = this.#around
    onSignal(['SIGINT', 'SIGTERM'], () => {
      if (this.#stopped.signal.aborted) exit(ExitCode.failed)
      this.#progress.clear()
      stderr.write(terminal`stopping; once more to leave at once\n`)
      this.#stopped.abort()
    })
  }

  get #colour(): boolean {
    return wantsColour(this.#around.stdout, this.#around.env)
  }
}
