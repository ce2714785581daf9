// `status`: is it working? One screen, or a line for monitoring, and an exit code that says it too.
import { readConfiguration } from '../app/configuration.ts'
import { type SidecarStatus, sidecarStatus } from '../app/sidecar-status.ts'
import type { TerminalText } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { pluginLine, unknownLine } from './status-plugin.ts'
import { statusScreen } from './status-screen.ts'
import { json, type StoreOptions, withSettings, wrongUsage } from './store-command.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'
import { columnsOf } from './terminal-lines.ts'

export interface StatusOptions extends StoreOptions {
  readonly plugin?: boolean
}

export async function statusCommand(options: StatusOptions, around: CommandSurroundings): Promise<ExitCode> {
  const { plugin, json: asJson } = options
  if (plugin && asJson) return wrongUsage(around, '--plugin and --json are two forms: choose one')
  const code = await withSettings(options, around, async settings => {
    const status = await sidecarStatus(settings)
    if (asJson) json(around, 'present' in status ? status.present : status.absent)
    else around.stdout.write(plugin ? pluginLine(status) : screen(status, around))
    return codeOf(status)
  })
  if (!plugin || code !== ExitCode.badConfiguration) return code
  // A plugin has no other way to say that it knows nothing.
  const { path } = readConfiguration(options.config, around.env)
  around.stdout.write(unknownLine(`${path} cannot be used; without --plugin it says why`))
  return ExitCode.unknown
}

const screen = (status: SidecarStatus, { stdout, env }: CommandSurroundings): TerminalText =>
  statusScreen(status, { columns: columnsOf(stdout), colour: wantsColour(stdout, env) })

function codeOf(status: SidecarStatus): ExitCode {
  const { state } = 'present' in status ? status.present : status.absent
  return ExitCode[state]
}
