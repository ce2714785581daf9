// Frames: a varint length and a body, cut anywhere on arrival. This file finds where bodies begin and end in
// the bytes of one connection. It copies only what a cut forces it to, and never looks into a body.
import { WireError } from './wire-error.ts'

/** Takes one frame: its length prefix begins at `from`, its body is `bytes[start, end)`. Valid during the call only. */
export type FrameSink = (bytes: Buffer, start: number, end: number, from: number) => void

/** Bytes of a length. */
const MAX_PREFIX = 5
/** Pieces of an unfinished frame that are joined into one: each is a byte or more, and takes hundreds. */
const MANY_PIECES = 256

export class FrameReader {
  #maxBody: number
  #kept: Buffer[] = []
  #pieces: Buffer[] = []
  #keptBytes = 0
  /** Bytes of the frame at hand, prefix and body; 0 while its prefix is incomplete. */
  #wanted = 0

  /** @param maxBody the longest body that is accepted, bytes. */
  constructor(maxBody: number) {
    this.#maxBody = maxBody
  }

  /** From the next frame on. @param maxBody as of the constructor. */
  accept(maxBody: number): void {
    this.#maxBody = maxBody
  }

  /** Bytes of an unfinished frame; more than 0 at the end of a connection means that it was cut off. */
  get unfinishedBytes(): number {
    return this.#keptBytes
  }

  /**
   * Hands each complete frame to the sink, in order. The chunk is the caller's again afterwards. Throws WireError; the
   * connection is then of no more use.
   */
  read(chunk: Buffer, sink: FrameSink): void {
    let from = this.#keptBytes === 0 ? 0 : this.#complete(chunk, sink)
    while (from < chunk.length) {
      const end = this.#frameEnd(chunk, from)
      if (end === undefined || end > chunk.length) break
      sink(chunk, this.#bodyStart, end, from)
      from = end
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  #bodyStart = 0

  /** Where the frame at `from` ends, even beyond what has arrived; undefined while its prefix is incomplete. */
  #frameEnd(bytes: Buffer, from: number): number | undefined {
    let length = 0
    let scale = 1
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!
      length += (byte & 0x7f) * scale
      if (length > this.#maxBody) throw tooLong(this.#maxBody)
      if (byte < 0x80) return this.#finishPrefix(length, byte, from, at + 1)
      if (at - from === MAX_PREFIX - 1)
        throw new WireError('bad-length', 'the length of a frame takes more than 5 bytes')
      scale *= 0x80
    }
    return undefined
  }

  #finishPrefix(length: number, lastByte: number, from: number, start: number): number {
    if (length === 0 && start - from === 1) throw new WireError('empty-frame', 'a frame of no bytes')
    if (lastByte === 0) throw new WireError('bad-length', 'the length of a frame is padded with zeros')
    this.#bodyStart = start
    return start + length
  }

  /** Ends the frame at hand, if the chunk has all that it lacks. Returns how much of the chunk is taken. */
  #complete(chunk: Buffer, sink: FrameSink): number {
    if (this.#wanted === 0) this.#wanted = this.#frameEnd(this.#join(chunk.subarray(0, MAX_PREFIX)), 0) ?? 0
    const taken = this.#wanted === 0 ? chunk.length : Math.min(chunk.length, this.#wanted - this.#keptBytes)
    this.#pieces.push(Buffer.from(chunk.subarray(0, taken)))
    this.#keptBytes += taken
    if (this.#keptBytes === this.#wanted) this.#handOut(sink)
    else if (this.#pieces.length >= MANY_PIECES) this.#kept.push(Buffer.concat(this.#pieces.splice(0)))
    return taken
  }

  #handOut(sink: FrameSink): void {
    const whole = this.#join()
    this.#kept = []
    this.#pieces = []
    this.#keptBytes = 0
    const end = this.#frameEnd(whole, 0)!
    sink(whole, this.#bodyStart, end, 0)
  }

  #join(...more: Buffer[]): Buffer {
    return Buffer.concat([...this.#kept, ...this.#pieces, ...more])
  }

  #keep(rest: Buffer): void {
    this.#wanted = this.#frameEnd(rest, 0) ?? 0
    this.#pieces = [Buffer.from(rest)]
    this.#keptBytes = rest.length
  }
}

const tooLong = (max: number): WireError =>
  new WireError(
    'frame-too-long',
    `a frame is longer than is allowed here (${max} bytes; after Init, max-message)`,
  )

/** Prefixes a body with its length. */
export function frame(body: Uint8Array): Buffer {
  const prefix = varintBytes(body.length)
  return Buffer.concat([prefix, body], prefix.length + body.length)
}

/** A length as a varint. */
export function varintBytes(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}
