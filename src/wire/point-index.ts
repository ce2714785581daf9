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
const DOUBLE_BYTES = 8
/** The highest bit of each of four bytes. */
const NOT_ASCII = 0x80808080 | 0

/** What does not begin with the tag of a text, or of an entry of a map, and a length of one byte. */
const STRANGE = 0
/** The number of such a field by its tag. */
const SHORT = new Uint8Array(256)
for (const kind of [NAME, DATABASE, RETENTION_POLICY, GROUP, DIMENSION, TAG, DOUBLE, INT, STRING, BOOL])
  SHORT[(kind << 3) | 2] = kind

/** The tag of the value in an entry, by the number of its map. */
const VALUE_TAG = new Uint8Array(BOOL + 1)

export class PointIndex {
  entries = new Int32Array(64 * ENTRY)
  /** Ints of `entries` that are in use. */
  used = 0
  /** Start and end of each. */
  dimensions = new Int32Array(16)
  /** Ints of `dimensions` that are in use. */
  dimensionsUsed = 0
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
    // Between two texts lie tags and lengths, ASCII both: texts that lie side by side are checked in one go.
    let unchecked = start
    for (let at = start; at < end; ) {
      const length = bytes[at + 1]!
      const from = at + 2
      const to = from + length
      const number = length < 0x80 && to <= end ? SHORT[bytes[at]!]! : STRANGE
      if (number >= TAG) {
        const key = from + 2
        const keyEnd = key + bytes[from + 1]!
        const isText = number === TAG || number === STRING
        const value = isText ? keyEnd + 2 : keyEnd + 1
        const isPlain = bytes[from] === KEY_TAG && value <= to && bytes[keyEnd] === VALUE_TAG[number]
        if (isPlain && valueEnd(bytes, number, value, to) === to) {
          if (!isText) {
            this.#checkText(unchecked, keyEnd)
            unchecked = to
          }
          this.#push(number, key, keyEnd, value, to)
          at = to
          continue
        }
      } else if (number !== STRANGE) {
        this.#text(number, from, to)
        at = to
        continue
      }
      this.#checkText(unchecked, at)
      at = bytes[at] === TIME_TAG ? this.#time(bytes, at + 1, end) : this.#strangeMember(bytes, at, end)
      unchecked = at
    }
    this.#checkText(unchecked, end)
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
      if (start < end) checkText(this.#bytes, start, end)
      return
    }
    let high = words.getInt32(last, true)
    for (let at = start; at < last; at += 4) high |= words.getInt32(at, true)
    if ((high & NOT_ASCII) !== 0) checkText(this.#bytes, start, end)
  }

  #reset(): void {
    if (this.entries.length > KEPT_ENTRIES * ENTRY) this.entries = new Int32Array(64 * ENTRY)
    this.used = 0
    this.dimensionsUsed = 0
    this.timeAt = -1
    this.name = this.nameEnd = this.database = this.databaseEnd = 0
    this.byName = false
  }

  #time(bytes: Buffer, at: number, end: number): number {
    this.timeAt = at
    return varintEnd(bytes, at, end)
  }

  #text(number: number, start: number, end: number): void {
    if (number === NAME) {
      this.name = start
      this.nameEnd = end
    } else if (number === DATABASE) {
      this.database = start
      this.databaseEnd = end
    } else if (number === DIMENSION) this.#pushDimension(start, end)
  }

  #pushDimension(start: number, end: number): void {
    if (this.dimensionsUsed + 2 > this.dimensions.length) this.dimensions = doubled(this.dimensions)
    this.dimensions[this.dimensionsUsed++] = start
    this.dimensions[this.dimensionsUsed++] = end
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
    if (this.used + ENTRY > this.entries.length) this.entries = doubled(this.entries)
    const { entries } = this
    let at = this.used
    entries[at++] = kind
    entries[at++] = keyStart
    entries[at++] = keyEnd
    entries[at++] = valueStart
    entries[at++] = valueEnd
    this.used = at
  }
}

function doubled(ints: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(ints.length * 2)
  larger.set(ints)
  return larger
}

const WIRE_TYPE_OF_VALUE: Readonly<Record<number, number>> = {
  [TAG]: 2,
  [STRING]: 2,
  [DOUBLE]: 1,
  [INT]: 0,
  [BOOL]: 0,
}
for (const [kind, wireType] of Object.entries(WIRE_TYPE_OF_VALUE))
  VALUE_TAG[Number(kind)] = (2 << 3) | wireType

/** Where the value of an entry ends that begins at `value`. Throws RangeError. */
function valueEnd(bytes: Buffer, number: number, value: number, end: number): number {
  if (number === TAG || number === STRING) return value + bytes[value - 1]!
  return number === DOUBLE ? value + DOUBLE_BYTES : varintEnd(bytes, value, end)
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
