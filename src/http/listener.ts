// The local listener: one request a connection, since Kapacitor leaves every connection open that is not closed
// for it. It turns nobody away for their number; what bounds it is time, and the size of each body.
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { finished } from 'node:stream'
import { SenderLeft } from './body.ts'
import type { Guard } from './guard.ts'
import type { HttpHappenings } from './happenings.ts'
import { OWN_FAULT, Refusal } from './refusal.ts'
import { type Answer, findRoute, handlerOf, queryOf, type Route, unknownPath } from './routes.ts'
import { isWebSocket, type Upgrades, upgrade } from './upgrade.ts'

/** Milliseconds. */
export interface HttpTimes {
  readonly headersMs: number
  /** The whole request. */
  readonly requestMs: number
  readonly checkEveryMs: number
}

export const HTTP_TIMES: HttpTimes = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 1_000 }

export interface HttpListenerParts {
  readonly address: { readonly host: string; readonly port: number }
  readonly guard: Guard
  readonly routes: readonly Route[]
  readonly upgrades?: Upgrades
  readonly happened: HttpHappenings
  readonly times?: HttpTimes
  /** Calls once after some milliseconds; returns what cancels it. */
  readonly after: (ms: number, fire: () => void) => () => void
}

export interface HttpListener {
  readonly port: number
  /** Accepts no more; resolves when the requests under way are answered, and after `withinMs` at the latest. */
  stop(withinMs: number): Promise<void>
}

/** Rejects with what node:net says. */
export async function listenHttp(parts: HttpListenerParts): Promise<HttpListener> {
  const { headersMs, requestMs, checkEveryMs } = parts.times ?? HTTP_TIMES
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkEveryMs,
    // Whoever offers another protocol is answered in this one. Older Nodes do not ask.
    ...{ shouldUpgradeCallback: (request: IncomingMessage) => isWebSocket(request) },
  })
  const taken = new WeakSet<Socket>()
  server.on('request', (request, response) => {
    // The answer to a connection's first request closes it; what was sent behind it must be sent again.
    if (taken.has(request.socket)) return
    taken.add(request.socket)
    void serve(parts, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {})
    if (taken.has(request.socket)) socket.destroy()
    else upgrade(parts, request, { socket, head })
  })
  await bind(server, parts.address)
  return {
    port: (server.address() as AddressInfo).port,
    stop: withinMs => stopped(server, withinMs, parts.after),
  }
}

function bind(server: Server, { host, port }: HttpListenerParts['address']): Promise<void> {
  return new Promise((resolve, reject) => {
    // Also for later: a connection that cannot be accepted must not end the process.
    server.on('error', reject)
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port, backlog: 511 }, resolve)
  })
}

function stopped(server: Server, withinMs: number, after: HttpListenerParts['after']): Promise<void> {
  return new Promise(resolve => {
    const cancel = after(withinMs, () => server.closeAllConnections())
    server.close(() => {
      cancel()
      resolve()
    })
  })
}

async function serve(
  parts: HttpListenerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { happened } = parts
  const method = request.method ?? ''
  try {
    send(request, response, await answerTo(parts, request))
  } catch (error) {
    if (error instanceof SenderLeft) return
    const { status, message, headers } = error instanceof Refusal ? error : OWN_FAULT
    if (error instanceof Refusal)
      happened.refused({ method, status, reason: message, from: request.socket.remoteAddress ?? '' })
    else happened.failed({ method, error })
    send(request, response, { status, type: 'text/plain; charset=utf-8', body: message, headers })
  }
}

function answerTo({ guard, routes }: HttpListenerParts, request: IncomingMessage): Answer | Promise<Answer> {
  guard.checkOrigin(request)
  const found = findRoute(routes, request.url ?? '')
  if (!found?.route.isOpen) guard.checkToken(request)
  if (!found) throw unknownPath(routes)
  const query = queryOf(request.url ?? '')
  return handlerOf(found.route, request.method ?? '')({ request, name: found.name, query })
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers }: Answer,
): void {
  response.writeHead(status, {
    ...(headers as OutgoingHttpHeaders),
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.write(body)
  // The rest of a body is read and forgotten: a connection closed on it would take the answer away with it.
  request.resume()
  finished(request, () => response.end())
}
