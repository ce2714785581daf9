// The names, options and help of the commands that look at what runs; what each does is in a file of its own.
import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import { STATUS_HELP } from './look-help.ts'
import { type StatusOptions, statusCommand } from './status.ts'
import { withCommon } from './store-commands.ts'
import type { CommandSurroundings } from './surroundings.ts'

interface Adding {
  readonly finish: (code: ExitCode) => void
  readonly now: () => number
}

export function addLookCommands(root: Command, around: CommandSurroundings, { finish }: Adding): void {
  withCommon(root.command('status'))
    .description('Is it working? One screen: what is wrong and what to do, endpoints, incidents, tasks.')
    .option('--plugin', 'one line with figures, for Nagios, Icinga and their like')
    .addHelpText('after', STATUS_HELP)
    .action(async (options: StatusOptions) => finish(await statusCommand(options, around)))
}
