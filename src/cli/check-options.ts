// The name, options and help of `check`.
import type { Command } from 'commander'
import type { CheckOptions } from './check.ts'
import type { ExitCode } from './exit-code.ts'
import { CONFIG_OPTION } from './store-commands.ts'
import type { CommandSurroundings } from './surroundings.ts'

export function addCheck(root: Command, around: CommandSurroundings, finish: (code: ExitCode) => void): void {
  root
    .command('check')
    .description('See whether everything is in place, and say what to do where it is not.')
    .option(...CONFIG_OPTION)
    .option('--kapacitor-conf <file>', 'look at our functions in it too')
    .option('--tickscripts <path>', 'look at this .tick file too, or at every one below this folder')
    .option('--kapacitor-user <name>', 'who connects to the sockets', 'kapacitor')
    .option('--service-user <name>', 'who runs the sidecar', 'kapacitor-squadcast')
    .option('--json', 'one JSON object a line, for machines')
    .addHelpText('after', CHECK_HELP)
    .action(async (options: CheckOptions) =>
      finish(await (await import('./check.ts')).checkCommand(options, around)),
    )
}

const CHECK_HELP = `
Beside a running sidecar and without one. No event is sent, and no request to
Squadcast: connections are made, and closed again. As root more is tried, and
less worked out: who may connect, who may read.

✓ fine   ! works, with a warning   ✗ failed   – skipped, with the reason

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage, 78 bad or missing
configuration; what does not need it is looked at all the same.

Examples:
  kapacitor-squadcast check
  sudo kapacitor-squadcast check --kapacitor-conf /etc/kapacitor/kapacitor.conf
  kapacitor-squadcast check --config ./config.toml --tickscripts ./tick
  kapacitor-squadcast check --json | jq 'select(.outcome == "failed")'`
