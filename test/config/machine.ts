// A machine that a configuration can be resolved against: files, environment and groups, all in memory.
import type { Outside } from '../../src/config/inquiry.ts'
import { formatProblems } from '../../src/config/problems.ts'
import { type Resolution, resolveSettings } from '../../src/config/resolve.ts'
import type { Settings } from '../../src/config/settings.ts'

export const WEBHOOK = 'https://hooks.squadcast.test/v1/incidents/kapacitor/0a1b2c3d4e5f'

/** The least that resolves without a word. */
export const ENDPOINT = `[[endpoint]]\nurl = "${WEBHOOK}"\n`

interface Machine {
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly groups?: readonly string[]
}

export const outside = ({ files = {}, env = {}, groups = [] }: Machine = {}): Outside => ({
  env,
  groupExists: name => groups.includes(name),
  readFile: path => {
    const text = files[path]
    if (text !== undefined) return text
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  },
})

export const resolve = (text: string, machine?: Machine): Resolution =>
  resolveSettings(text, { path: '/etc/kapacitor-squadcast/config.toml' }, outside(machine))

export function settingsOf(text: string, machine?: Machine): Settings {
  const resolution = resolve(text, machine)
  if ('settings' in resolution) return resolution.settings
  throw new Error(formatProblems(resolution.problems, 'config.toml').join('\n'))
}

/** The problems as a person reads them; empty if there are none. */
export function problemsOf(text: string, machine?: Machine): string[] {
  const resolution = resolve(text, machine)
  return 'problems' in resolution ? formatProblems(resolution.problems, 'config.toml') : []
}

export const warningsOf = (text: string, machine?: Machine): string[] =>
  formatProblems(resolve(text, machine).warnings, 'config.toml')
