// Kapacitor's end of a socket: sends what it is given, ends as Kapacitor ends, and keeps what comes back.
import { connect, type Socket } from 'node:net'
import { frame } from '../../src/wire/frame.ts'
import { bodies } from './recordings.ts'
import { encodeRequest, plainResponse } from './udf-types.ts'

type Message = Record<string, unknown>

export class Peer {
  readonly #socket: Socket
  readonly #chunks: Buffer[] = []
  /** Resolves when the other end has closed. */
  readonly closed: Promise<void>

  private constructor(socket: Socket) {
    this.#socket = socket
    this.closed = new Promise(resolve => socket.once('close', () => resolve()))
    socket.on('data', chunk => this.#chunks.push(chunk as Buffer))
    socket.on('error', () => {})
    socket.once('end', () => socket.end())
  }

  static connect(path: string): Promise<Peer> {
    const socket = connect({ path, allowHalfOpen: true })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Peer(socket)))
    })
  }

  /** A task whose node is started. */
  static async task(path: string, taskID: string, options: readonly Message[] = []): Promise<Peer> {
    const peer = await Peer.connect(path)
    peer.send({ init: { taskID, nodeID: 'squadcast2', options } })
    await peer.answered('init')
    return peer
  }

  send(...messages: readonly Message[]): void {
    this.sendBytes(Buffer.concat(messages.map(message => frame(encodeRequest(message)))))
  }

  sendBytes(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** Ends our half, as Kapacitor does; resolves when the other end has closed. */
  end(): Promise<void> {
    this.#socket.end()
    return this.closed
  }

  /** Vanishes without a word. */
  vanish(): Promise<void> {
    this.#socket.destroy()
    return this.closed
  }

  /** What came back so far. */
  get answers(): (Message & { message: string })[] {
    return bodies(Buffer.concat(this.#chunks)).map(plainResponse)
  }

  /** Resolves once there are `count` answers of a kind. Rejects when the other end closes before. */
  answered(kind: string, count = 1): Promise<Message[]> {
    const found = (): Message[] => this.answers.filter(({ message }) => message === kind)
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (found().length < count) return
        this.#socket.off('data', look)
        resolve(found())
      }
      this.#socket.on('data', look)
      void this.closed.then(() => reject(new Error(`closed before ${count} × ${kind}`)))
      look()
    })
  }
}

/** `.crit('"usage" > 90')` as it stands in an Init. */
export const option = (name: string, ...values: readonly string[]): Message => ({
  name,
  values: values.map(stringValue => ({ type: 'STRING', stringValue })),
})

/** `.recoveryDelay(1m)`, in milliseconds. */
export const lasting = (name: string, ms: number): Message => ({
  name,
  values: [{ type: 'DURATION', durationValue: String(BigInt(ms) * 1_000_000n) }],
})

/** A point of the stream `cpu`, grouped by host. Times count up by the second. */
export const point = (host: string, fields: Message, second = 0): Message => ({
  point: {
    time: String(1_780_000_000_000_000_000n + BigInt(second) * 1_000_000_000n),
    name: 'cpu',
    database: 'telegraf',
    retentionPolicy: 'autogen',
    group: `host=${host}`,
    dimensions: ['host'],
    tags: { host },
    ...fields,
  },
})
