// The configuration as a command meets it: which file, what it says, and what to tell a person about it.
import { loadSettings } from '../config/load.ts'
import { findConfigPath } from '../config/path.ts'
import { formatProblems, type Problem } from '../config/problems.ts'
import type { Settings } from '../config/settings.ts'
import { SMALLEST_CONFIGURATION } from '../config/smallest.ts'

interface Read {
  readonly path: string
  /** Ready to be shown, one a line. */
  readonly warnings: readonly string[]
}

export type Configuration = Read &
  ({ readonly settings: Settings } | { readonly problems: readonly Problem[] })

export function readConfiguration(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Configuration {
  const found = findConfigPath({ flag, env })
  const resolution = loadSettings(found, env)
  const warnings = formatProblems(resolution.warnings, found.path).map(line => `warning: ${line}`)
  return 'settings' in resolution
    ? { path: found.path, warnings, settings: resolution.settings }
    : { path: found.path, warnings, problems: resolution.problems }
}

/** All problems, and where there is no file the smallest one that works. */
export function configurationHelp({
  path,
  problems,
}: {
  readonly path: string
  readonly problems: readonly Problem[]
}): string {
  const lines = formatProblems(problems, path)
  if (!problems.some(({ code }) => code === 'file-missing')) return `${lines.join('\n')}\n`
  return `${lines.join('\n')}

The smallest configuration that works:

${SMALLEST_CONFIGURATION.replace(/^(?=.)/gm, '  ')}
Put it into ${path}, with the URL of your alert source in Squadcast.
`
}
