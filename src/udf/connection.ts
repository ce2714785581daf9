// The socket around a session: reads, writes, and closes within the second that Kapacitor can afford to wait.
import type { Socket } from 'node:net'
import { READ_BYTES, readInto } from './read-into.ts'
import { Session, type SessionSurroundings } from './session.ts'

export interface Timer {
  /** Calls once after some milliseconds; returns what cancels it. */
  after(ms: number, fire: () => void): () => void
}

/** Kapacitor waits for our close while it holds a lock over all its stream tasks. */
const CLOSE_WITHIN_MS = 700
/** Unwritten bytes at which reading stops until Kapacitor has taken some: it is the one that does not read. */
const MAX_UNWRITTEN_BYTES = 8 * 1024 * 1024
/** All connections read into it, one after another: what it holds is dealt with before the next read. */
const SHARED_ROOM = Buffer.allocUnsafeSlow(READ_BYTES)

export class Connection {
  /** To look at: what is read and written is the connection's business. */
  readonly socket: Socket
  readonly #session: Session
  readonly #timer: Timer
  readonly closed: Promise<void>
  #closing = false
  /** Where the next chunk is read to. */
  #room = SHARED_ROOM
  /** Parts of the room went to the socket, which may not have written them yet. */
  #isLent = false
  #hasBacklog = false

  /** @param accepted not read yet, and from now on the connection's alone. */
  constructor(accepted: Socket, timer: Timer, around: Omit<SessionSurroundings, 'sink'>) {
    this.#timer = timer
    this.#session = new Session({ ...around, sink: { write: bytes => this.#write(bytes) } })
    const socket = readInto(
      accepted,
      () => this.#nextRoom(),
      chunk => this.#read(chunk),
    )
    this.socket = socket
    this.closed = new Promise(resolve => socket.once('close', () => resolve()))
    socket.on('end', () => void this.#close('closed'))
    // A reset is Kapacitor leaving: what was received counts, and 'close' follows.
    socket.on('error', () => {})
    outliveFailedWrites(socket)
    socket.on('close', () => {
      void this.#session.end('reset')
      this.#session.abandon()
    })
  }

  /** Ends the conversation from our side, as for the end of the process. */
  stop(): Promise<void> {
    void this.#close('stopped')
    return this.closed
  }

  #read(chunk: Buffer): void {
    if (this.#closing) return
    this.#hasBacklog = this.socket.writableLength > 0
    this.socket.cork()
    const goesOn = this.#session.read(chunk)
    this.socket.uncork()
    if (!goesOn) void this.#close('closed')
    else if (this.socket.writableLength > MAX_UNWRITTEN_BYTES) this.#waitForDrain()
  }

  #waitForDrain(): void {
    this.socket.pause()
    this.socket.once('drain', () => this.socket.resume())
  }

  #write(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(this.#isInRoom(bytes) ? this.#lend(bytes) : bytes)
  }

  #isInRoom(bytes: Buffer): boolean {
    return bytes.buffer === this.#room.buffer
  }

  /** Mostly the kernel takes at once what goes back, and nothing has to be copied. */
  #lend(bytes: Buffer): Buffer {
    if (this.#hasBacklog || this.#room === SHARED_ROOM) return Buffer.from(bytes)
    this.#isLent = true
    return bytes
  }

  /** One of its own where what is read goes back; another one where the socket still has parts of the last. */
  #nextRoom(): Buffer {
    if (!this.#session.returnsInput) return SHARED_ROOM
    const isTaken = this.#isLent && this.socket.writableLength > 0
    if (isTaken || this.#room === SHARED_ROOM) this.#room = Buffer.allocUnsafeSlow(READ_BYTES)
    this.#isLent = false
    return this.#room
  }

  async #close(how: 'closed' | 'stopped'): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    const cancel = this.#timer.after(CLOSE_WITHIN_MS, () => this.#giveUp())
    this.closed.then(cancel)
    await this.#session.end(how)
    // Not only our half: a Kapacitor whose Init was refused would never close its own.
    this.socket.destroySoon()
  }

  /** Time is up: what is ready has been written, the rest is not returned. */
  #giveUp(): void {
    this.#session.abandon()
    this.socket.destroySoon()
    this.#timer.after(CLOSE_WITHIN_MS / 8, () => this.socket.destroy())
  }
}

const HAS_LEFT: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET'])

/**
 * A write to a Kapacitor that has left would destroy the socket, and with it what it sent before and is still to
 * be read. So such a failure is kept from the stream, nothing is written from then on, and reading finds the end.
 */
function outliveFailedWrites(socket: Socket): void {
  const { _write: write, _writev: writev } = socket
  let left = false
  const outlived = (done: (error?: Error | null) => void) => (error?: NodeJS.ErrnoException | null) => {
    left ||= HAS_LEFT.has(error?.code)
    done(left ? null : error)
  }
  socket._write = (chunk, encoding, done) =>
    left ? done() : write.call(socket, chunk, encoding, outlived(done))
  socket._writev = (chunks, done) => (left ? done() : writev!.call(socket, chunks, outlived(done)))
}
