// Kapacitor's end of one connection: Init, data as fast as it is taken, the end of our half and the wait for the other's.
// What comes back is what made an event; it is read where somebody wants to know.
import { connect, type Socket } from 'node:net'
import { type LevelName, levelFromName } from '../incident/level.ts'
import { HISTORY, PLAYED_NAMES } from '../udf/played-node.ts'
import { FrameReader } from '../wire/frame.ts'
import type { InitRequest } from '../wire/messages.ts'
import { type AnsweredPoint, decodeAnswer, requests } from '../wire/requests.ts'
import type { Told } from './told.ts'

/** The sidecar could not be talked to, or ended it. */
export class ConversationError extends Error {}

/** The answer to Init: refused has the sidecar's sentence. */
export type Started =
  | { readonly refused: string }
  /** history: nothing of what is sent is told to anybody. */
  | { readonly refused?: undefined; readonly isHistory: boolean }

/** What a sidecar sends back of one event is at most a whole batch. */
const LARGEST_ANSWER = 64 * 1024 * 1024

export class Conversation {
  readonly #socket: Socket
  readonly #told: ((told: Told) => void) | undefined
  readonly #reader = new FrameReader(LARGEST_ANSWER)
  readonly #closed: Promise<void>
  readonly #started = Promise.withResolvers<Started>()
  readonly #over = new AbortController()
  #failure: string | undefined
  #batch: { last: AnsweredPoint | undefined } | undefined

  private constructor(socket: Socket, told: ((told: Told) => void) | undefined) {
    this.#socket = socket
    this.#told = told
    this.#started.promise.catch(() => {})
    this.#closed = new Promise(resolve => socket.once('close', () => resolve()))
    socket.on('data', chunk => this.#read(chunk as Buffer))
    // It never ends its half before ours unless it leaves.
    socket.on('end', () => socket.end())
    socket.on('error', error => {
      this.#failure ??= error.message
    })
    void this.#closed.then(() => {
      this.#over.abort()
      this.#started.reject(this.#ended())
    })
  }

  /** @param told called with each event that comes back. Rejects with ConversationError. */
  static open(path: string, told?: (told: Told) => void): Promise<Conversation> {
    const socket = connect({ path, allowHalfOpen: true })
    return new Promise((resolve, reject) => {
      socket.once('error', error =>
        reject(new ConversationError(`cannot connect to ${path}: ${error.message}`, { cause: error })),
      )
      socket.once('connect', () => resolve(new Conversation(socket, told)))
    })
  }

  /** Aborted once it has ended, by whichever side. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  start(init: InitRequest): Promise<Started> {
    this.#socket.write(requests.init(init))
    return this.#started.promise
  }

  /** Resolves when there is room for more. Rejects with ConversationError once the sidecar has ended it. */
  async write(bytes: Buffer): Promise<void> {
    if (this.over.aborted) throw this.#ended()
    if (this.#socket.write(bytes)) return
    const drained = Promise.withResolvers<void>()
    this.#socket.once('drain', drained.resolve)
    await Promise.race([drained.promise, this.#closed])
    this.#socket.off('drain', drained.resolve)
    if (this.over.aborted) throw this.#ended()
  }

  /** Ends our half; resolves when the sidecar has closed. Rejects with ConversationError if it complained. */
  async end(): Promise<void> {
    this.#socket.end()
    await this.#closed
    if (this.#failure !== undefined) throw this.#ended()
  }

  /** Leaves without another word. */
  leave(): void {
    this.#socket.destroy()
  }

  #ended(): ConversationError {
    return new ConversationError(
      `the sidecar ended the conversation: ${this.#failure ?? 'it gave no reason'}`,
    )
  }

  #read(chunk: Buffer): void {
    try {
      this.#reader.read(chunk, (bytes, start, end) => this.#frame(bytes, start, end))
    } catch (error) {
      this.#failure ??= (error as Error).message
      this.#socket.destroy()
    }
  }

  #frame(bytes: Buffer, start: number, end: number): void {
    // A number of more than 15 takes two bytes: data, which nobody here may want to see.
    if (!this.#told && bytes[start]! > 0x7f) return
    const answer = decodeAnswer(bytes.subarray(start, end))
    if (answer.message === 'init') this.#started.resolve(startedBy(answer.init!))
    else if (answer.message === 'error') this.#failure ??= answer.error!.error
    else if (answer.message === 'begin') this.#batch = { last: undefined }
    else if (answer.message === 'point') this.#point(answer.point!)
    else if (answer.message === 'end') this.#end()
  }

  #point(point: AnsweredPoint): void {
    if (this.#batch) this.#batch.last = point
    else this.#tell(point)
  }

  #end(): void {
    const last = this.#batch?.last
    this.#batch = undefined
    if (last) this.#tell(last)
  }

  #tell({ time, fieldsString }: AnsweredPoint): void {
    const { levelField, idField, messageField } = PLAYED_NAMES
    const level = fieldsString[levelField]
    if (level === undefined || levelFromName(level) === undefined) return
    this.#told?.({
      incident: fieldsString[idField] ?? '',
      level: level as LevelName,
      message: fieldsString[messageField] ?? '',
      time: BigInt(time),
    })
  }
}

const startedBy = ({ success, error }: { readonly success: boolean; readonly error: string }): Started =>
  success ? { isHistory: error === HISTORY } : { refused: error }
