// The local listener: one request a connection, since Kapacitor leaves every connection open that is not closed
// for it. No post is turned away for the number of others; what bounds it is time, and the size of bodies and answers.
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
import { Connections } from './connections.ts'
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
  /** For an answer to be read. */
  readonly answerMs: number
}

export const HTTP_TIMES: HttpTimes = {
  ...{ headersMs: 10_000, requestMs: 30_000, checkEveryMs: 1_000, answerMs: 10_000 },
}

export interface HttpLimits {
  /** Half of the files that a process may open where nobody raised the limit. */
  readonly connections: number
  /** Of answers that are not read yet, bytes. Beyond, nothing but posts is answered. */
  readonly bytesInFlight: number
}

export const HTTP_LIMITS: HttpLimits = { connections: 512, bytesInFlight: 32 * 1024 * 1024 }

export interface HttpListenerParts {
  readonly address: { readonly host: string; readonly port: number }
  readonly guard: Guard
  readonly routes: readonly Route[]
  readonly upgrades?: Upgrades
  readonly happened: HttpHappenings
  readonly times?: HttpTimes
  readonly limits?: HttpLimits
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
  const { headersMs, requestMs, checkEveryMs, answerMs } = parts.times ?? HTTP_TIMES
  const { after, limits = HTTP_LIMITS } = parts
  const connections = new Connections({
    ...{ maxConnections: limits.connections, writeTimeoutMs: answerMs, after },
  })
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkEveryMs,
    // Whoever offers another protocol is answered in this one. Older Nodes do not ask.
    ...{ shouldUpgradeCallback: (request: IncomingMessage) => isWebSocket(request) },
  })
  server.on('connection', socket => connections.add(socket))
  const serving = { ...parts, limits, connections }
  const taken = new WeakSet<Socket>()
  server.on('request', (request, response) => {
    // The answer to a connection's first request closes it; what was sent behind it must be sent again.
    if (taken.has(request.socket)) return
    taken.add(request.socket)
    void serve(serving, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {})
    if (taken.has(request.socket)) socket.destroy()
    else upgrade(serving, request, { socket, head })
  })
  await bind(server, parts.address)
  return {
    port: (server.address() as AddressInfo).port,
    stop: withinMs => stopped(server, connections, withinMs, after),
  }
}

function bind(server: Server, { host, port }: HttpListenerParts['address']): Promise<void> {
  return new Promise((resolve, reject) => {
    // Also for later: a connection that cannot be accepted must not end the process.
    server.on('error', reject)
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port, backlog: 511 }, resolve)
  })
}

/** No peer holds it up: what is left after its time is destroyed, and what was taken over is at once. */
function stopped(
  server: Server,
  connections: Connections,
  withinMs: number,
  after: HttpListenerParts['after'],
): Promise<void> {
  return new Promise(resolve => {
    const cancel = after(withinMs, () => connections.destroyAll())
    server.close(() => {
      cancel()
      resolve()
    })
  })
}

interface Serving extends HttpListenerParts {
  readonly connections: Connections
  readonly limits: HttpLimits
}

async function serve(parts: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { happened, connections } = parts
  const method = request.method ?? ''
  const { socket } = request
  const send = (answer: Answer): void => {
    write(request, response, answer)
    connections.writing(socket, Buffer.byteLength(answer.body))
  }
  finished(request, { writable: false }, () => connections.working(socket))
  try {
    send(await answerTo(parts, request))
  } catch (error) {
    if (error instanceof SenderLeft) return
    const { status, message, headers } = error instanceof Refusal ? error : OWN_FAULT
    if (error instanceof Refusal)
      happened.refused({ method, status, reason: message, from: request.socket.remoteAddress ?? '' })
    else happened.failed({ method, error })
    send({ status, type: 'text/plain; charset=utf-8', body: message, headers })
  }
}

function answerTo(parts: Serving, request: IncomingMessage): Answer | Promise<Answer> {
  const { guard, routes, connections, limits } = parts
  guard.checkOrigin(request)
  const found = findRoute(routes, request.url ?? '')
  if (!found?.route.isOpen) guard.checkToken(request)
  if (!found) throw unknownPath(routes)
  if (request.method !== 'POST' && connections.bytesInFlight >= limits.bytesInFlight) throw TOO_MUCH_IN_FLIGHT
  const query = queryOf(request.url ?? '')
  return handlerOf(found.route, request.method ?? '')({ request, name: found.name, query })
}

const TOO_MUCH_IN_FLIGHT = new Refusal(
  503,
  'too many answers wait to be read: read them, or close their connections',
  { 'retry-after': '10' },
)

function write(
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
