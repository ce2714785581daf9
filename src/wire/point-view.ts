// The partial decoder: one pass over a Point notes where everything lies, and makes no string and no object.
// Values are read when asked for. It holds one point at a time; the bytes must outlive its use.
import protobuf from 'protobufjs'
import { checkText, skipMember, skipVarint } from './strict.ts'
import { WireError } from './wire-error.ts'

/** DOUBLE is number, INT is bigint. */
export type PointValue = number | bigint | string | boolean

// Numbers of the fields of Point, in Kapacitor's udf protocol.
const TIME = 1
const NAME = 2
const DATABASE = 3
const RETENTION_POLICY = 4
const GROUP = 5
const DIMENSION = 6
const TAG = 7
const DOUBLE = 8
const INT = 9
const STRING = 10
const BY_NAME = 11
const BOOL = 12

// Where a field exists in two types, Kapacitor keeps bool over double over int over string.
const RANK: Readonly<Record<number, number>> = { [STRING]: 1, [INT]: 2, [DOUBLE]: 3, [BOOL]: 4 }

/** Ints per map entry in the index: kind, start and end of the key, start and end of the value. */
const ENTRY = 5
/** Entries for which room is kept from one point to the next; a point may bring more. */
const KEPT_ENTRIES = 4096
/** Names that are kept as keys: those of a script, not all that points bring. */
const KEPT_KEYS = 1000

/** A name to look up, as text and as the bytes it has on the wire. */
export class Key {
  readonly text: string
  readonly bytes: Buffer

  constructor(text: string) {
    this.text = text
    this.bytes = Buffer.from(text)
  }
}

export class PointView {
  readonly #reader = protobuf.Reader.create(Buffer.alloc(0)) as protobuf.Reader
  readonly #keys = new Map<string, Key>()
  #bytes: Buffer = Buffer.alloc(0)
  #entries = new Int32Array(64 * ENTRY)
  #used = 0
  #dimensions: number[] = []
  #timeAt = -1
  #name = 0
  #nameEnd = 0
  #database = 0
  #databaseEnd = 0
  #byName = false

  /** Points this view at the Point in `bytes[start, end)`. Throws WireError. */
  read(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes
    this.#used = 0
    if (this.#entries.length > KEPT_ENTRIES * ENTRY) this.#entries = new Int32Array(64 * ENTRY)
    this.#dimensions.length = 0
    this.#timeAt = -1
    this.#name = this.#nameEnd = this.#database = this.#databaseEnd = 0
    this.#byName = false
    const reader = this.#reader
    reader.buf = bytes
    reader.pos = start
    reader.len = end
    try {
      while (reader.pos < end) this.#readMember(reader, reader.tag())
    } catch (cause) {
      throw new WireError('bad-message', 'a point from Kapacitor cannot be decoded', { cause })
    }
    return this
  }

  #readMember(reader: protobuf.Reader, tag: number): void {
    const wireType = tag & 7
    const number = tag >>> 3
    if (wireType === 2 && number >= NAME && number <= BOOL && number !== BY_NAME) {
      const length = reader.size()
      const start = reader.pos
      reader.skip(length)
      this.#noteBytes(reader, number, start, start + length)
    } else if (wireType === 0 && number === TIME) {
      this.#timeAt = reader.pos
      skipVarint(reader)
    } else if (wireType === 0 && number === BY_NAME) this.#readByName(reader)
    else if (isOurs(number)) throw new RangeError(`field ${number} of a point has wire type ${wireType}`)
    else skipMember(reader, tag)
  }

