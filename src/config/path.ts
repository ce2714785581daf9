// Which file is the configuration, and by which rule. Looks at no file.

export const DEFAULT_PATH = '/etc/kapacitor-squadcast/config.toml'
export const PATH_VARIABLE = 'KAPACITOR_SQUADCAST_CONFIG'

/** What chose the path, as a person would say it. */
export type PathRule = '--config' | `$${typeof PATH_VARIABLE}` | 'the default path'

export interface ConfigPath {
  readonly path: string
  readonly rule: PathRule
}

/** An empty variable counts as unset, as is usual; an empty flag is a mistake that the reading will tell. */
export function findConfigPath(from: {
  readonly flag: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}): ConfigPath {
  const variable = from.env[PATH_VARIABLE]
  if (from.flag !== undefined) return { path: from.flag, rule: '--config' }
  if (variable) return { path: variable, rule: `$${PATH_VARIABLE}` }
  return { path: DEFAULT_PATH, rule: 'the default path' }
}
