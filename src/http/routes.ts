// Which request is whose: a table of paths and methods. It answers nothing itself.
import type { IncomingMessage } from 'node:http'
import { type Headers, Refusal } from './refusal.ts'

export interface Answer {
  readonly status: number
  /** Content type. */
  readonly type: string
  readonly body: string
  readonly headers?: Headers
}

/** One request that was let in. */
export interface Call {
  readonly request: IncomingMessage
  /** What stands behind the route's path; empty where nothing does. */
  readonly name: string
  readonly query: URLSearchParams
}

export type Handler = (call: Call) => Answer | Promise<Answer>

export interface Route {
  readonly path: string
  /** `PATH/NAME` is the same route; this is what the name is called. */
  readonly takesName?: string
  /** Needs no token. */
  readonly isOpen?: true
  /** HEAD is answered as GET. */
  readonly methods: Readonly<Partial<Record<'GET' | 'POST', Handler>>>
}

/** The query of a request's target. */
export const queryOf = (url: string): URLSearchParams =>
  new URLSearchParams(url.replace(/^[^?]*/, '').replace(/#.*$/s, ''))

export interface Found {
  readonly route: Route
  readonly name: string
}

/** @param url as it stands in the request, with its query. */
export function findRoute(routes: readonly Route[], url: string): Found | undefined {
  const path = url.replace(/[?#].*$/s, '')
  for (const route of routes) {
    if (path === route.path) return { route, name: '' }
    if (!route.takesName || !path.startsWith(`${route.path}/`)) continue
    const name = decoded(path.slice(route.path.length + 1))
    if (name !== undefined && !name.includes('/')) return { route, name }
  }
  return undefined
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

// A person reads it in Kapacitor's log, where the path was left out of the URL.
const WHERE_POSTS_GO = 'Kapacitor posts to /v1/alerts, or to /v1/alerts/ENDPOINT'

/** Throws Refusal. */
export function handlerOf({ methods }: Route, method: string): Handler {
  const handler = methods[(method === 'HEAD' ? 'GET' : method) as keyof typeof methods]
  if (handler) return handler
  const allowed = Object.keys(methods).flatMap(name => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
  const right = method === 'POST' ? WHERE_POSTS_GO : `use ${allowed[0]}`
  throw new Refusal(405, `${method} is not for this path: ${right}`, { allow: allowed.join(', ') })
}

export function unknownPath(routes: readonly Route[]): Refusal {
  const paths = routes.map(({ path, takesName }) => (takesName ? `${path}, ${path}/${takesName}` : path))
  return new Refusal(
    404,
    `there is nothing at this path: Kapacitor posts to /v1/alerts (${paths.join(', ')})`,
  )
}
