// The torture: one daemon after the other on the same store, each under load and each killed, until a last one may
// finish its work. Then the audit. It ends only the daemons that it started.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { mostInOneMinute } from '../delivery/windows.ts'
import { Daemon, type LogLine } from '../fakes/daemon.ts'
import { type Room, room } from '../fakes/room.ts'
import { rows } from '../outbox/stored.ts'
import { Chance } from '../udf/fuzz/chance.ts'
import { type Audit, audit, type Stored } from './audit.ts'
import { type Death, deathOf, nameOf } from './death.ts'
import { RudeReceiver } from './rude-receiver.ts'
import { Workload } from './workload.ts'

export interface TortureOptions {
  readonly kills: number
  readonly seed: number
  readonly coalesce: boolean
  /** Requests a minute; the highest there is unless given. */
  readonly rate?: number
  readonly told?: (progress: Progress) => void
}

export interface Progress {
  readonly kills: number
  readonly promised: number
  readonly requests: number
}

export interface Result {
  readonly audit: Audit
  readonly requests: number
  /** The most requests within any minute. */
  readonly busiest: number
  /** How often each kind of death came, those that came too late apart. */
  readonly deaths: Readonly<Record<string, number>>
  /** What the daemons complained of, and what they should not have done. */
  readonly troubles: readonly string[]
}

interface Scene {
  readonly teardown: (work: () => void | Promise<void>) => void
}

const NO_LIMIT = 100_000
const TIMEOUT_MS = 400
const MOST_WAITING = 400
/** A step that is not reached by then is not on the way of this daemon. */
const STEP_WITHIN_MS = 3000
const END_WITHIN_MS = 120_000
/** What the rude receiver is meant to bring about. */
const EXPECTED = new Set(['endpoint-down', 'fault-awaited'])

export async function torture(scene: Scene, options: TortureOptions): Promise<Result> {
  const receiver = await RudeReceiver.listen(new Chance(options.seed + 1))
  scene.teardown(() => receiver.close())
  const endpoint = `coalesce = ${options.coalesce}\ntimeout = "${TIMEOUT_MS}ms"`
  const other = `[[endpoint]]\nname = "incidents"\nformat = "incident"\nurl = "${receiver.url}"\n${endpoint}`
  const more = `${other}\n[squadcast]\nrate = ${options.rate ?? NO_LIMIT}`
  const run = new Torture(options, receiver, room(scene, receiver.url, { endpoint, more }))
  scene.teardown(() => run.leave())
  return run.run()
}

class Torture {
  readonly #options: TortureOptions
  readonly #receiver: RudeReceiver
  readonly #room: Room
  readonly #workload: Workload
  readonly #chance: Chance
  readonly #deaths: Record<string, number> = {}
  readonly #troubles: string[] = []
  #daemon: Daemon | undefined

