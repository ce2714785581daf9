// The names, options and help of the commands that work on the store; what each does is in a file of its own.
import { type Command, Option } from 'commander'
import { type ChoiceOptions, choiceOf } from './dead-letter-choice.ts'
import type { ExitCode } from './exit-code.ts'
import type { ExplainOptions } from './explain.ts'
import type { IncidentsOptions } from './incidents.ts'
import type { ResolveOptions } from './incidents-resolve.ts'
import type { StoreOptions } from './store-command.ts'
import {
  CHANGE_HELP,
  DEAD_LETTERS_HELP,
  EXPLAIN_HELP,
  INCIDENTS_HELP,
  RESOLVE_HELP,
  TEST_HELP,
} from './store-help.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { readLevel, readNumber, readNumbers, readTime } from './values.ts'

/** Which configuration: its flags, and what stands beside them in the help. */
export const CONFIG_OPTION = [
  '-c, --config <file>',
  'configuration; else $KAPACITOR_SQUADCAST_CONFIG, else /etc/kapacitor-squadcast/config.toml',
] as const

type Finish = (code: ExitCode) => void
const PAGE = 50

export function addStoreCommands(
  root: Command,
  around: CommandSurroundings,
  { finish, now }: { readonly finish: Finish; readonly now: () => number },
): void {
  addIncidents(root, around, finish)
  withCommon(root.command('explain').argument('<id>', 'of the incident'))
    .description('Why somebody was paged, or was not: the story of one incident.')
    .option('--endpoint <name>', 'at this endpoint')
    .option('--opening <number>', 'this opening, not the last one', readNumber)
    .option('--all', 'every opening, the newest first')
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (id: string, options: ExplainOptions) =>
      finish(await (await import('./explain.ts')).explainCommand(id, options, around)),
    )
  addDeadLetters(root, around, { finish, now })
  withCommon(root.command('test'))
    .description('Send a trigger that says it is a test, then its resolve.')
    .option('--endpoint <name>', 'to this endpoint', 'default')
    .addHelpText('after', TEST_HELP)
    .action(async (options: StoreOptions & { endpoint: string }) =>
      finish(await (await import('./test.ts')).testCommand(options, around)),
    )
}

/** Sets it so that an option belongs to the command that it follows, and one of the parent counts too. */
export const withCommon = (command: Command): Command =>
  command
    .enablePositionalOptions()
    .option(...CONFIG_OPTION)
    .option('--json', 'one JSON object a line, for machines')

function withPages(command: Command): Command {
  return command
    .option('--limit <number>', 'no more than this', readNumber, PAGE)
    .option('--before <number>', 'the next page: what is before this number', readNumber)
}

function addIncidents(root: Command, around: CommandSurroundings, finish: Finish): void {
  const incidents = withPages(withCommon(root.command('incidents')))
    .description('Incidents that are open, the newest first.')
    .option('--all', 'those that are closed too')
    .option('--endpoint <name>', 'of this endpoint')
    .option('--level <level>', 'at least INFO, WARNING or CRITICAL; of closed ones the highest', readLevel)
    .addHelpText('after', INCIDENTS_HELP)
    .action(async (options: IncidentsOptions) =>
      finish(await (await import('./incidents.ts')).incidentsCommand(options, around)),
    )
  withCommon(incidents.command('resolve').argument('<id>', 'of the incident'))
    .description('Tell that an incident is over, though its points are not OK.')
    .option('--endpoint <name>', 'needed where the id is open at several')
    .addHelpText('after', RESOLVE_HELP)
    .action(async (id: string, _: unknown, command: Command) =>
      finish(
        await (await import('./incidents-resolve.ts')).resolveCommand(
          id,
          command.optsWithGlobals<ResolveOptions>(),
          around,
        ),
      ),
    )
}

type PageOptions = StoreOptions & ChoiceOptions & { limit: number; before?: number }
type ChangeOptions = StoreOptions & ChoiceOptions & { force?: boolean; dryRun?: boolean }

function addDeadLetters(
  root: Command,
  around: CommandSurroundings,
  { finish, now }: { readonly finish: Finish; readonly now: () => number },
): void {
  const letters = root
    .command('dead-letters')
    .description('Events that were refused for good, or that could not be read.')
    .enablePositionalOptions()
    .addHelpText('after', DEAD_LETTERS_HELP)
  const withChoice = (command: Command): Command => chosen(withCommon(command), now)
  withPages(withChoice(letters.command('list', { isDefault: true })))
    .description('List them, the newest first.')
    .action(async (options: PageOptions) =>
      finish(
        await (await import('./dead-letters.ts')).listDeadLetters(
          { ...options, selection: choiceOf([], options) },
          around,
        ),
      ),
    )
  withCommon(letters.command('show').argument('<number>', 'of the event', readNumber))
    .description('One of them: what was to be told, and each attempt.')
    .action(async (seq: number, options: StoreOptions) =>
      finish(await (await import('./dead-letters.ts')).showDeadLetter(seq, options, around)),
    )
  withChoice(letters.command('export').argument('[number...]', 'of events', readNumbers))
    .description('JSON, one a line: each event as it is stored, with its attempts.')
    .action(async (seqs: readonly number[] = [], options: StoreOptions & ChoiceOptions) =>
      finish(
        await (await import('./dead-letters.ts')).exportDeadLetters(
          { ...options, selection: choiceOf(seqs, options) },
          around,
        ),
      ),
    )
  for (const action of ['retry', 'discard'] as const) {
    const command = withChoice(letters.command(action).argument('[number...]', 'of events', readNumbers))
      .description(action === 'retry' ? 'Send them again.' : 'Give them up; the history keeps them.')
      .option('--all', 'all of them')
      .option('--dry-run', 'say what would be done, and do nothing')
      .addHelpText('after', CHANGE_HELP[action])
    if (action === 'retry')
      command.option('--force', 'also what would open a page for ever, or come too late')
    command.action(async (seqs: readonly number[] = [], options: ChangeOptions) => {
      const { all = false, force = false, dryRun = false } = options
      const selection = choiceOf(seqs, options)
      finish(
        await (await import('./dead-letters-change.ts')).changeDeadLetters(
          { ...options, action, selection, all, force, dryRun },
          around,
        ),
      )
    })
  }
}

const chosen = (command: Command, now: () => number): Command =>
  command
    .option('--endpoint <name>', 'of this endpoint')
    .addOption(
      new Option('--fault <whose>', 'refused by the receiver, or our own').choices(['receiver', 'own']),
    )
    .option('--since <time>', 'made at or after: 2026-05-28T14:00:00Z, or 2h ago', text =>
      readTime(text, now()),
    )
    .option('--until <time>', 'made before', text => readTime(text, now()))
