// The two sockets of the sidecar, one for streams and one for batches, and the connections on them.
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { UdfSettings } from '../config/settings.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { Connection } from '../udf/connection.ts'
import { listen, listenOn, type UdfListener } from '../udf/listener.ts'
import type { SessionHappenings } from '../udf/session.ts'
import type { AskReplay, StartNode } from '../udf/task-link.ts'
import type { EdgeType } from '../wire/messages.ts'
import { localPlace } from './local-place.ts'
import type { PassedSockets } from './passed-sockets.ts'
import { type SystemClock, wallNs } from './system-clock.ts'

export interface SocketsParts {
  readonly settings: UdfSettings
  /** Those that systemd made; the others are made here. */
  readonly passed: PassedSockets
  readonly startNode: StartNode
  readonly askReplay: AskReplay
  /** What else than the telemetry wants to know of conversations. */
  readonly happened: Pick<SessionHappenings, 'initRefused' | 'infoAlone'>
  readonly telemetry: Telemetry
  readonly clock: SystemClock
  /** Tells two processes' temporary files apart. */
  readonly unique: string
}

/** Bytes of data that may wait for the store on one connection. */
const MAX_HELD_BYTES = 64 * 1024 * 1024

export class Sockets {
  readonly #parts: SocketsParts
  readonly #connections = new Set<Connection>()
  readonly #listeners: UdfListener[] = []

  constructor(parts: SocketsParts) {
    this.#parts = parts
  }

  /** Resolves once both accept. Rejects with ListenError; then neither does. */
  async open(): Promise<void> {
    const { settings, passed } = this.#parts
    try {
      await this.#listen(passed.stream ?? settings.streamSocket, 'STREAM')
      await this.#listen(passed.batch ?? settings.batchSocket, 'BATCH')
    } catch (error) {
      await this.stopListening()
      throw error
    }
  }

  async stopListening(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map(listener => listener.stop()))
  }

  /** Ends every conversation: what was received is answered, within the second. */
  async closeConnections(): Promise<void> {
    await Promise.all([...this.#connections].map(connection => connection.stop()))
  }

  /** @param where a path, or the descriptor of a socket that was passed. */
  async #listen(where: string | number, edge: EdgeType): Promise<void> {
    const accept = (socket: Socket): void => this.#accept(socket, edge)
    this.#listeners.push(
      typeof where === 'number' ? await listenOn(where, accept) : await this.#make(where, accept),
    )
  }

  #make(path: string, accept: (socket: Socket) => void): Promise<UdfListener> {
    const { settings, unique } = this.#parts
    const groupId = settings.socketGroup === undefined ? undefined : groupIdOf(settings.socketGroup)
    return listen({ path, mode: settings.socketMode, groupId }, unique, accept)
  }

  #accept(socket: Socket, edge: EdgeType): void {
    const { settings, startNode, askReplay, happened, telemetry, clock } = this.#parts
    const connection = new Connection(socket, clock, {
      settings: {
        ...{ edge, maxMessageBytes: settings.maxMessageBytes, maxHeldBytes: MAX_HELD_BYTES },
        local: localPlace,
      },
      startNode,
      askReplay,
      happened: {
        initRefused(happening) {
          telemetry.initRefused(happening)
          happened.initRefused(happening)
        },
        malformed: happening => telemetry.malformed(happening),
        sessionFailed: happening => telemetry.sessionFailed(happening),
        infoAlone: () => happened.infoAlone?.(),
      },
      now: () => wallNs(clock),
      monotonicMs: () => clock.monotonicMs(),
    })
    this.#connections.add(connection)
    void connection.closed.then(() => this.#connections.delete(connection))
  }
}

/** From /etc/group; undefined when it is not there. */
function groupIdOf(name: string): number | undefined {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find(entry => entry.startsWith(`${name}:`))
  return line === undefined ? undefined : Number(line.split(':')[2])
}
