// The edge of this room: reads the configuration, the files it names and the system's groups. The only file
// here that touches a disk; it decides nothing.
import { readFileSync, statSync } from 'node:fs'
import type { Outside } from './inquiry.ts'
import { type ConfigPath, PATH_VARIABLE } from './path.ts'
import type { Problem } from './problems.ts'
import { type Resolution, resolveSettings } from './resolve.ts'
import { errorCode, LARGEST_FILE_BYTES, whyUnreadable } from './unreadable.ts'

/** Reads the file and resolves it against this machine. Whatever is wrong is in the answer; never throws. */
export function loadSettings(found: ConfigPath, env: Outside['env']): Resolution {
  let text: string
  try {
    text = readText(found.path)
  } catch (error) {
    return { problems: [fileProblem(error, found)], warnings: [] }
  }
  return resolveSettings(text, found, { env, readFile: readText, groupExists })
}

/** UTF-8, without a byte order mark. Throws as node:fs does, also for what is too large or not UTF-8. */
function readText(path: string): string {
  if (statSync(path).size > LARGEST_FILE_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' })
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
}

function fileProblem(error: unknown, { rule }: ConfigPath): Problem {
  const code = errorCode(error) === 'ENOENT' ? 'file-missing' : 'file-unreadable'
  const hint =
    rule === 'the default path'
      ? `this is ${rule}: name another by --config or $${PATH_VARIABLE}`
      : `the path comes from ${rule}`
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
