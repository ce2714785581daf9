// A sidecar that tells nobody: real sockets, sessions and judges on a book of its own, and each event handed to whoever
// rehearses. It has no store and no endpoint, and leaves nothing behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Book } from '../incident/book.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { type Incident, taskLevel } from '../incident/incident.ts'
import { levelName } from '../incident/level.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { TaskLink } from '../udf/task-link.ts'
import { type EndpointRules, endpointPolicy } from './endpoint-policy.ts'
import { RehearsalJudge } from './rehearsal-judge.ts'
import { RehearsalTime } from './rehearsal-time.ts'
import { Sockets } from './sockets.ts'
import type { SystemClock } from './system-clock.ts'

export interface RehearsalParts {
  /** In the order in which they would be told. */
  readonly told: (event: IncidentEvent) => void
  /** Undefined for a name that is not configured. */
  readonly endpointRules: (name: string) => EndpointRules | undefined
  readonly telemetry: Telemetry
  /** Of the sockets; what the points ask for goes by theirs. */
  readonly clock: SystemClock
  readonly maxMessageBytes: number
  readonly pid: number
}

/** Times in nanoseconds since the epoch. */
export interface Rehearsed {
  readonly incident: string
  readonly level: ReturnType<typeof levelName>
  readonly since: bigint
  /** It has recovered, and its resolve waits. */
  readonly isHeld: boolean
}

export class Rehearsal {
  readonly streamSocket: string
  readonly batchSocket: string
  /** Points that were judged, and of these those without a level. */
  readonly counts = { points: 0, unlevelled: 0 }
  readonly #parts: RehearsalParts
  readonly #folder: string
  readonly #sockets: Sockets
  readonly #book = new Book()

  private constructor(parts: RehearsalParts, folder: string) {
    this.#parts = parts
    this.#folder = folder
    this.streamSocket = join(folder, 'stream.sock')
    this.batchSocket = join(folder, 'batch.sock')
    const { streamSocket, batchSocket } = this
    const { telemetry, clock, maxMessageBytes, pid } = parts
    this.#sockets = new Sockets({
      settings: { streamSocket, batchSocket, socketMode: 0o600, socketGroup: undefined, maxMessageBytes },
      passed: {},
      startNode: settings => this.#start(settings),
      askReplay: () => false,
      happened: { initRefused() {} },
      ...{ telemetry, clock, unique: String(pid) },
    })
  }

  /** Resolves once its sockets accept. Rejects with ListenError. */
  static async open(parts: RehearsalParts): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(parts, mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-replay-')))
    removeAtExit(rehearsal.#folder)
    try {
      await rehearsal.#sockets.open()
      return rehearsal
    } catch (error) {
      await rehearsal.close()
      throw error
    }
  }

  /** What is open, in the order of opening. */
  open(): Rehearsed[] {
    return [...this.#book.incidents()].map(incident => ({
      incident: incident.id,
      level: levelName(highest(incident)),
      since: incident.openedTime,
      isHeld: incident.held !== undefined,
    }))
  }

  async close(): Promise<void> {
    await this.#sockets.stopListening()
    await this.#sockets.closeConnections()
    remove(this.#folder)
  }

  #start(settings: NodeSettings): TaskLink {
    const { told, endpointRules } = this.#parts
    const time = new RehearsalTime(settings, this.#book, told)
    const policy = endpointPolicy(settings.endpoint, endpointRules)
    return {
      judge: new RehearsalJudge(settings, { book: this.#book, policy: () => policy, time, told }),
      // Told when it was judged: what falls due by the points' clock comes in between.
      commit: async () => true,
      counted: ({ points, unlevelled }) => {
        this.counts.points += points
        this.counts.unlevelled += unlevelled
      },
      notReturned() {},
      ended: () => time.stop(),
    }
  }
}

const folders = new Set<string>()

/** For a process that leaves in the midst of it, as at a second Ctrl-C. */
function removeAtExit(folder: string): void {
  if (folders.size === 0) process.once('exit', () => folders.forEach(remove))
  folders.add(folder)
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Of all tasks; there is one. */
const highest = (incident: Incident) =>
  incident.tasks.map(({ task }) => taskLevel(incident, task)).reduce((a, b) => (a > b ? a : b))
