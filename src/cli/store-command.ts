// What the commands on the store have in common: the configuration says where it is, what goes wrong becomes a line
// and an exit code, and results come as lines for people or as JSON for machines.
import { type Configuration, configurationHelp, readConfiguration } from '../app/configuration.ts'
import { openStore } from '../app/store-view.ts'
import type { Settings } from '../config/settings.ts'
import { jsonLine, linesOf, terminal, withQuote } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import type { CommandSurroundings } from './surroundings.ts'

export interface StoreOptions {
  readonly config?: string
  readonly json?: boolean
}

/** Runs a command with the settings. Resolves with its exit code; errors with a hint are told and end in 1. */
export async function withSettings(
  options: StoreOptions,
  around: CommandSurroundings,
  work: (settings: Settings, file: string) => Promise<ExitCode> | ExitCode,
): Promise<ExitCode> {
  const { stderr, env } = around
  const read = readConfiguration(options.config, env)
  stderr.write(linesOf(read.warnings))
  const settings = 'settings' in read ? read.settings : withoutItsSecrets(read)
  if (!settings) {
    if ('problems' in read) stderr.write(linesOf(configurationHelp(read)))
    return ExitCode.badConfiguration
  }
  try {
    return await work(settings, read.path)
  } catch (error) {
    const { message, hint } = error as { message?: string; hint?: string }
    return failed(around, hint === undefined ? `${message}` : `${message}. ${hint}`)
  }
}

/** Who works on the store needs no secret; those that systemd keeps for the service nobody else can read. */
const withoutItsSecrets = (read: Exclude<Configuration, { settings: Settings }>): Settings | undefined =>
  read.problems.every(({ code }) => code === 'unreadable') ? read.partial : undefined

/** The same with the store open, for who only looks. */
export const withStore = (
  options: StoreOptions,
  around: CommandSurroundings,
  work: (store: ReturnType<typeof openStore>, path: string) => ExitCode,
): Promise<ExitCode> =>
  withSettings(options, around, ({ store: { path } }) => {
    const store = openStore(path)
    try {
      return work(store, path)
    } finally {
      store.close()
    }
  })

export function failed({ stderr }: CommandSurroundings, message: string): ExitCode {
  stderr.write(terminal`error: ${withQuote(message)}\n`)
  return ExitCode.failed
}

export function wrongUsage({ stderr }: CommandSurroundings, message: string): ExitCode {
  stderr.write(terminal`error: ${withQuote(message)}\n(--help says more)\n`)
  return ExitCode.wrongUsage
}

/** One object on one line. */
export const json = ({ stdout }: CommandSurroundings, value: unknown): void =>
  void stdout.write(jsonLine(value))
