// Opens the local listener and keeps at it: where its address is taken it is said loudly, and tried again. The
// sidecar goes on without it, since Kapacitor needs its sockets more.
import { isLoopback } from '../config/address.ts'
import type { Secret } from '../config/secret.ts'
import type { HttpSettings } from '../config/settings.ts'
import { json, text } from '../http/answers.ts'
import { FeedSockets } from '../http/feed-sockets.ts'
import { Guard } from '../http/guard.ts'
import { intake } from '../http/intake.ts'
import { type HttpListener, listenHttp } from '../http/listener.ts'
import { pageRoutes } from '../http/page.ts'
import type { Answer, Route } from '../http/routes.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Overview } from './overview.ts'
import { pageAssets } from './page-assets.ts'
import type { PostBox } from './post-box.ts'
import { Seldom } from './seldom.ts'
import type { StopSteps } from './stop-steps.ts'
import { STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'
import { wallNs } from './system-clock.ts'
import { version } from './version.ts'

export interface HttpParts {
  readonly settings: HttpSettings
  /** The one that holds now, where the settings have one. */
  readonly token?: () => Secret | undefined
  readonly around: Pick<Surroundings, 'clock' | 'telemetry'>
  readonly postBox: Pick<PostBox, 'take'>
  readonly overview: Pick<Overview, 'status' | 'incidents' | 'history'>
  readonly steps: StopSteps
}

const AGAIN_MS = 10_000
const TELL_AGAIN_MS = 10_000
const HOUR_MS = 3_600_000
/** For requests under way at the end; a commit takes milliseconds. */
const FINISH_MS = 1_000

/** To be called once both sockets accept. Resolves after the first try, whatever came of it. */
export async function openHttp(parts: HttpParts): Promise<void> {
  const { settings, around, steps } = parts
  const { clock, telemetry } = around
  const { bindAddress: address, token, hosts } = settings
  if (!address) return
  const refusals = new Seldom(TELL_AGAIN_MS, () => clock.monotonicMs())
  const after = clock.after.bind(clock)
  const feed = new FeedSockets({
    source: telemetry.feed,
    status: () => parts.overview.status(),
    hello: { version, startedAt: new Date(clock.wallMs()).toISOString() },
    after,
  })
  const open = (): Promise<HttpListener> =>
    listenHttp({
      address,
      guard: new Guard({ isLoopback, hosts, token: token && (() => (parts.token?.() ?? token).reveal()) }),
      routes: routes(parts),
      upgrades: { '/feed': (request, socket, head) => feed.accept(request, socket, head) },
      happened: {
        refused: refusal =>
          telemetry.http.refused(refusal, refusals.count(`${refusal.method} ${refusal.status}`)),
        failed: telemetry.http.failed,
      },
      after,
    })
  const listening = new Persistent(open, { after, telemetry, address: `${address.host}:${address.port}` })
  steps.add({ name: 'http', withinMs: STEP_WITHIN_MS, stop: () => listening.stop() })
  steps.add({ name: 'feed', withinMs: STEP_WITHIN_MS, stop: () => feed.stop() })
  await listening.start()
}

interface PersistentParts {
  readonly after: (ms: number, fire: () => void) => () => void
  readonly telemetry: Telemetry
  readonly address: string
}

/** Tries until it listens. */
class Persistent {
  readonly #open: () => Promise<HttpListener>
  readonly #parts: PersistentParts
  #trying: Promise<void> | undefined
  #listener: HttpListener | undefined
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(open: () => Promise<HttpListener>, parts: PersistentParts) {
    this.#open = open
    this.#parts = parts
  }

  start(): Promise<void> {
    this.#trying = this.#try()
    return this.#trying
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#trying
    await this.#listener?.stop(FINISH_MS)
  }

  async #try(): Promise<void> {
    const { telemetry, address, after } = this.#parts
    try {
      this.#listener = await this.#open()
      telemetry.http.listening({ address, port: this.#listener.port })
    } catch (error) {
      telemetry.http.cannotListen({ address, error, againMs: AGAIN_MS })
      if (!this.#isStopped) this.#cancel = after(AGAIN_MS, () => void this.start())
    }
  }
}

function routes({ around: { telemetry, clock }, postBox, overview }: HttpParts): Route[] {
  const take = postBox.take.bind(postBox)
  const unreadable = new Seldom(HOUR_MS, () => clock.monotonicMs())
  const read = (path: string, answer: (query: URLSearchParams) => unknown): Route => ({
    path,
    methods: { GET: ({ query }) => json(200, answer(query)) },
  })
  return [
    {
      path: '/v1/alerts',
      takesName: 'ENDPOINT',
      methods: {
        POST: intake({
          take,
          unreadable: (incident, problems) => {
            for (const problem of problems)
              telemetry.http.partUnreadable(problem, incident, unreadable.count(problem.part))
          },
          now: () => wallNs(clock),
        }),
      },
    },
    { path: '/healthz', isOpen: true, methods: { GET: () => text(200, 'alive') } },
    // Whoever gets an answer at all finds both sockets open.
    { path: '/readyz', methods: { GET: () => text(200, 'ready') } },
    { path: '/metrics', methods: { GET: () => metrics(telemetry) } },
    read('/status.json', () => overview.status()),
    read('/incidents.json', query => overview.incidents(query)),
    read('/history.json', () => overview.history()),
    ...pageRoutes(pageAssets()),
  ]
}

async function metrics({ metrics: { registry } }: Telemetry): Promise<Answer> {
  return { status: 200, type: registry.contentType, body: await registry.metrics() }
}
