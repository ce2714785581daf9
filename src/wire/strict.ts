// What protobufjs lets pass and Kapacitor's own decoder does not: endless varints, groups, texts that are not
// UTF-8. Data goes back as the bytes that came, so what Kapacitor would refuse there is refused here.
import { isUtf8 } from 'node:buffer'
import type protobuf from 'protobufjs'

const MAX_VARINT_BYTES = 10

/** Where the varint at `at`, of at most 64 bits, ends. Throws RangeError. */
export function varintEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let length = 1; at + length <= end; length++) {
    const byte = bytes[at + length - 1]!
    if (length === MAX_VARINT_BYTES && byte > 1) break
    if (byte < 0x80) return at + length
  }
  throw new RangeError('a varint of more than 64 bits, or one that is cut short')
}

/** Of a varint: so many hold what a double holds without loss. */
const EXACT_BYTES = 7

/** The signed integer of 64 bits at `at`, of which `varintEnd` has said that it ends. */
export function int64(bytes: Uint8Array, at: number): bigint {
  let low = 0
  let scale = 1
  for (let n = 0; n < EXACT_BYTES; n++) {
    const byte = bytes[at + n]!
    low += (byte & 0x7f) * scale
    if (byte < 0x80) return BigInt(low)
    scale *= 0x80
  }
  let high = 0
  for (let n = EXACT_BYTES, shift = 0; ; n++, shift += 7) {
    const byte = bytes[at + n]!
    high |= (byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asIntN(64, BigInt(low) + (BigInt(high) << BigInt(7 * EXACT_BYTES)))
  }
}

/** Steps over a varint of at most 64 bits. Throws RangeError. */
export function skipVarint(reader: protobuf.Reader): void {
  reader.pos = varintEnd(reader.buf, reader.pos, reader.len)
}

/** Steps over the rest of a member behind its tag. Throws Error. */
export function skipMember(reader: protobuf.Reader, tag: number): void {
  const wireType = tag & 7
  if (tag < 8) throw new RangeError('a member of number 0')
  if (wireType === 0) skipVarint(reader)
  else if (wireType === 3) throw new RangeError('a group')
  else reader.skipType(wireType)
}

/** Throws RangeError when the bytes are not UTF-8. */
export function checkText(bytes: Uint8Array, start: number, end: number): void {
  // Most texts are short and ASCII: a loop knows them sooner than a call into native code.
  let all = 0
  for (let at = start; at < end; at++) all |= bytes[at]!
  if (all > 0x7f && !isUtf8(bytes.subarray(start, end))) throw new RangeError('a text is not UTF-8')
}