  #readByName(reader: protobuf.Reader): void {
    const at = reader.pos
    skipVarint(reader)
    reader.pos = at
    this.#byName = reader.bool()
  }

  #noteBytes(reader: protobuf.Reader, number: number, start: number, end: number): void {
    if (number >= TAG) {
      this.#noteEntry(reader, number, start, end)
      return
    }
    checkText(this.#bytes, start, end)
    if (number === NAME) [this.#name, this.#nameEnd] = [start, end]
    else if (number === DATABASE) [this.#database, this.#databaseEnd] = [start, end]
    else if (number === DIMENSION) this.#dimensions.push(start, end)
    else if (number !== GROUP && number !== RETENTION_POLICY) throw new RangeError(`field ${number}`)
  }

  /** A map entry is a message of its own: 1 is the key, 2 the value, either may be absent (then empty, or zero). */
  #noteEntry(reader: protobuf.Reader, kind: number, start: number, end: number): void {
    const after = reader.pos
    let keyStart = 0
    let keyEnd = 0
    let valueStart = 0
    let valueEnd = 0
    const length = reader.len
    reader.pos = start
    reader.len = end
    while (reader.pos < end) {
      const tag = reader.tag()
      if (tag === 10) {
        const size = reader.size()
        keyStart = reader.pos
        reader.skip(size)
        keyEnd = reader.pos
        checkText(this.#bytes, keyStart, keyEnd)
      } else if (tag >>> 3 === 2) {
        checkWireType(kind, tag & 7)
        const size = kind === TAG || kind === STRING ? reader.size() : 0
        valueStart = reader.pos
        if (kind === TAG || kind === STRING) reader.skip(size)
        else skipMember(reader, tag)
        valueEnd = reader.pos
        if (kind === TAG || kind === STRING) checkText(this.#bytes, valueStart, valueEnd)
      } else if (tag >>> 3 === 1) throw new RangeError('the key of a map entry is no string')
      else skipMember(reader, tag)
    }
    reader.pos = after
    reader.len = length
    this.#push(kind, keyStart, keyEnd, valueStart, valueEnd)
  }

  #push(kind: number, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    if (this.#used + ENTRY > this.#entries.length) {
      const larger = new Int32Array(this.#entries.length * 2)
      larger.set(this.#entries)
      this.#entries = larger
    }
    const entries = this.#entries
    let at = this.#used
    entries[at++] = kind
    entries[at++] = keyStart
    entries[at++] = keyEnd
    entries[at++] = valueStart
    entries[at++] = valueEnd
    this.#used = at
  }

  /** Nanoseconds since the epoch. */
  get time(): bigint {
    return this.#timeAt < 0 ? 0n : this.#int64(this.#timeAt)
  }

  get name(): string {
    return this.#text(this.#name, this.#nameEnd)
  }

  get database(): string {
    return this.#text(this.#database, this.#databaseEnd)
  }

  get byName(): boolean {
    return this.#byName
  }

  /** Names of the tags that the point is grouped by, in Kapacitor's order. Empty inside a batch. */
  get dimensions(): string[] {
    const names: string[] = []
    for (let at = 0; at < this.#dimensions.length; at += 2)
      names.push(this.#text(this.#dimensions[at]!, this.#dimensions[at + 1]!))
    return names
  }

  tag(name: string | Key): string | undefined {
    const at = this.#find(typeof name === 'string' ? this.#key(name) : name, true)
    return at < 0 ? undefined : (this.#value(at) as string)
  }

  field(name: string | Key): PointValue | undefined {
    const at = this.#find(typeof name === 'string' ? this.#key(name) : name, false)
    return at < 0 ? undefined : this.#value(at)
  }

  /** All tags; of a duplicated key the last counts. */
  tags(): Map<string, string> {
    const tags = new Map<string, string>()
    for (let at = 0; at < this.#used; at += ENTRY)
      if (this.#entries[at] === TAG) tags.set(this.#keyText(at), this.#value(at) as string)
    return tags
  }

  /** All fields, by Kapacitor's precedence where a name exists in two types. */
  fields(): Map<string, PointValue> {
    const ranks = new Map<string, number>()
    const fields = new Map<string, PointValue>()
    for (let at = 0; at < this.#used; at += ENTRY) {
      const rank = RANK[this.#entries[at]!]
      if (rank === undefined) continue
      const name = this.#keyText(at)
      if (rank < (ranks.get(name) ?? 0)) continue
      ranks.set(name, rank)
      fields.set(name, this.#value(at))
    }
    return fields
  }

  #key(name: string): Key {
    const known = this.#keys.get(name)
    if (known) return known
    const key = new Key(name)
    if (this.#keys.size < KEPT_KEYS) this.#keys.set(name, key)
    return key
  }

  /** Offset of the entry that counts in the index, or -1. */
  #find(key: Key, tag: boolean): number {
    let found = -1
    let best = 0
    for (let at = 0; at < this.#used; at += ENTRY) {
      const kind = this.#entries[at]!
      if ((kind === TAG) !== tag || !this.#keyIs(at, key.bytes)) continue
      const rank = RANK[kind] ?? 0
      if (rank < best) continue
      best = rank
      found = at
    }
    return found
  }

  #keyIs(at: number, wanted: Buffer): boolean {
    const start = this.#entries[at + 1]!
    if (this.#entries[at + 2]! - start !== wanted.length) return false
    const bytes = this.#bytes
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false
    return true
  }

  #value(at: number): PointValue {
    const kind = this.#entries[at]!
    const start = this.#entries[at + 3]!
    const end = this.#entries[at + 4]!
    if (kind === TAG || kind === STRING) return this.#text(start, end)
    if (start === end) return kind === DOUBLE ? 0 : kind === INT ? 0n : false
    if (kind === DOUBLE) return this.#bytes.readDoubleLE(start)
    return kind === INT ? this.#int64(start) : this.#int64(start) !== 0n
  }

  #int64(at: number): bigint {
    const reader = this.#reader
    reader.buf = this.#bytes
    reader.pos = at
    reader.len = this.#bytes.length
    return BigInt(String(reader.int64()))
  }

  #keyText(at: number): string {
    return this.#text(this.#entries[at + 1]!, this.#entries[at + 2]!)
  }

  #text(start: number, end: number): string {
    return start === end ? '' : this.#bytes.toString('utf8', start, end)
  }
}

const isOurs = (number: number): boolean => number >= TIME && number <= BOOL

const WIRE_TYPE_OF_VALUE: Readonly<Record<number, number>> = {
  [TAG]: 2,
  [STRING]: 2,
  [DOUBLE]: 1,
  [INT]: 0,
  [BOOL]: 0,
}

function checkWireType(kind: number, wireType: number): void {
  if (WIRE_TYPE_OF_VALUE[kind] !== wireType)
    throw new RangeError(`the value in map ${kind} of a point has wire type ${wireType}`)
}
