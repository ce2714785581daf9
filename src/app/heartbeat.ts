// A sign of life to a dead-man's switch, while delivery works and not otherwise: somebody hears of a sidecar, a host or
// a network that is gone, or of a Squadcast that takes nothing, because this is silent.
import { EnvHttpProxyAgent, request } from 'undici'
import { isSame } from '../config/same.ts'
import type { HeartbeatSettings } from '../config/settings.ts'
import type { SystemClock } from './system-clock.ts'

export interface HeartbeatParts {
  readonly clock: Pick<SystemClock, 'after'>
  readonly works: () => boolean
  /** One call; rejects when it was not taken. The error tells nothing of the URL. */
  readonly call: (url: string) => Promise<void>
  readonly told: {
    /** Once for each time it begins to fail. */
    heartbeatFailed(error: unknown): void
    /** It is silent, since delivery does not work; or speaks again. */
    heartbeatSilent(isSilent: boolean): void
    /** It was silent, and none is configured any more. */
    heartbeatNoMore(): void
  }
}

/** silent: delivery does not work. failing: the switch itself does not take it. */
export type HeartbeatState = 'beating' | 'silent' | 'failing'

export class Heartbeat {
  readonly #parts: HeartbeatParts
  #settings: HeartbeatSettings | undefined
  #hasFailed = false
  #isSilent = false
  #cancel: (() => void) | undefined

  constructor(parts: HeartbeatParts) {
    this.#parts = parts
  }

  /** From now on; the first call is made at once, and none where nothing has changed. Undefined: none. */
  configure(settings: HeartbeatSettings | undefined): void {
    if (isSame(settings, this.#settings)) return
    this.stop()
    this.#settings = settings
    if (settings) this.#beat(settings)
    else if (this.#isSilent) {
      this.#isSilent = false
      this.#parts.told.heartbeatNoMore()
    }
  }

  /** Undefined: there is none. */
  status(): HeartbeatState | undefined {
    if (!this.#settings) return undefined
    return this.#isSilent ? 'silent' : this.#hasFailed ? 'failing' : 'beating'
  }

  stop(): void {
    this.#cancel?.()
    this.#settings = undefined
  }

  #beat(settings: HeartbeatSettings): void {
    this.#cancel = this.#parts.clock.after(settings.everyMs, () => this.#beat(settings))
    const works = this.#parts.works()
    if (works === this.#isSilent) this.#parts.told.heartbeatSilent(!works)
    this.#isSilent = !works
    if (works) void this.#call(settings)
  }

  async #call(settings: HeartbeatSettings): Promise<void> {
    try {
      await this.#parts.call(settings.url.reveal())
      this.#hasFailed = false
    } catch (error) {
      if (this.#settings === settings && !this.#hasFailed) this.#parts.told.heartbeatFailed(error)
      this.#hasFailed = true
    }
  }
}

const WITHIN_MS = 10_000

/** A GET that has to be answered with 2xx, by way of the proxy of the environment where there is one. */
export function heartbeatCall(env: Readonly<Record<string, string | undefined>>): HeartbeatParts['call'] {
  const proxies = {
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  }
  return async url => {
    const dispatcher = new EnvHttpProxyAgent(proxies)
    try {
      const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(WITHIN_MS) })
      await body.dump()
      if (statusCode < 200 || statusCode > 299) throw new Error(`it was answered with ${statusCode}`)
    } catch (error) {
      const { code, message, name } = error as NodeJS.ErrnoException
      throw new Error(message.startsWith('it was answered') ? message : (code ?? name))
    } finally {
      await dispatcher.close().catch(() => {})
    }
  }
}
