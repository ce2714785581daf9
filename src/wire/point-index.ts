// One pass over the bytes of a Point notes where everything lies, and makes no string and no object. What every
// Kapacitor sends is taken by the byte; anything stranger goes through protobufjs's Reader, with the same result.
import protobuf from 'protobufjs'
import { checkText, skipMember, skipVarint, varintEnd } from './strict.ts'

// Numbers of the fields of Point, in Kapacitor's udf protocol.
export const TIME = 1
export const NAME = 2
export const DATABASE = 3
export const RETENTION_POLICY = 4
export const GROUP = 5
export const DIMENSION = 6
export const TAG = 7
export const DOUBLE = 8
export const INT = 9
export const STRING = 10
export const BY_NAME = 11
export const BOOL = 12

/** Ints per map entry: kind, start and end of the key, start and end of the value. */
export const ENTRY = 5
/** Entries for which room is kept from one point to the next; a point may bring more. */
const KEPT_ENTRIES = 4096

// Tags as they stand in the bytes: number and wire type.
const TIME_TAG = (TIME << 3) | 0
const BY_NAME_TAG = (BY_NAME << 3) | 0
const KEY_TAG = 0x0a
const TEXT_VALUE_TAG = 0x12
const VARINT_VALUE_TAG = 0x10
const DOUBLE_VALUE_TAG = 0x11
const DOUBLE_BYTES = 8
/** The highest bit of each of four bytes. */
const NOT_ASCII = 0x80808080 | 0

export class PointIndex {
  entries = new Int32Array(64 * ENTRY)
  /** Ints of `entries` that are in use. */
  used = 0
  /** Start and end of each. */
  readonly dimensions: number[] = []
  /** Where the varint of the time begins; -1 without one. */
  timeAt = -1
  name = 0
  nameEnd = 0
  database = 0
  databaseEnd = 0
  byName = false
  readonly #reader = protobuf.Reader.create(Buffer.alloc(0)) as protobuf.Reader
  #bytes: Buffer = Buffer.alloc(0)
  /** The same bytes, for reading four at once. */
  #words: DataView = new DataView(new ArrayBuffer(0))

  /** Throws Error where the Point in `bytes[start, end)` is none that Kapacitor's own decoder would take. */
  scan(bytes: Buffer, start: number, end: number): void {
    if (bytes !== this.#bytes) this.#look(bytes)
    this.#reset()
    let at = start
    while (at < end) {
      const tag = bytes[at]!
      const length = bytes[at + 1]!
      const from = at + 2
      // Of wire type 2, with a length of one byte, and whole.
      if ((tag & 0x87) === 2 && length < 0x80 && from + length <= end) {
        const number = tag >>> 3
        if (number >= TAG && number !== BY_NAME && number <= BOOL)
          this.#entry(bytes, number, from, from + length)
        else if (number >= NAME && number <= DIMENSION) this.#text(number, from, from + length)
        else if (number === 0 || number <= BOOL) throw new RangeError(`field ${number} of a point is no text`)
        at = from + length
      } else if (tag === TIME_TAG) {
        this.timeAt = at + 1
        at = varintEnd(bytes, at + 1, end)
      } else at = this.#strangeMember(bytes, at, end)
    }
  }

  #look(bytes: Buffer): void {
    this.#bytes = bytes
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Throws RangeError when the bytes are not UTF-8. Nearly all are ASCII, and that is soon seen. */
  #checkText(start: number, end: number): void {
    const words = this.#words
    const last = end - 4
    if (last < start) {
      checkText(this.#bytes, start, end)
      return
    }
    let high = words.getInt32(last, true)
    for (let at = start; at < last; at += 4) high |= words.getInt32(at, true)
    if ((high & NOT_ASCII) !== 0) checkText(this.#bytes, start, end)
  }

  #reset(): void {
    if (this.entries.length > KEPT_ENTRIES * ENTRY) this.entries = new Int32Array(64 * ENTRY)
    this.used = 0
    this.dimensions.length = 0
    this.timeAt = -1
    this.name = this.nameEnd = this.database = this.databaseEnd = 0
    this.byName = false
  }

  #text(number: number, start: number, end: number): void {
    this.#checkText(start, end)
    if (number === NAME) {
      this.name = start
      this.nameEnd = end
    } else if (number === DATABASE) {
      this.database = start
      this.databaseEnd = end
    } else if (number === DIMENSION) this.dimensions.push(start, end)
  }

