// `explain ID`: why somebody was paged, or was not.
import { daemonRuns } from '../app/asking.ts'
import { type Explanation, explain, type Step } from '../app/explanation.ts'
import type { AttemptView } from '../app/store-view.ts'
import { systemClock } from '../app/system-clock.ts'
import { joined, type TerminalText, terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { failed, json, type StoreOptions, withStore } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { hanging, plural, shortTime, wrapped } from './terminal-lines.ts'

export interface ExplainOptions extends StoreOptions {
  readonly endpoint?: string
  readonly opening?: number
  readonly all?: boolean
}

/** With --all, no more openings than this. */
const MOST_OPENINGS = 1000

export function explainCommand(
  id: string,
  options: ExplainOptions,
  around: CommandSurroundings,
): Promise<ExitCode> {
  return withStore(options, around, (store, path) => {
    const { endpoint, opening } = options
    const selection = {
      id,
      ...(endpoint !== undefined && { endpoint }),
      ...(opening !== undefined && { opening }),
    }
    const rows = store.incidents(selection, { limit: options.all ? MOST_OPENINGS : 1 })
    if (rows.length === 0)
      return failed(around, `no incident '${id}' is known: see \`incidents --all\`; what is old is forgotten`)
    const moment = { now: systemClock.wallMs(), daemonRuns: daemonRuns(path) }
    for (const row of rows) {
      const story = explain(store, row, moment)
      if (options.json) json(around, story)
      else around.stdout.write(text(story))
    }
    return ExitCode.fine
  })
}

function text(story: Explanation): TerminalText {
  const { id, endpoint, opening, state } = story
  const cut = story.isCut
    ? terminal`  (its beginning is older than the history, or there is too much of it)\n`
    : ''
  const steps = joined(story.steps.map(stepText))
  return terminal`${id}\n  at ${endpoint}, opening ${opening}, ${state}\n${cut}\n${steps}\n`
}

function stepText({ at, text: said, event }: Step): TerminalText {
  const head = hanging(terminal`${shortTime(at)}  `, said)
  if (!event) return head
  const state = {
    pending: `not delivered yet: ${event.waits ?? ''}`,
    delivered: `accepted ${event.settledAt ? shortTime(event.settledAt) : ''}`,
    coalesced:
      event.coalescedBy === event.seq
        ? 'not sent: nobody had received what it resolves'
        : `not sent: it gave way to event ${event.coalescedBy}`,
    dead: 'refused for good: a dead letter',
    discarded: 'discarded by hand',
  }[event.state]
  return terminal`${head}${attemptLines(event.attempts)}${wrapped(state, 24)}`
}

const SHOWN_AT_EITHER_END = 3

function attemptLines(attempts: readonly AttemptView[]): TerminalText {
  const left = attempts.length - 2 * SHOWN_AT_EITHER_END
  if (left <= 1) return joined(attempts.map(attemptLine))
  return joined([
    ...attempts.slice(0, SHOWN_AT_EITHER_END).map(attemptLine),
    wrapped(`... ${plural(left, 'attempt')} more ...`, 24),
    ...attempts.slice(-SHOWN_AT_EITHER_END).map(attemptLine),
  ])
}

function attemptLine({ at, answer, latencyMs, outcome }: AttemptView): TerminalText {
  const took = latencyMs === undefined ? '' : `, ${Math.round(latencyMs)} ms`
  return wrapped(`${at.slice(11, 23)}Z  ${outcome}: ${answer ?? 'no answer known'}${took}`, 24)
}
