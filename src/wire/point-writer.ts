// Writes points as Kapacitor does, many into one piece of bytes. What points of one series have in common is encoded
// once, by the caller's leave; per point only fields and time are.
import protobuf from 'protobufjs'
import type { PointValue } from './point-view.ts'

export type Field = readonly [name: string, value: PointValue]

/** All of a point but its fields and its time. In a batch only group and tags are set. */
export interface PointHead {
  readonly name?: string
  readonly database?: string
  readonly retentionPolicy?: string
  readonly group: string
  readonly dimensions?: readonly string[]
  readonly byName?: boolean
  readonly tags: readonly (readonly [name: string, value: string])[]
}

/** A point's members, to stand in front of its fields. */
export function encodeHead(head: PointHead): Uint8Array {
  const writer = new protobuf.Writer()
  text(writer, NUMBER.name, head.name)
  text(writer, NUMBER.database, head.database)
  text(writer, NUMBER.retentionPolicy, head.retentionPolicy)
  text(writer, NUMBER.group, head.group)
  for (const dimension of head.dimensions ?? []) writer.uint32(lengthed(NUMBER.dimensions)).string(dimension)
  for (const [name, value] of head.tags)
    entry(writer, NUMBER.tags, name).uint32(lengthed(2)).string(value).ldelim()
  if (head.byName) writer.uint32(varint(NUMBER.byName)).bool(true)
  return writer.finish()
}

/** Of Point, and of the oneof of Request. */
const NUMBER = {
  time: 1,
  name: 2,
  database: 3,
  retentionPolicy: 4,
  group: 5,
  dimensions: 6,
  tags: 7,
  fieldsDouble: 8,
  fieldsInt: 9,
  fieldsString: 10,
  byName: 11,
  fieldsBool: 12,
}
const POINT = 17

/** Room for a frame's length, the number of its message, and that message's length. */
const MOST_PREFIX = 12

export class PointWriter {
  readonly #fields = new protobuf.Writer()
  #bytes: Buffer
  #used = 0

  /** @param room bytes to begin with. */
  constructor(room = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafe(room)
  }

  /** Bytes that wait to be taken. */
  get size(): number {
    return this.#used
  }

  /** @param time nanoseconds since the epoch. */
  point(head: Uint8Array, time: bigint, fields: readonly Field[]): void {
    const writer = this.#fields.reset()
    for (const [name, value] of fields) field(writer, name, value)
    if (time !== 0n) writer.uint32(varint(NUMBER.time)).int64(halves(time) as unknown as number)
    this.#frame(head, writer.finish(true))
  }

  /** A whole frame that was made elsewhere. */
  frame(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#used)
    this.#used += bytes.length
  }

  /** All that was written since the last call, in order. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#used)
    // A socket may hold on to them.
    this.#bytes = Buffer.allocUnsafe(Math.max(64 * 1024, this.#used))
    this.#used = 0
    return taken
  }

  #frame(head: Uint8Array, rest: Uint8Array): void {
    const length = head.length + rest.length
    this.#reserve(length + MOST_PREFIX)
    // The number of the member and its wire type take two bytes.
    this.#varint(2 + lengthBytes(length) + length)
    this.#varint(lengthed(POINT))
    this.#varint(length)
    this.#bytes.set(head, this.#used)
    this.#bytes.set(rest, this.#used + head.length)
    this.#used += length
  }

  #varint(value: number): void {
    const bytes = this.#bytes
    let rest = value
    while (rest > 0x7f) {
      bytes[this.#used++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[this.#used++] = rest
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#used + more))
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }
}

const varint = (number: number): number => number << 3
const fixed64 = (number: number): number => (number << 3) | 1
const lengthed = (number: number): number => (number << 3) | 2

function lengthBytes(length: number): number {
  let bytes = 1
  for (let rest = length; rest > 0x7f; rest >>>= 7) bytes++
  return bytes
}

function text(writer: protobuf.Writer, number: number, value = ''): void {
  if (value !== '') writer.uint32(lengthed(number)).string(value)
}

/** Begins an entry of a map; its value is to be written, and the entry to be ended by `ldelim`. */
const entry = (writer: protobuf.Writer, number: number, name: string): protobuf.Writer =>
  writer.uint32(lengthed(number)).fork().uint32(lengthed(1)).string(name)

function field(writer: protobuf.Writer, name: string, value: PointValue): void {
  if (typeof value === 'number')
    entry(writer, NUMBER.fieldsDouble, name).uint32(fixed64(2)).double(value).ldelim()
  else if (typeof value === 'bigint')
    entry(writer, NUMBER.fieldsInt, name)
      .uint32(varint(2))
      .int64(halves(value) as unknown as number)
      .ldelim()
  else if (typeof value === 'string')
    entry(writer, NUMBER.fieldsString, name).uint32(lengthed(2)).string(value).ldelim()
  else entry(writer, NUMBER.fieldsBool, name).uint32(varint(2)).bool(value).ldelim()
}

/** As protobufjs takes 64 bits. */
const halves = (value: bigint): { readonly low: number; readonly high: number } => ({
  low: Number(value & 0xffff_ffffn) | 0,
  high: Number((value >> 32n) & 0xffff_ffffn) | 0,
})