  /** As every encoder writes it: the key, the value, each with a length of one byte, and nothing else. */
  #entry(bytes: Buffer, kind: number, start: number, end: number): void {
    const key = start + 2
    const keyEnd = key + bytes[start + 1]!
    if (bytes[start] === KEY_TAG && keyEnd < end && keyEnd - key < 0x80) {
      const value = keyEnd + 1
      const valueTag = bytes[keyEnd]!
      if (kind === TAG || kind === STRING) {
        if (valueTag === TEXT_VALUE_TAG && bytes[value]! < 0x80 && value + 1 + bytes[value]! === end) {
          // Tags and lengths are below 0x80 as well.
          this.#checkText(key, end)
          this.#push(kind, key, keyEnd, value + 1, end)
          return
        }
      } else if (isNumber(bytes, kind, valueTag, value, end)) {
        this.#checkText(key, keyEnd)
        this.#push(kind, key, keyEnd, value, end)
        return
      }
    }
    this.#strangeEntry(bytes, kind, start, end)
  }

  /** A map entry is a message of its own: 1 is the key, 2 the value, either may be absent (then empty, or zero). */
  #strangeEntry(bytes: Buffer, kind: number, start: number, end: number): void {
    const isText = kind === TAG || kind === STRING
    const reader = this.#readerAt(bytes, start, end)
    const key = { start: 0, end: 0 }
    const value = { start: 0, end: 0 }
    while (reader.pos < end) {
      const tag = reader.tag()
      if (tag === KEY_TAG) spanOf(reader, bytes, key)
      else if (tag >>> 3 === 1) throw new RangeError('the key of a map entry is no string')
      else if (tag >>> 3 !== 2) skipMember(reader, tag)
      else if ((tag & 7) !== WIRE_TYPE_OF_VALUE[kind])
        throw new RangeError(`the value in map ${kind} of a point has wire type ${tag & 7}`)
      else if (isText) spanOf(reader, bytes, value)
      else {
        value.start = reader.pos
        skipMember(reader, tag)
        value.end = reader.pos
      }
    }
    this.#push(kind, key.start, key.end, value.start, value.end)
  }

  /** Anything that is not as usual. Returns where it ends. */
  #strangeMember(bytes: Buffer, at: number, end: number): number {
    const reader = this.#readerAt(bytes, at, end)
    const tag = reader.tag()
    const number = tag >>> 3
    if ((tag & 7) === 2 && number >= NAME && number <= BOOL && number !== BY_NAME) {
      const length = reader.size()
      const start = reader.pos
      reader.skip(length)
      if (number >= TAG) this.#strangeEntry(bytes, number, start, start + length)
      else this.#text(number, start, start + length)
      return start + length
    }
    if (tag === BY_NAME_TAG) this.byName = readBool(reader)
    else if (number >= TIME && number <= BOOL)
      throw new RangeError(`field ${number} of a point has wire type ${tag & 7}`)
    else skipMember(reader, tag)
    return reader.pos
  }

  #readerAt(bytes: Buffer, at: number, end: number): protobuf.Reader {
    const reader = this.#reader
    reader.buf = bytes
    reader.pos = at
    reader.len = end
    return reader
  }

  #push(kind: number, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    if (this.used + ENTRY > this.entries.length) this.#grow()
    const { entries } = this
    let at = this.used
    entries[at++] = kind
    entries[at++] = keyStart
    entries[at++] = keyEnd
    entries[at++] = valueStart
    entries[at++] = valueEnd
    this.used = at
  }

  #grow(): void {
    const larger = new Int32Array(this.entries.length * 2)
    larger.set(this.entries)
    this.entries = larger
  }
}

const WIRE_TYPE_OF_VALUE: Readonly<Record<number, number>> = {
  [TAG]: 2,
  [STRING]: 2,
  [DOUBLE]: 1,
  [INT]: 0,
  [BOOL]: 0,
}

/** Whether the bytes from `value` on are one number of the kind, and nothing else. */
function isNumber(bytes: Buffer, kind: number, tag: number, value: number, end: number): boolean {
  if (kind === DOUBLE) return tag === DOUBLE_VALUE_TAG && end - value === DOUBLE_BYTES
  return tag === VARINT_VALUE_TAG && value < end && varintEnd(bytes, value, end) === end
}

function spanOf(reader: protobuf.Reader, bytes: Buffer, span: { start: number; end: number }): void {
  const length = reader.size()
  span.start = reader.pos
  reader.skip(length)
  span.end = reader.pos
  checkText(bytes, span.start, span.end)
}

function readBool(reader: protobuf.Reader): boolean {
  const at = reader.pos
  skipVarint(reader)
  const after = reader.pos
  reader.pos = at
  const value = reader.bool()
  reader.pos = after
  return value
}
