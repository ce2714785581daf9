// Adds tags and fields to a data message without decoding it: protobuf lets a map's entries stand anywhere,
// so they are appended to the body as it came, and only the lengths in front are written anew.
import protobuf from 'protobufjs'
import { frame, varintBytes } from './frame.ts'
import { RequestKind } from './messages.ts'

/** What is appended. Integers are int64. */
export interface Additions {
  readonly tags?: ReadonlyMap<string, string>
  readonly strings?: ReadonlyMap<string, string>
  readonly ints?: ReadonlyMap<string, bigint>
}

export type DataKind = typeof RequestKind.begin | typeof RequestKind.point | typeof RequestKind.end

// Numbers of the maps of tags in each data message; those of fields are in Point alone.
const TAGS: Readonly<Record<DataKind, number>> = {
  [RequestKind.begin]: 3,
  [RequestKind.point]: 7,
  [RequestKind.end]: 4,
}
const FIELDS_INT = 9
const FIELDS_STRING = 10

/** A whole frame: the message with the additions. Begin and End take tags only. */
export function annotated(kind: DataKind, message: Uint8Array, additions: Additions): Buffer {
  const writer = new protobuf.Writer()
  for (const [name, value] of additions.tags ?? []) stringEntry(writer, TAGS[kind], name, value)
  if (kind === RequestKind.point) {
    for (const [name, value] of additions.strings ?? []) stringEntry(writer, FIELDS_STRING, name, value)
    for (const [name, value] of additions.ints ?? []) intEntry(writer, FIELDS_INT, name, value)
  }
  const appended = writer.finish()
  const length = message.length + appended.length
  return frame(Buffer.concat([varintBytes((kind << 3) | 2), varintBytes(length), message, appended]))
}

function stringEntry(writer: protobuf.Writer, map: number, name: string, value: string): void {
  writer.uint32((map << 3) | 2).fork()
  writer.uint32(10).string(name).uint32(18).string(value)
  writer.ldelim()
}

function intEntry(writer: protobuf.Writer, map: number, name: string, value: bigint): void {
  writer.uint32((map << 3) | 2).fork()
  writer
    .uint32(10)
    .string(name)
    .uint32(16)
    .int64(String(value) as unknown as number)
  writer.ldelim()
}
