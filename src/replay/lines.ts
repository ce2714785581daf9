// Finds lines in bytes that come piece by piece, of a file of any size: no more is kept than the line at hand and the
// piece it ends in. A line may be joined with the next, since a text in it may hold a newline. Pure.

const NEWLINE = 0x0a
const RETURN = 0x0d
/** Lines that one text may go over. */
const MOST_JOINED = 1000

export class TooLongLine extends Error {}

export class Lines {
  /** The line at hand is `bytes[start, end)`: without its newline, and a carriage return in front of that. */
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  /** Of its first line, from 1. */
  number = 0
  readonly #longest: number
  #next = 0
  #joined = 0
  #firstEnd = 0
  #pieces: Buffer[] = []
  #pieceBytes = 0
  #isOver = false

  /** @param longest bytes of the longest line. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** Throws TooLongLine. */
  feed(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#pieceBytes += piece.length
    if (piece.includes(NEWLINE)) this.#gather()
    else if (this.#pieceBytes + this.bytes.length - this.#next > this.#longest)
      throw new TooLongLine(`line ${this.number + 1} is longer than ${this.#longest} bytes`)
  }

  /** No more bytes come: what is left is a line too. */
  finish(): void {
    this.#gather()
    this.#isOver = true
  }

  /** Goes to the next line. False: it has not come whole, or there is none. */
  next(): boolean {
    const end = this.#endFrom(this.#next)
    if (end === undefined) return false
    this.number += 1 + this.#joined
    this.#joined = 0
    this.start = this.#next
    this.#takeUpTo(end)
    this.#firstEnd = end
    return true
  }

  /**
   * Takes the next line to the one at hand. later: it has not come yet, and `next` finds the same line again when it has.
   * never: there is none, or too much was taken, and the first line stands alone.
   */
  join(): 'joined' | 'later' | 'never' {
    const mayGrow = this.#joined < MOST_JOINED && this.end - this.start < this.#longest
    const end = mayGrow ? this.#endFrom(this.#next) : undefined
    if (end !== undefined) {
      this.#joined++
      this.#takeUpTo(end)
      return 'joined'
    }
    this.#joined = 0
    if (mayGrow && !this.#isOver) {
      this.#next = this.start
      this.number--
      return 'later'
    }
    this.#takeUpTo(this.#firstEnd)
    return 'never'
  }

  #takeUpTo(end: number): void {
    this.#next = end + 1
    this.end = end > this.start && this.bytes[end - 1] === RETURN ? end - 1 : end
  }

  #endFrom(from: number): number | undefined {
    const newline = this.bytes.indexOf(NEWLINE, from)
    if (newline >= 0) return newline
    return this.#isOver && from < this.bytes.length ? this.bytes.length : undefined
  }

  #gather(): void {
    const rest = this.bytes.subarray(this.#next)
    const [only] = this.#pieces
    this.bytes =
      rest.length === 0 && this.#pieces.length === 1 && only ? only : Buffer.concat([rest, ...this.#pieces])
    this.#pieces = []
    this.#pieceBytes = 0
    this.#next = 0
    this.start = 0
  }
}
