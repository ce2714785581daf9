// The configuration as a command meets it: which file, what it says, and what to tell a person about it.
import { type Loaded, loadSettings, loadText } from '../config/load.ts'
import { findConfigPath } from '../config/path.ts'
import { formatProblems, type Problem } from '../config/problems.ts'
import type { Settings } from '../config/settings.ts'
import { SMALLEST_CONFIGURATION } from '../config/smallest.ts'

interface Read {
  readonly path: string
  /** Absent: it could not be read. */
  readonly text?: string
  /** What it names and what was read for it. */
  readonly files: readonly string[]
  /** Ready to be shown, one a line. */
  readonly warnings: readonly string[]
  /** The same, for who shows them otherwise. */
  readonly notes: readonly Problem[]
}

export type Configuration = Read &
  (
    | { readonly settings: Settings }
    | {
        readonly problems: readonly Problem[]
        /** What is right in it, and defaults for the rest. */
        readonly partial?: Settings
      }
  )

export function readConfiguration(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Configuration {
  const found = findConfigPath({ flag, env })
  return configurationOf(found.path, loadSettings(found, env))
}

/** The same text once more, with what its files hold now. */
export const readSecretsAgain = (
  { path, text }: { readonly path: string; readonly text: string },
  env: Readonly<Record<string, string | undefined>>,
): Configuration => configurationOf(path, loadText(text, { path }, env))

function configurationOf(path: string, { resolution, text, files }: Loaded): Configuration {
  const warnings = formatProblems(resolution.warnings, path).map(line => `warning: ${line}`)
  const { warnings: notes, ...rest } = resolution
  return { path, ...(text !== undefined && { text }), files, warnings, notes, ...rest }
}

/** All problems, one a line, and where there is no file the smallest one that works. */
export function configurationHelp({
  path,
  problems,
}: {
  readonly path: string
  readonly problems: readonly Problem[]
}): readonly string[] {
  const lines = formatProblems(problems, path)
  if (!problems.some(({ code }) => code === 'file-missing')) return lines
  return [
    ...lines,
    ...['', 'The smallest configuration that works:', ''],
    ...SMALLEST_CONFIGURATION.replace(/^(?=.)/gm, '  ').split('\n'),
    `Put it into ${path}, with the URL of your alert source in Squadcast.`,
  ]
}
