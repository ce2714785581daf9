// `incidents`: what is open, or with --all what was.
import { type IncidentView, incidentPage } from '../app/store-view.ts'
import { type TerminalText, terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { json, type StoreOptions, withStore } from './store-command.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'
import { levelText, plural, shortTime, wrapped } from './terminal-lines.ts'

export interface IncidentsOptions extends StoreOptions {
  readonly all?: boolean
  readonly endpoint?: string
  /** A number of Level. */
  readonly level?: 0 | 1 | 2 | 3
  readonly limit: number
  readonly before?: number
}

export function incidentsCommand(options: IncidentsOptions, around: CommandSurroundings): Promise<ExitCode> {
  const { all, endpoint, level, limit, before } = options
  return withStore(options, around, store => {
    const page = incidentPage(
      store,
      {
        ...(!all && { isOpen: true }),
        ...(endpoint !== undefined && { endpoint }),
        ...(level !== undefined && { level }),
      },
      { limit, before },
    )
    const colour = wantsColour(around.stdout, around.env)
    for (const incident of page.items) {
      if (options.json) json(around, incident)
      else around.stdout.write(lines(incident, colour))
    }
    const { stderr } = around
    if (page.items.length === 0) stderr.write(all ? terminal`no incidents\n` : terminal`no open incidents\n`)
    if (page.next !== undefined) stderr.write(terminal`more: --before ${page.next}\n`)
    return ExitCode.fine
  })
}

function lines(incident: IncidentView, colour: boolean): TerminalText {
  const { id, level, openedAt, endpoint } = incident
  const notes = [`at ${endpoint}, opening ${incident.opening}`, ...notesOn(incident)]
  return terminal`${levelText(level, colour)}  ${shortTime(openedAt)}  ${id}\n${wrapped(notes.join('; '), 10)}`
}

function notesOn({ state, closedAt, contributors, pending, deadLetters }: IncidentView): string[] {
  const tasks = new Set(contributors.map(({ task }) => task))
  return [
    ...(closedAt === undefined ? [] : [`closed ${shortTime(closedAt)}`]),
    ...(state === 'muted' ? ['resolved by hand, told no more until all have recovered'] : []),
    ...(state === 'recovering' ? ['recovered, its resolve waits'] : []),
    ...(contributors.length > 0
      ? [
          `held open by ${plural(contributors.length, 'group')} of ${[...tasks].map(task => task || 'posts').join(', ')}`,
        ]
      : []),
    ...(pending > 0 ? [`${plural(pending, 'event')} not delivered yet`] : []),
    ...(deadLetters > 0 ? [plural(deadLetters, 'dead letter')] : []),
  ]
}