  constructor(options: TortureOptions, receiver: RudeReceiver, made: Room) {
    this.#options = options
    this.#receiver = receiver
    this.#room = made
    this.#chance = new Chance(options.seed)
    this.#workload = new Workload({
      seed: options.seed + 2,
      sockets: made,
      isEnough: () => this.#workload.promised.size - receiver.accepted.length > MOST_WAITING,
    })
  }

  async run(): Promise<Result> {
    const { kills, told } = this.#options
    // Compiled code is kept only by a process that leaves in order, and makes all later starts fast.
    await this.#started()
    await this.#stopped()
    for (let index = 0; index < kills; index++) {
      await this.#life(deathOf(index, this.#chance))
      told?.({
        kills: index + 1,
        promised: this.#workload.promised.size,
        requests: this.#receiver.moments.length,
      })
    }
    await this.#finish()
    return this.#result()
  }

  async leave(): Promise<void> {
    await this.#daemon?.kill()
  }

  async #life(death: Death): Promise<void> {
    const env = death.how === 'at' ? { KAPACITOR_SQUADCAST_FAULT: `${death.point}:${death.passing}` } : {}
    const daemon = this.#spawned(env)
    const killed = this.#kill(daemon, death)
    if (await daemon.until(() => daemon.lines('ready').length > 0)) await this.#workload.run()
    const how = await killed
    this.#deaths[how] = (this.#deaths[how] ?? 0) + 1
    const { code } = await daemon.exited
    if (code !== null && death.how !== 'stopping') this.#troubles.push(`a daemon left by itself with ${code}`)
    this.#listen(daemon)
  }

  /** Resolves with how it ended. */
  async #kill(daemon: Daemon, death: Death): Promise<string> {
    if (death.how === 'starting') await Promise.race([pause(death.afterMs), daemon.exited])
    else {
      await daemon.until(() => daemon.lines('ready').length > 0)
      const waitMs = death.how === 'at' ? STEP_WITHIN_MS : death.afterMs
      await Promise.race([pause(waitMs), daemon.exited])
    }
    if (death.how === 'stopping') await Promise.race([daemon.stop(), pause(death.givenMs)])
    const isTooLate = death.how === 'at' && daemon.isRunning
    await daemon.kill()
    return isTooLate ? `${nameOf(death)}, not reached` : nameOf(death)
  }

  /** The receiver behaves, the tasks go to their ends, and everything that was told arrives. */
  async #finish(): Promise<void> {
    this.#receiver.polite = true
    this.#workload.end()
    await this.#started()
    await within(END_WITHIN_MS, this.#workload.run(), 'an event that has to come back does not')
    await this.#stopped()
    const last = await this.#started()
    const [loaded] = await last.logged('loaded')
    const isDone = settledCount(last.log, Number(loaded?.pending))
    if (!(await last.until(isDone, END_WITHIN_MS))) this.#troubles.push('it does not come to an end')
    await this.#stopped()
  }

  #spawned(env: Readonly<Record<string, string>> = {}): Daemon {
    const NODE_COMPILE_CACHE = join(this.#room.folder, 'compiled')
    this.#daemon = new Daemon(this.#room.config, { ...env, NODE_COMPILE_CACHE })
    return this.#daemon
  }

  async #started(): Promise<Daemon> {
    const daemon = this.#spawned()
    await daemon.logged('ready')
    return daemon
  }

  async #stopped(): Promise<void> {
    await this.#daemon!.stop()
    this.#listen(this.#daemon!)
  }

  #listen({ log, complaints }: Daemon): void {
    const wrong = log.filter(({ level, event = '' }) => /^(error|fatal)$/.test(level) && !EXPECTED.has(event))
    this.#troubles.push(...complaints, ...wrong.map(line => JSON.stringify(line)))
  }

  #result(): Result {
    const { said, promised, isOpen } = this.#workload
    const { accepted, moments } = this.#receiver
    const stored = rows(
      this.#room.store,
      `SELECT CAST(json_extract(body, '$.message') AS INTEGER) AS number, state FROM event`,
    ) as unknown as Stored[]
    const found = audit({ said, promised, accepted, stored, isOpen })
    const busiest = mostInOneMinute(moments)
    const { rate = NO_LIMIT } = this.#options
    if (busiest > rate) this.#troubles.push(`${busiest} requests within one minute are more than ${rate}`)
    const isOver = rows(this.#room.store, 'SELECT * FROM outage WHERE over_at IS NULL').length === 0
    if (!isOver) this.#troubles.push('an outage has no end')
    return { audit: found, requests: moments.length, busiest, deaths: this.#deaths, troubles: this.#troubles }
  }
}

/** Counts, each time it is asked, the lines that came since, until so many events are done with. */
function settledCount(log: readonly LogLine[], wanted: number): () => boolean {
  const DONE = new Set(['delivered', 'coalesced', 'dead-letter'])
  let seen = 0
  let count = 0
  return () => {
    for (; seen < log.length; seen++) if (DONE.has(log[seen]!.event ?? '')) count++
    return count >= wanted
  }
}

async function within<Value>(ms: number, work: Promise<Value>, otherwise: string): Promise<Value> {
  const late = new AbortController()
  const tooLate = pause(ms, undefined, { signal: late.signal }).then(() => {
    throw new Error(otherwise)
  })
  tooLate.catch(() => {})
  return Promise.race([work, tooLate]).finally(() => late.abort())
}
