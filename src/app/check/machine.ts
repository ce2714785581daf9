// What is asked of the machine beside files: who a user is, what another user may do (as root it is really tried), and
// which sockets systemd holds. Each answer is bounded in time; what cannot be had is undefined.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type CheckAround, PATIENCE_MS } from './finding.ts'
import type { Identity } from './permissions.ts'

type Environment = CheckAround['env']

const WITHIN_MS = PATIENCE_MS

/** Undefined: it could not be run, or did not like what it was asked. */
function output(program: string, words: readonly string[], env: Environment): Promise<string | undefined> {
  return new Promise(resolve => {
    const options = { env: { PATH: env.PATH, LC_ALL: 'C' }, timeout: WITHIN_MS, encoding: 'utf8' as const }
    execFile(program, [...words], options, (error, stdout) => resolve(error ? undefined : stdout))
  })
}

/** By `id`, which knows of directory services too. Undefined: there is no such user here. */
export async function identityOf(name: string, env: Environment): Promise<Identity | undefined> {
  if (name === '' || name.startsWith('-')) return undefined
  const [uid, gid, gids] = await Promise.all(['-u', '-g', '-G'].map(flag => output('id', [flag, name], env)))
  if (uid === undefined || gid === undefined || gids === undefined) return undefined
  const all = [Number(gid), ...gids.trim().split(/\s+/).map(Number)]
  return { name, uid: Number(uid), gids: [...new Set(all)] }
}

export type Deed = 'connect' | 'read'

/** Root alone can. Resolves with 'done', or with the code of the error that the user would get. */
export async function tryAs(
  who: Identity,
  deed: Deed,
  path: string,
  env: Environment,
): Promise<string | undefined> {
  const entry = import.meta.url.endsWith('.ts') ? './as-user.ts' : './as-user.js'
  const words = [fileURLToPath(new URL(entry, import.meta.url)), String(who.uid), who.gids.join(), deed, path]
  return (await output(process.execPath, words, env))?.trim() || undefined
}

export interface SystemdSocket {
  readonly unit: string
  /** It listens itself, and starts the service with the first connection. */
  readonly startsService: boolean
}

/** The socket unit that holds a path; undefined: none does, or there is no systemd. */
export async function systemdSocket(path: string, env: Environment): Promise<SystemdSocket | undefined> {
  const shown = await output('systemctl', ['show', '--property=Id,SubState,Listen', '*.socket'], env)
  for (const unit of shown?.split(/\n\s*\n/) ?? []) {
    const lines = unit.split('\n')
    const value = (key: string): string =>
      lines.find(line => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? ''
    if (lines.includes(`Listen=${path} (Stream)`))
      return { unit: value('Id'), startsService: value('SubState') === 'listening' }
  }
  return undefined
}
