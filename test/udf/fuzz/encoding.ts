// Protobuf by hand, so that anything can be written: members twice, out of order, of wrong types, or cut short.
import { frame } from '../../../src/wire/frame.ts'

export const varint = (value: bigint | number): Buffer => {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

export const WireType = { varint: 0, fixed64: 1, bytes: 2, group: 3, endGroup: 4, fixed32: 5 } as const

export const tag = (number: number, wireType: number): Buffer =>
  varint((BigInt(number) << 3n) | BigInt(wireType))

/** A member of a length: a text, bytes, or a message. */
export function member(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string)
  return Buffer.concat([tag(number, WireType.bytes), varint(bytes.length), bytes])
}

export const intMember = (number: number, value: bigint | number): Buffer =>
  Buffer.concat([tag(number, WireType.varint), varint(value)])

export function doubleMember(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([tag(number, WireType.fixed64), bytes])
}

/** Numbers of the members of Request and Response. */
export const Kind = {
  info: 1,
  init: 2,
  keepalive: 3,
  snapshot: 4,
  restore: 5,
  error: 6,
  begin: 16,
  point: 17,
  end: 18,
} as const
export type KindName = keyof typeof Kind

/** A frame with one message in it, and whatever stands beside it. */
export const framed = (kind: KindName, message: Buffer, beside: Buffer = Buffer.alloc(0)): Buffer =>
  frame(Buffer.concat([member(Kind[kind], message), beside]))
