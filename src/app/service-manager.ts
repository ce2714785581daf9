// What systemd is told: ready, how it goes, that it stops, and a sign of life. By systemd-notify, a program of its own,
// since Node has no datagram sockets of that kind. Where no NOTIFY_SOCKET is, nothing is told.
import { execFile } from 'node:child_process'
import { visible } from '../terminal/visible.ts'
import type { SystemClock } from './system-clock.ts'

export interface ServiceManagerParts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  readonly clock: Pick<SystemClock, 'after'>
  /** The word did not arrive. Told once, until one arrives again. */
  readonly failed: (error: unknown) => void
}

/** Longer than a machine that is under load takes to start a program. */
const PROGRAM_WITHIN_MS = 20_000
/** Signs of life for each span after which systemd would end us. */
const SIGNS_PER_SPAN = 3

export class ServiceManager {
  /** True under systemd, or what does as it does: somebody starts us again, and should not have to. */
  readonly isThere: boolean
  readonly #parts: ServiceManagerParts
  #hasFailed = false
  #cancel: (() => void) | undefined

  constructor(parts: ServiceManagerParts) {
    this.#parts = parts
    this.isThere = Boolean(parts.env.NOTIFY_SOCKET)
  }

  /** Both sockets accept. From now on signs of life are given, from the loop that answers Kapacitor. */
  async ready(status: string): Promise<void> {
    if (!this.isThere) return
    await this.#tell('READY=1', `STATUS=${line(status)}`)
    this.#liveOn()
  }

  async status(status: string): Promise<void> {
    if (this.isThere) await this.#tell(`STATUS=${line(status)}`)
  }

  async stopping(): Promise<void> {
    this.#cancel?.()
    if (this.isThere) await this.#tell('STOPPING=1')
  }

  #liveOn(): void {
    const span = watchdogMs(this.#parts)
    if (span === undefined) return
    this.#cancel = this.#parts.clock.after(span / SIGNS_PER_SPAN, () => {
      void this.#tell('WATCHDOG=1')
      this.#liveOn()
    })
  }

  /** Resolves in any case: a service manager that hears nothing is no reason to page nobody. */
  #tell(...words: readonly string[]): Promise<void> {
    const { env, failed } = this.#parts
    return new Promise(resolve => {
      execFile(
        'systemd-notify',
        words,
        { env: { PATH: env.PATH, NOTIFY_SOCKET: env.NOTIFY_SOCKET }, timeout: PROGRAM_WITHIN_MS },
        error => {
          if (error && !this.#hasFailed) failed(error)
          this.#hasFailed = error !== null
          resolve()
        },
      )
    })
  }
}

/** As `systemctl status` shows it. */
const line = (text: string): string => visible(text.replaceAll(/\s+/g, ' ').trim())

function watchdogMs({ env, pid }: Pick<ServiceManagerParts, 'env' | 'pid'>): number | undefined {
  const microseconds = Number(env.WATCHDOG_USEC)
  if (!(microseconds > 0) || (env.WATCHDOG_PID && Number(env.WATCHDOG_PID) !== pid)) return undefined
  return microseconds / 1000
}
