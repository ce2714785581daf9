// The edge of this room: reads the configuration, the files it names and the system's groups. The only file
// here that touches a disk; it decides nothing.
import type { Outside } from './inquiry.ts'
import { type ConfigPath, PATH_VARIABLE } from './path.ts'
import type { Problem } from './problems.ts'
import { readText } from './read-text.ts'
import { type Resolution, resolveSettings } from './resolve.ts'
import { errorCode, whyUnreadable } from './unreadable.ts'

export interface Loaded {
  readonly resolution: Resolution
  /** Absent: it could not be read. */
  readonly text?: string
  /** Files that the configuration names and that were asked for: secrets and certificates. */
  readonly files: readonly string[]
}

/** Reads the file and resolves it against this machine. Whatever is wrong is in the answer; never throws. */
export function loadSettings(found: ConfigPath, env: Outside['env']): Loaded {
  try {
    return loadText(readText(found.path), found, env)
  } catch (error) {
    return { resolution: { problems: [fileProblem(error, found)], warnings: [] }, files: [] }
  }
}

/** The same for a text that was read before: only what it names is read again. */
export function loadText(
  text: string,
  source: { readonly path: string },
  env: Outside['env'],
  otherwise?: string,
): Loaded {
  const files = new Set<string>()
  const readFile = (path: string): string => {
    files.add(path)
    return otherwise === undefined ? readText(path) : readable(path, otherwise)
  }
  const resolution = resolveSettings(text, source, { env, readFile, groupExists })
  return { resolution, text, files: [...files] }
}

function readable(path: string, otherwise: string): string {
  try {
    return readText(path).trim() || otherwise
  } catch {
    return otherwise
  }
}

function fileProblem(error: unknown, { rule }: ConfigPath): Problem {
  const code = errorCode(error) === 'ENOENT' ? 'file-missing' : 'file-unreadable'
  const from =
    rule === 'the default path'
      ? `this is ${rule}: name another by --config or $${PATH_VARIABLE}`
      : `the path comes from ${rule}`
  const isForbidden = ['EACCES', 'EPERM'].includes(errorCode(error))
  const hint = isForbidden
    ? `run it as the user of the sidecar: sudo -u kapacitor-squadcast ...; ${from}`
    : from
  return { code, key: '', message: whyUnreadable(error), hint }
}

/** Groups of /etc/group; those that only a directory service knows are not seen. */
function groupExists(name: string): boolean {
  try {
    return readText('/etc/group')
      .split('\n')
      .some(line => line.startsWith(`${name}:`))
  } catch {
    return false
  }
}
