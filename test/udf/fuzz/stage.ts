// The real listeners and connections, for streams and for batches, with nodes that judge for real and commits
// that take a turn of the event loop. It keeps what went wrong, and looks at every event that is made.
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { Book } from '../../../src/incident/book.ts'
import { NodeJudge } from '../../../src/incident/judge.ts'
import type { Change } from '../../../src/incident/judgement.ts'
import { Level } from '../../../src/incident/level.ts'
import type { NodeSettings } from '../../../src/incident/node-settings.ts'
import { Connection, type Timer } from '../../../src/udf/connection.ts'
import { listen } from '../../../src/udf/listener.ts'
import type { TaskLink } from '../../../src/udf/task-link.ts'
import type { EdgeType } from '../../../src/wire/messages.ts'
import { wrongWithEvent } from './events.ts'

export const MAX_MESSAGE_BYTES = 1 << 24
const SETTINGS = { maxMessageBytes: MAX_MESSAGE_BYTES, maxHeldBytes: 1 << 26 }
const TIMER: Timer = {
  after: (ms, fire) => {
    const timeout = setTimeout(fire, ms)
    return () => clearTimeout(timeout)
  },
}

export class Stage {
  readonly wrong: string[] = []
  points = 0
  events = 0
  refused = 0
  malformed = 0
  /** Nobody's, as long as nobody is hostile. */
  readonly #house = new Book()
  #hostile = new Book()
  readonly #live = new Set<string>()
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(t: ExecutionContext): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'udf-'))
    const stage = new Stage(folder)
    const listeners = await Promise.all((['STREAM', 'BATCH'] as const).map(edge => stage.#listen(edge)))
    t.teardown(async () => {
      await Promise.all(listeners.map(listener => listener.stop()))
      await rm(folder, { recursive: true })
    })
    return stage
  }

  path(edge: EdgeType): string {
    return join(this.#folder, `${edge}.sock`)
  }

  /** From now on hostile tasks have an empty book: what they opened before is forgotten. */
  forgetHostile(): void {
    this.#hostile = new Book()
  }

  #listen(edge: EdgeType) {
    const socket = { path: this.path(edge), mode: 0o600, groupId: undefined }
    return listen(socket, `${edge}.new`, accepted => this.#accept(accepted, edge))
  }

  #accept(socket: Socket, edge: EdgeType): void {
    new Connection(socket, TIMER, {
      settings: { ...SETTINGS, edge },
      startNode: settings => this.#start(settings),
      happened: {
        initRefused: () => this.refused++,
        malformed: () => this.malformed++,
        sessionFailed: ({ error }) => this.wrong.push(`a mistake of our own: ${(error as Error).stack}`),
      },
      now: () => 1n,
      // No time passes: nothing is answered that nobody asked for.
      monotonicMs: () => 0,
    })
  }

  #start(settings: NodeSettings): TaskLink {
    const key = JSON.stringify([settings.task, settings.node])
    const replay = this.#live.has(key)
    if (!replay) this.#live.add(key)
    const book = replay ? new Book() : settings.task.startsWith('steady') ? this.#house : this.#hostile
    const policy = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }
    return {
      judge: new NodeJudge(
        settings,
        book,
        () => policy,
        () => 0,
      ),
      commit: changes => this.#commit(changes),
      counted: counts => {
        this.points += counts.points
      },
      notReturned: () => {},
      ended: () => {
        if (!replay) this.#live.delete(key)
      },
    }
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    for (const { event } of changes) {
      if (!event) continue
      this.events++
      const wrong = wrongWithEvent(event)
      if (wrong) this.wrong.push(wrong)
    }
    await turn()
  }
}
