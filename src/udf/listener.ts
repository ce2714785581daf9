// A listening unix socket as Kapacitor needs it: there under its name only once it accepts, with mode and group
// set, and still there after we stop, so that a restart replaces it in one step.
import { chmod, chown, rename, rm, stat } from 'node:fs/promises'
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
  /** Accepts no more. Connections go on, and are not waited for. */
  stop(): Promise<void>
}

/** Whoever accepts decides how a connection is read. */
const ACCEPTING = { allowHalfOpen: true, pauseOnConnect: true } as const

/** What Linux takes as the path of a unix socket. */
const MAX_PATH_BYTES = 107
const OTHER_PATH = 'Choose another path ([udf] stream-socket, batch-socket).'

/**
 * Rejects with ListenError when a live process has the socket, or it cannot be made.
 * @param unique names a temporary file, until the socket accepts; no two may be made at once under one name.
 */
export async function listen(
  settings: SocketSettings,
  unique: string,
  accept: (socket: Socket) => void,
): Promise<UdfListener> {
  const { path } = settings
  // Node removes on close the name that it bound: the final name is none of its business.
  const temporary = temporaryName(path, unique)
  await check(path, temporary)
  const server = createServer(ACCEPTING, accept)
  try {
    await rm(temporary, { force: true })
    await bind(server, { path: temporary })
    await chmod(temporary, settings.mode)
    if (settings.groupId !== undefined) await chown(temporary, -1, settings.groupId)
    await rename(temporary, path)
  } catch (cause) {
    server.close()
    await rm(temporary, { force: true }).catch(() => {})
    throw await cannotListen(path, cause)
  }
  return { stop: async () => void server.close() }
}

/**
 * Accepts on a socket that another process made and listens on (systemd): its file stays that process's. Rejects with
 * ListenError when the descriptor is none such. After stop the descriptor is closed, and the other still has its own.
 */
export async function listenOn(fd: number, accept: (socket: Socket) => void): Promise<UdfListener> {
  const server = createServer(ACCEPTING, accept)
  try {
    await bind(server, { fd })
  } catch (cause) {
    const { message } = cause as Error
    const hint =
      'It has to be a stream socket, bound and listening, as a .socket unit with ListenStream= makes it.'
    throw new ListenError('cannot-listen', `cannot listen on descriptor ${fd}: ${message}`, hint, { cause })
  }
  return { stop: async () => void server.close() }
}

/** Kapacitor's errors name the socket by the name that was bound, so it should be known by it. */
function temporaryName(path: string, unique: string): string {
  const telling = join(dirname(path), `.${basename(path)}.${unique}`)
  return Buffer.byteLength(telling) <= MAX_PATH_BYTES ? telling : join(dirname(path), `.${unique}`)
}

/** Refuses what `listen` would fail on later, or take from somebody else. */
async function check(path: string, temporary: string): Promise<void> {
  if (Math.max(Buffer.byteLength(path), Buffer.byteLength(temporary)) > MAX_PATH_BYTES)
    throw new ListenError(
      'cannot-listen',
      `cannot listen on ${path}: the path is too long`,
      `A socket path has at most ${MAX_PATH_BYTES} bytes on Linux: choose a shorter one.`,
    )
  const there = await stat(path).catch(() => undefined)
  if (there && !there.isSocket())
    throw new ListenError('cannot-listen', `cannot listen on ${path}: it is there, and no socket`, OTHER_PATH)
  if (there && (await isAlive(path)))
    throw new ListenError(
      'in-use',
      `somebody already listens on ${path}`,
      'Stop the other sidecar, or give this one sockets of its own ([udf] stream-socket, batch-socket).',
    )
}

function bind(server: Server, where: { readonly path: string } | { readonly fd: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    // Also for later: one connection that cannot be accepted must not end the process. Kapacitor dials again.
    server.on('error', reject)
    server.listen({ ...where, backlog: 511 }, () => resolve())
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
    // EAGAIN: somebody listens, and is too busy to accept.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN'))
  })
}

async function cannotListen(path: string, cause: unknown): Promise<ListenError> {
  const { code, message } = cause as NodeJS.ErrnoException
  const hint = await listenHint(code, dirname(path))
  return new ListenError('cannot-listen', `cannot listen on ${path}: ${message}`, hint, { cause })
}

async function listenHint(code: string | undefined, folder: string): Promise<string> {
  const inFolder = await stat(folder).catch(() => undefined)
  // Node says EACCES of a missing folder too.
  if (!inFolder) return `Make the folder ${folder}, writable for the user of the sidecar.`
  if (code === 'EACCES') return `Make the folder ${folder} writable for the user of the sidecar.`
  if (code === 'EPERM') return 'Only a member of the group may give it the socket ([udf] socket-group).'
  return OTHER_PATH
}
