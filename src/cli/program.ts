// The commands and their help. Each command is a file of its own, which is read when it is asked for; here they only get
// their names.
import { Command, CommanderError, Option } from 'commander'
import { systemClock } from '../app/system-clock.ts'
import { version } from '../app/version.ts'
import { inLines, stackText, type TerminalText, terminal } from '../terminal/text.ts'
import { addCheck } from './check-options.ts'
import { ExitCode } from './exit-code.ts'
import { addLookCommands } from './look-commands.ts'
import { addReplay } from './replay-options.ts'
import type { StoreOptions } from './store-command.ts'
import { addStoreCommands, CONFIG_OPTION, withCommon } from './store-commands.ts'
import type { CommandSurroundings, ProcessSurroundings } from './surroundings.ts'
import { TerminalStream } from './terminal-stream.ts'

const HELP_COLUMNS = 80

/** Runs the command that the arguments name. Resolves with the exit code; never rejects. */
export async function program(surroundings: ProcessSurroundings): Promise<ExitCode> {
  const around = onTerminal(surroundings)
  let code: ExitCode = ExitCode.fine
  const root = commandLine(around, result => {
    code = result
  })
  try {
    await root.parseAsync([...around.argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.fine : ExitCode.wrongUsage
    around.stderr.write(crashText(error))
    return ExitCode.failed
  }
}

/** What nobody caught: a fault of our own. */
export function crashText(error: unknown): TerminalText {
  const said = error instanceof Error ? stackText(`${error.stack}`) : `${error}`
  return terminal`kapacitor-squadcast: ${said}\n`
}

function onTerminal(process: ProcessSurroundings): CommandSurroundings {
  const { argv, env, stdout, stderr, onSignal, exit } = process
  return {
    ...{ argv, env, onSignal, exit },
    // Only who wants it opens it.
    get stdin() {
      return process.stdin!
    },
    stdout: new TerminalStream(stdout),
    stderr: new TerminalStream(stderr),
  }
}

function commandLine(around: CommandSurroundings, finish: (code: ExitCode) => void): Command {
  const root = styled(new Command('kapacitor-squadcast'), around)
    .description(
      'Forwards alerts of Kapacitor to Squadcast: durably, in order per incident, retried until accepted.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(--help says more)')

  root
    .command('run')
    .description('Run the sidecar until it is told to stop.')
    .option(...CONFIG_OPTION)
    .addHelpText('after', RUN_HELP)
    .action(async (options: { config?: string }) => {
      const storeThread = (await import('../app/store-boot.ts')).bootThread()
      finish(await (await import('./run.ts')).runCommand(options, around, storeThread))
    })

  const adding = { finish, now: () => systemClock.wallMs() }
  addCheck(root, around, finish)
  addLookCommands(root, around, adding)
  addStoreCommands(root, around, adding)
  addReplay(root, around, finish)
  withCommon(root.command('restart-cost'))
    .description('What a restart of the sidecar that runs would cost now.')
    .addHelpText('after', RESTART_COST_HELP)
    .action(async (options: StoreOptions) =>
      finish(await (await import('./restart-cost.ts')).restartCostCommand(options, around)),
    )
  root
    .command('demo')
    .description('Play recorded Kapacitor traffic against a stand-in for Squadcast, on this machine alone.')
    .option('--json', 'one JSON object a line, for machines')
    .addOption(new Option('--task <name>', 'play this task only'))
    .addHelpText('after', DEMO_HELP)
    .action(async (options: { json?: boolean; task?: string }) =>
      finish(await (await import('./demo.ts')).demoCommand(options, around)),
    )

  for (const command of root.commands) for (const each of [command, ...command.commands]) styled(each, around)
  return root
}

function styled(command: Command, { stdout, stderr }: CommandSurroundings): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: text => void stdout.write(inLines(text)),
      writeErr: text => void stderr.write(inLines(text)),
      outputError: text => void stderr.write(mistakeText(text)),
      getOutHelpWidth: () => Math.min(stdout.columns ?? HELP_COLUMNS, HELP_COLUMNS),
      getErrHelpWidth: () => Math.min(stderr.columns ?? HELP_COLUMNS, HELP_COLUMNS),
    })
}

/** What commander says of words of the command line, which it quotes as they are. */
function mistakeText(text: string): TerminalText {
  const [, said = '', hint = ''] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? []
  return hint === '' ? terminal`${said}\n` : terminal`${said}\n${hint.slice(1)}\n`
}

const RUN_HELP = `
SIGTERM and SIGINT stop it in order: input ends, attempts under way get 5 s, what
is left is stored and goes on after the next start. A second signal leaves at once.

Exit codes: 0 stopped in order, 1 failed, 2 wrong usage, 78 bad configuration.

Example:
  kapacitor-squadcast run --config /etc/kapacitor-squadcast/config.toml`

const DEMO_HELP = `
Everything happens in a temporary folder, which is removed at the end.

Examples:
  kapacitor-squadcast demo
  kapacitor-squadcast demo --task thresholds
  kapacitor-squadcast demo --json | head`

const RESTART_COST_HELP = `
Asks the listener of the sidecar that runs ([http] bind-address), and changes
nothing.

Exit codes: 0 told, 1 nobody could be asked, 78 bad configuration.

Examples:
  kapacitor-squadcast restart-cost
  kapacitor-squadcast restart-cost --json`
