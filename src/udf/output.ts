// What goes back to Kapacitor, in order: answers at once, data when what it promises is durable. It decides
// nothing about the content, and writes whole frames only.

/** The writing half of a connection. */
export interface Sink {
  /** The bytes may lie in the chunk that is being read. */
  write(bytes: Buffer): void
}

/** What to do with data whose commit failed for good. */
export type Otherwise = 'drop' | 'write'

interface Held {
  readonly bytes: Buffer
  ready: boolean
}

export class Output {
  readonly #sink: Sink
  #held: Held[] = []
  #heldBytes = 0
  #whenEmpty: (() => void)[] = []

  constructor(sink: Sink) {
    this.#sink = sink
  }

  /** Bytes that wait for a commit. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** An answer: it overtakes data that is held. */
  answer(frame: Buffer): void {
    this.#sink.write(frame)
  }

  /**
   * Data, written after all data before it, and once `ready` resolves; undefined: ready now. What has to wait is
   * copied: the bytes may lie in a chunk that is gone by then.
   */
  data(bytes: readonly Buffer[], ready: Promise<unknown> | undefined, otherwise: Otherwise): void {
    if (bytes.length === 0) return
    if (!ready && this.#held.length === 0) {
      for (const part of bytes) this.#sink.write(part)
      return
    }
    const held: Held = { bytes: Buffer.concat(bytes), ready: !ready }
    this.#held.push(held)
    this.#heldBytes += held.bytes.length
    ready?.then(
      () => this.#release(held),
      () => (otherwise === 'write' ? this.#release(held) : this.#forget(held)),
    )
  }

  /** Resolves when nothing is held any more. */
  empty(): Promise<void> {
    if (this.#held.length === 0) return Promise.resolve()
    return new Promise(resolve => this.#whenEmpty.push(resolve))
  }

  /** Gives up what is held and returns its size in bytes: it was promised to nobody yet. */
  abandon(): number {
    const bytes = this.#heldBytes
    this.#held = []
    this.#heldBytes = 0
    this.#flush()
    return bytes
  }

  #release(held: Held): void {
    held.ready = true
    this.#flush()
  }

  #forget(held: Held): void {
    if (!this.#held.includes(held)) return
    this.#held = this.#held.filter(other => other !== held)
    this.#heldBytes -= held.bytes.length
    this.#flush()
  }

  #flush(): void {
    let written = 0
    for (const held of this.#held) {
      if (!held.ready) break
      this.#sink.write(held.bytes)
      this.#heldBytes -= held.bytes.length
      written++
    }
    this.#held.splice(0, written)
    if (this.#held.length > 0) return
    for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }
}
