// Connections that become WebSockets: who may, and what the others are answered. The same guard stands here as before
// every other request.
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Connections } from './connections.ts'
import type { Guard } from './guard.ts'
import type { HttpHappenings } from './happenings.ts'
import { OWN_FAULT, Refusal } from './refusal.ts'

/** By path, who takes the connection over. Throws Refusal. */
export type Upgrades = Readonly<
  Record<string, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>
>

export interface UpgradeParts {
  readonly guard: Guard
  readonly happened: HttpHappenings
  readonly upgrades?: Upgrades
  readonly connections: Connections
}

export const isWebSocket = ({ headers: { upgrade } }: IncomingMessage): boolean =>
  upgrade?.toLowerCase() === 'websocket'

export function upgrade(
  { guard, happened, upgrades, connections }: UpgradeParts,
  request: IncomingMessage,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): void {
  try {
    guard.checkOrigin(request)
    guard.checkToken(request)
    const take = upgrades?.[(request.url ?? '').replace(/[?#].*$/s, '')]
    if (!take || !isWebSocket(request)) throw new Refusal(404, 'nothing here speaks another protocol')
    connections.takenOver(socket)
    take(request, socket, head)
  } catch (error) {
    const method = request.method ?? ''
    const refusal = error instanceof Refusal ? error : OWN_FAULT
    const { status, message: reason } = refusal
    if (error instanceof Refusal)
      happened.refused({ method, status, reason, from: request.socket.remoteAddress ?? '' })
    else happened.failed({ method, error })
    const answer = bareAnswer(refusal)
    // The peer may keep its half open for as long as it likes; we close ours, and then all of it.
    socket.end(answer)
    connections.writing(socket, answer.length)
  }
}

/** For a connection that has no response of Node's any more. */
function bareAnswer({ status, message, headers }: Refusal): string {
  const fields = {
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(message)),
    connection: 'close',
  }
  const lines = Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map(value => `${name}: ${value}\r\n`),
  )
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${message}`
}
