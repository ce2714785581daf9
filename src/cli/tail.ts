// `tail`: what happens, as it happens, until it is told to stop; with --since what happened before, too.
import { absenceOf, LISTENER_LINES, whetherOneRuns } from '../app/absence.ts'
import { AskingError } from '../app/asking-http.ts'
import { type FeedPlace, type Followed, followFeed } from '../app/feed-following.ts'
import { feedPast, type Older } from '../app/feed-past.ts'
import { systemClock } from '../app/system-clock.ts'
import type { Settings } from '../config/settings.ts'
import { linesOf, type TerminalText, terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { failed, json, type StoreOptions, withSettings } from './store-command.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'
import { clock, dayOf, type LineForm, type Told, tailLine } from './tail-line.ts'
import { columnsOf, plural, wrapped } from './terminal-lines.ts'

export interface TailOptions extends StoreOptions {
  readonly task?: readonly string[]
  readonly endpoint?: readonly string[]
  readonly kind?: readonly string[]
  readonly incident?: string
  /** A name. */
  readonly level?: string
  /** Milliseconds since the epoch. */
  readonly since?: number
}

export function tailCommand(options: TailOptions, around: CommandSurroundings): Promise<ExitCode> {
  const over = new AbortController()
  around.onSignal(['SIGINT', 'SIGTERM'], () => over.abort())
  return withSettings(options, around, async (settings, file) => {
    try {
      await new Tail(options, around, over.signal).run(settings)
      return ExitCode.fine
    } catch (error) {
      if (!(error instanceof AskingError)) throw error
      return nobody(error, settings, { around, file })
    }
  })
}

/** The feed's own names of the filters. */
function filtersOf({ task = [], endpoint = [], kind = [], incident, level }: TailOptions): URLSearchParams {
  const filters = new URLSearchParams()
  for (const [name, values] of Object.entries({ task, endpoint, kind }))
    for (const value of values) filters.append(name, value)
  if (incident !== undefined) filters.set('incident', incident)
  if (level !== undefined) filters.set('level', level)
  return filters
}

class Tail {
  readonly #options: TailOptions
  readonly #around: CommandSurroundings
  readonly #signal: AbortSignal
  readonly #form: LineForm
  #day = dayOf(new Date(systemClock.wallMs()).toISOString())

  constructor(options: TailOptions, around: CommandSurroundings, signal: AbortSignal) {
    this.#options = options
    this.#around = around
    this.#signal = signal
    const { stdout, env } = around
    this.#form = {
      colour: wantsColour(stdout, env),
      // What another program reads is never broken.
      columns: stdout.isTTY ? (stdout.columns ?? columnsOf(stdout)) : undefined,
    }
  }

  /** Ends when it is told to. Throws AskingError when nobody could be asked at all. */
  async run(settings: Settings): Promise<void> {
    const filters = filtersOf(this.#options)
    const around = { clock: systemClock, signal: this.#signal }
    const { since } = this.#options
    let from: FeedPlace | undefined
    if (since !== undefined) {
      const { history, happenings, place, older } = await feedPast(settings, { since, filters }, around)
      if (older) this.#note(olderText(older))
      for (const told of [...history, ...happenings]) this.#tell(told)
      from = place
    }
    for await (const followed of followFeed(settings.http, filters, { from, around })) this.#take(followed)
  }

  #take(followed: Followed): void {
    const { since = 0 } = this.#options
    if (followed.what !== 'happening') this.#note(noteOn(followed))
    else if (Date.parse(followed.happening.at) >= since) this.#tell(followed.happening)
  }

  #tell(told: Told): void {
    if (this.#options.json) json(this.#around, told)
    else this.#around.stdout.write(terminal`${this.#dayOf(told)}${tailLine(told, this.#form)}`)
  }

  /** A line of its own when it is another than today, or than that of the line before. */
  #dayOf({ at }: Told): TerminalText | '' {
    const day = dayOf(at)
    if (day === this.#day) return ''
    this.#day = day
    return terminal`${day}\n`
  }

  #note(text: string): void {
    this.#around.stderr.write(wrapped(`-- ${text}`, 0, columnsOf(this.#around.stderr)))
  }
}

/** Where the story begins. */
function olderText({ until, from, isCut, why }: Older): string {
  const when = (at: string): string => `${dayOf(at)} ${clock(at)}`
  if (from === undefined)
    return `the story begins at ${when(until)}: what was before is in the store (${why})`
  const cut = isCut ? ' (there is more, and it is too much)' : ''
  return `events of the store from ${when(from)} on${cut}; all that happened from ${when(until)} on`
}

function noteOn(followed: Exclude<Followed, { what: 'happening' }>): string {
  switch (followed.what) {
    case 'missed':
      return `${plural(followed.count, 'happening')} missed: they came faster than they were read`
    case 'lost':
      return `${followed.why}: waiting for the sidecar, Ctrl-C ends`
    case 'back':
      return followed.isAnother ? 'the sidecar was started anew: from its start on' : 'it is back'
  }
}

/** Why nobody answers, and what to do: for a listener that is off the very lines. */
function nobody(
  error: AskingError,
  settings: Settings,
  { around, file }: { readonly around: CommandSurroundings; readonly file: string },
): ExitCode {
  const { text, cure } = absenceOf(error, whetherOneRuns(settings))
  const code = failed(around, text)
  if (error.code !== 'listener-off')
    around.stderr.write(wrapped(`to do: ${cure}`, 2, columnsOf(around.stderr)))
  else
    around.stderr.write(
      terminal`\nIn ${file}, and then restart the sidecar:\n\n${linesOf(LISTENER_LINES.map(line => `  ${line}`))}`,
    )
  return code
}
