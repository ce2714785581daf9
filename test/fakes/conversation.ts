// A session without a socket: bytes in, frames out, and every event that came of it. Commits resolve at once,
// or when the test says so.
import { Book } from '../../src/incident/book.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { Session } from '../../src/udf/session.ts'
import type { AskReplay, Ending } from '../../src/udf/task-link.ts'
import type { EdgeType } from '../../src/wire/messages.ts'
import { bytesOf, type Message } from './requests.ts'
import { type PlainResponse, responsesIn } from './responses.ts'

export interface ConversationOptions {
  readonly edge?: EdgeType
  readonly book?: Book
  readonly maxMessageBytes?: number
  /** Wall clock, ms. */
  readonly now?: () => number
  readonly maxHeldBytes?: number
  readonly commit?: (changes: readonly Change[], readAt: number) => Promise<void>
  /** By default nothing is a replay. */
  readonly askReplay?: AskReplay
  /** By default no time passes. */
  readonly monotonicMs?: () => number
}

export class Conversation {
  readonly session: Session
  readonly events: IncidentEvent[] = []
  readonly changes: Change[] = []
  readonly happenings: string[] = []
  readonly settings: NodeSettings[] = []
  points = 0
  unlevelled = 0
  /** Times that Info was asked for, and no Init came. */
  infosAlone = 0
  #written: Buffer[] = []

  constructor(options: ConversationOptions = {}) {
    const book = options.book ?? new Book()
    this.session = new Session({
      settings: {
        edge: options.edge ?? 'STREAM',
        maxMessageBytes: options.maxMessageBytes ?? 1 << 24,
        maxHeldBytes: options.maxHeldBytes ?? 1 << 26,
      },
      sink: { write: bytes => this.#written.push(Buffer.from(bytes)) },
      now: () => 1n,
      monotonicMs: options.monotonicMs ?? (() => 0),
      happened: {
        initRefused: ({ reason }) => this.happenings.push(`refused ${reason}`),
        malformed: ({ code }) => this.happenings.push(`malformed ${code}`),
        sessionFailed: ({ error }) => this.happenings.push(`failed ${error}`),
        infoAlone: () => this.infosAlone++,
      },
      ...(options.askReplay && { askReplay: options.askReplay }),
      startNode: (settings, isReplay) => {
        if (isReplay) this.happenings.push('replay')
        return this.#start(settings, book, options, isReplay)
      },
    })
    lendInput(this.session)
  }

  #start(settings: NodeSettings, book: Book, options: ConversationOptions, isReplay: boolean) {
    this.settings.push(settings)
    const policy = () => ({ endpoint: settings.endpoint, minLevel: Level.info, retriggerOnRise: true })
    return {
      isReplay,
      judge: new NodeJudge(settings, book, policy, options.now ?? (() => 0)),
      commit: (changes: readonly Change[], readAt: number) => {
        this.changes.push(...changes)
        for (const { event } of changes) if (event) this.events.push(event)
        return options.commit?.(changes, readAt) ?? Promise.resolve()
      },
      counted: ({ points, unlevelled }: { points: number; unlevelled: number }) => {
        this.points += points
        this.unlevelled += unlevelled
      },
      notReturned: (bytes: number, reason: string) => this.happenings.push(`not returned ${bytes} ${reason}`),
      ended: (how: Ending) => this.happenings.push(`ended ${how}`),
    }
  }

  /** Plays bytes in the given pieces, then the end of input. */
  async play(chunks: Iterable<Buffer>): Promise<this> {
    for (const chunk of chunks) this.session.read(chunk)
    await this.session.end('closed')
    return this
  }

  /** Kapacitor says something. False: nothing more is read. */
  say(...messages: readonly Message[]): boolean {
    return this.session.read(bytesOf(...messages))
  }

  /** Everything written so far. */
  get output(): Buffer {
    return Buffer.concat(this.#written)
  }

  /** The same, message by message; each is checked to be one that Kapacitor survives. */
  get answers(): PlainResponse[] {
    return responsesIn(this.output)
  }
}

/** As a connection does: the memory of a chunk is used again once the session has read it. */
function lendInput(session: Session): void {
  const read = session.read.bind(session)
  session.read = chunk => {
    const lent = Buffer.from(chunk)
    const goesOn = read(lent)
    lent.fill(0xff)
    return goesOn
  }
}
