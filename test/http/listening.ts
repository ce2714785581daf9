// The listener on loopback with an intake that keeps what it takes, and requests to it byte by byte.
import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { ExecutionContext } from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { isLoopback } from '../../src/config/address.ts'
import { Guard } from '../../src/http/guard.ts'
import { intake, type Taken } from '../../src/http/intake.ts'
import {
  HTTP_TIMES,
  type HttpLimits,
  type HttpListener,
  type HttpTimes,
  listenHttp,
} from '../../src/http/listener.ts'
import type { Route } from '../../src/http/routes.ts'
import type { Upgrades } from '../../src/http/upgrade.ts'
import type { PostedAlert } from '../../src/incident/posts.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Asking {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Stage {
  readonly listener: HttpListener
  readonly taken: { readonly alert: PostedAlert; readonly endpoint: string }[]
  readonly refusals: { readonly method: string; readonly status: number; readonly reason: string }[]
  readonly failures: unknown[]
  /** Sentences about parts of alerts that were left out. */
  readonly unreadable: string[]
  ask(asking: Asking): Promise<Reply>
  /** A connection on which nothing was said yet. */
  dial(): Promise<Socket>
}

interface Options {
  readonly token?: string
  readonly hosts?: readonly string[]
  readonly times?: Partial<HttpTimes>
  readonly limits?: HttpLimits
  readonly take?: (alert: PostedAlert) => Promise<Taken>
  readonly upgrades?: Upgrades
  /** Besides its own. */
  readonly routes?: readonly Route[]
}

export const ALERT = { id: 'cpu/a', level: 'CRITICAL', message: 'hot', time: '2026-05-28T20:26:55.5Z' }

export async function listening(t: ExecutionContext, options: Options = {}): Promise<Stage> {
  const { token, hosts = [], times, take = async () => ({ event: 'trigger', durable: true }) } = options
  const { upgrades, limits, routes = [] } = options
  const happened: Pick<Stage, 'taken' | 'refusals' | 'failures' | 'unreadable'> = {
    ...{ taken: [], refusals: [], failures: [], unreadable: [] },
  }
  const post = intake({
    now: () => 0n,
    unreadable: (_incident, problems) => {
      for (const { part, text } of problems) happened.unreadable.push(`${part}: ${text}`)
    },
    take: (alert, endpoint) => {
      happened.taken.push({ alert, endpoint })
      return take(alert)
    },
  })
  const listener = await listenHttp({
    address: { host: '127.0.0.1', port: 0 },
    guard: new Guard({ isLoopback, hosts, token: token === undefined ? undefined : () => token }),
    routes: [
      ...routes,
      { path: '/v1/alerts', takesName: 'ENDPOINT', methods: { POST: post } },
      {
        path: '/healthz',
        isOpen: true,
        methods: { GET: () => ({ status: 200, type: 'text/plain', body: 'alive\n' }) },
      },
    ],
    happened: {
      refused: refusal => happened.refusals.push(refusal),
      failed: ({ error }) => happened.failures.push(error),
    },
    after: systemClock.after,
    times: { ...HTTP_TIMES, ...times },
    ...(limits && { limits }),
    ...(upgrades && { upgrades }),
  })
  t.teardown(() => listener.stop(0))
  return {
    ...happened,
    listener,
    ask: asking => ask(listener.port, asking),
    dial: async () => {
      const socket = connect({ host: '127.0.0.1', port: listener.port })
      socket.on('error', () => {})
      t.teardown(() => socket.destroy())
      await once(socket, 'connect')
      return socket
    },
  }
}

/** A post of an alert, but for what is asked otherwise. */
export async function ask(port: number, asking: Asking): Promise<Reply> {
  const { method = 'POST', path = '/v1/alerts', headers = {}, body = JSON.stringify(ALERT) } = asking
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false })
  if (method === 'GET' || method === 'HEAD') request.end()
  else request.end(body)
  // The other end may close on a body that it does not want; the answer is there all the same.
  request.on('error', () => {})
  const [response] = await once(request, 'response', { signal: AbortSignal.timeout(20_000) })
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** Everything that is said until the other end closes. */
export async function heard(socket: Socket): Promise<string> {
  let all = ''
  try {
    for await (const chunk of socket) all += chunk
  } catch {
    // A reset is an end, too.
  }
  return all
}

export const postOf = (body: string, headers: readonly string[] = []): string =>
  [
    'POST /v1/alerts HTTP/1.1',
    'Host: 127.0.0.1',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
