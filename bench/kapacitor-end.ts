// Kapacitor's end of a connection: feeds points as fast as they are taken or at a pace, and reads what comes back
// without looking at it, but for the times of keepalives.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { FrameReader } from '../src/wire/frame.ts'
import { plainResponse } from '../test/fakes/udf-types.ts'
import { initFrame, keepaliveFrame } from './points.ts'

export class KapacitorEnd {
  readonly #socket: Socket
  readonly #reader = new FrameReader(1 << 24)
  readonly #asked: (() => void)[] = []
  #init = Promise.withResolvers<void>()
  /** Points that came back. */
  returned = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', chunk =>
      this.#reader.read(chunk as Buffer, (bytes, start, end) => this.#answer(bytes, start, end)),
    )
  }

  static async connect(path: string, task: string, options: readonly object[] = []): Promise<KapacitorEnd> {
    const socket = connect(path)
    await once(socket, 'connect')
    const end = new KapacitorEnd(socket)
    socket.write(initFrame(task, options))
    await end.#init.promise
    return end
  }

  /** Writes the blocks in turn, so many times, waiting where the other end is slower. Resolves when all is taken. */
  async feed(blocks: readonly Buffer[], times: number): Promise<void> {
    for (let n = 0; n < times; n++)
      for (const block of blocks) if (!this.#socket.write(block)) await once(this.#socket, 'drain')
    await this.answeredKeepalive()
  }

  /** As Kapacitor writes: of each frame the length, and then the body. Each is with the kernel before the next. */
  async feedPiecemeal(frames: Buffer, times: number): Promise<void> {
    const pieces: Buffer[] = []
    new FrameReader(1 << 24).read(frames, (bytes, start, end, from) =>
      pieces.push(bytes.subarray(from, start), bytes.subarray(start, end)),
    )
    for (let n = 0; n < times; n++)
      for (const piece of pieces) await new Promise(written => this.#socket.write(piece, written))
    await this.answeredKeepalive()
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** Resolves with the milliseconds it took: what was sent before is read by then. */
  answeredKeepalive(): Promise<number> {
    const sent = performance.now()
    return new Promise(resolve => {
      this.#asked.push(() => resolve(performance.now() - sent))
      this.#socket.write(keepaliveFrame(1))
    })
  }

  end(): void {
    this.#socket.destroy()
  }

  #answer(bytes: Buffer, start: number, end: number): void {
    // The first byte is the tag of the answer's only member.
    if (bytes[start] === KEEPALIVE) this.#asked.shift()?.()
    else if (bytes[start] === INIT) this.#started(bytes.subarray(start, end))
    else this.returned++
  }

  #started(answer: Buffer): void {
    const { success, error } = plainResponse(answer).init as { success: boolean; error: string }
    if (success) this.#init.resolve()
    else this.#init.reject(new Error(error))
  }
}

const INIT = 0x12
const KEEPALIVE = 0x1a
