// The names, options and help of the commands that look at what runs; what each does is in a file of its own.
import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import { readKind } from './kinds.ts'
import { STATUS_HELP, TAIL_HELP, TASKS_HELP } from './look-help.ts'
import type { StatusOptions } from './status.ts'
import { withCommon } from './store-commands.ts'
import type { CommandSurroundings } from './surroundings.ts'
import type { TailOptions } from './tail.ts'
import type { TasksOptions } from './tasks.ts'
import { readLevelName, readTime, readWords } from './values.ts'

interface Adding {
  readonly finish: (code: ExitCode) => void
  readonly now: () => number
}

export function addLookCommands(root: Command, around: CommandSurroundings, { finish, now }: Adding): void {
  withCommon(root.command('status'))
    .description('Is it working? One screen: what is wrong and what to do, endpoints, incidents, tasks.')
    .option('--plugin', 'one line with figures, for Nagios, Icinga and their like')
    .addHelpText('after', STATUS_HELP)
    .action(async (options: StatusOptions) =>
      finish(await (await import('./status.ts')).statusCommand(options, around)),
    )
  withCommon(root.command('tail'))
    .description('What happens, as it happens: points that changed something, deliveries, tasks.')
    .option('--task <name>', 'of this task; may repeat', readWords)
    .option('--incident <text>', 'of incidents with this in their id')
    .option('--level <level>', 'of incidents at least INFO, WARNING or CRITICAL', readLevelName)
    .option('--endpoint <name>', 'of this endpoint; may repeat', readWords)
    .option('--kind <name>', 'this kind alone; may repeat', readKind)
    .option('--since <time>', 'from a time on: 10m ago, or 2026-05-28T14:00:00Z', text =>
      readTime(text, now()),
    )
    .addHelpText('after', TAIL_HELP)
    .action(async (options: TailOptions) =>
      finish(await (await import('./tail.ts')).tailCommand(options, around)),
    )
  withCommon(root.command('tasks'))
    .description("Kapacitor's tasks that use our functions: how each stands, and what to do about it.")
    .option('--all', 'those that do not use them, too')
    .option('--task <name>', 'this one alone')
    .addHelpText('after', TASKS_HELP)
    .action(async (options: TasksOptions) =>
      finish(await (await import('./tasks.ts')).tasksCommand(options, around)),
    )
}
