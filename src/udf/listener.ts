// A listening unix socket as Kapacitor needs it: there under its name only once it accepts, with mode and group
// set, and still there after we stop, so that a restart replaces it in one step.
import { chmod, chown, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'

export const LISTEN_ERROR_CODES = ['in-use', 'cannot-listen'] as const
export type ListenErrorCode = (typeof LISTEN_ERROR_CODES)[number]

export class ListenError extends Error {
  readonly code: ListenErrorCode
  readonly hint: string

  constructor(code: ListenErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ListenError'
    this.code = code
    this.hint = hint
  }
}

export interface SocketSettings {
  readonly path: string
  readonly mode: number
  /** Numeric id; undefined: the process's own. */
  readonly groupId: number | undefined
}

export interface UdfListener {
  /** Accepts no more. Connections go on. */
  stop(): Promise<void>
}

/** Rejects with ListenError when a live process has the socket, or it cannot be made. */
export async function listen(
  settings: SocketSettings,
  unique: string,
  accept: (socket: Socket) => void,
): Promise<UdfListener> {
  const { path } = settings
  if (await isAlive(path))
    throw new ListenError(
      'in-use',
      `somebody already listens on ${path}`,
      'Stop the other sidecar, or give this one sockets of its own ([udf] stream-socket, batch-socket).',
    )
  // Node removes on close the name that it bound: the final name is none of its business.
  const temporary = join(dirname(path), `.${basename(path)}.${unique}`)
  const server = createServer({ allowHalfOpen: true }, accept)
  try {
    await bind(server, temporary)
    await chmod(temporary, settings.mode)
    if (settings.groupId !== undefined) await chown(temporary, -1, settings.groupId)
    await rename(temporary, path)
  } catch (cause) {
    server.close()
    await rm(temporary, { force: true })
    throw cannotListen(path, cause)
  }
  return { stop: () => new Promise(resolve => server.close(() => resolve())) }
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, backlog: 511 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Whether a process accepts there: a file that nobody listens on is left from a dead one. */
function isAlive(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

function cannotListen(path: string, cause: unknown): ListenError {
  const { code, message } = cause as NodeJS.ErrnoException
  return new ListenError('cannot-listen', `cannot listen on ${path}: ${message}`, listenHint(code, path), {
    cause,
  })
}

function listenHint(code: string | undefined, path: string): string {
  if (code === 'ENOENT') return `Make the folder ${dirname(path)}, writable for the user of the sidecar.`
  if (code === 'EACCES') return `Make the folder ${dirname(path)} writable for the user of the sidecar.`
  if (code === 'EPERM') return 'Only a member of the group may give it the socket ([udf] socket-group).'
  if (code === 'EINVAL' || code === 'ENAMETOOLONG')
    return 'A socket path has at most 107 bytes on Linux: choose a shorter one.'
  return 'Choose another path ([udf] stream-socket, batch-socket).'
}
