// Answers read as Kapacitor's own decoder reads them, and refused where it would refuse or panic: lengths and
// varints by the byte, UTF-8 to the letter, one known member in each answer, batches in order, nothing after an
// error. It trusts no library with the bytes.
import protobuf from 'protobufjs'
import { ResponseType } from '../../fakes/udf-types.ts'
import type { KindName } from './encoding.ts'

export interface Answer {
  readonly kind: KindName
  readonly frame: Buffer
  /** Inside the answer's one member. */
  readonly message: Buffer
}

/** Points for which Kapacitor makes room at a Begin before it has seen one. */
const LARGEST_BATCH = 100_000_000n
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** A reader of one message's bytes. Throws Error on what Kapacitor would not take. */
class Strict {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length
  }

  get at(): number {
    return this.#at
  }

  varint(): bigint {
    let value = 0n
    for (let length = 0; length < 10; length++) {
      const byte = this.take(1)[0]!
      if (length === 9 && byte > 1) break
      value |= BigInt(byte & 0x7f) << BigInt(7 * length)
      if (byte < 0x80) return value
    }
    throw new Error('a varint that is too long')
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error('cut short')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  bytes(): Buffer {
    return this.take(Number(this.varint()))
  }

  tag(): { number: number; wireType: number } {
    const tag = this.varint()
    const number = tag >> 3n
    if (number < 1n || number > 536_870_911n) throw new Error(`a member of number ${number}`)
    return { number: Number(number), wireType: Number(tag & 7n) }
  }

  skip(wireType: number): void {
    if (wireType === 0) this.varint()
    else if (wireType === 2) this.bytes()
    else if (wireType === 1 || wireType === 5) this.take(wireType === 1 ? 8 : 4)
    else throw new Error(`wire type ${wireType}`)
  }
}

const WIRE_TYPES: Readonly<Record<string, number>> = { int64: 0, bool: 0, double: 1, string: 2, bytes: 2 }

function checkValue(reader: Strict, type: string, resolved: protobuf.ReflectionObject | null): void {
  if (resolved instanceof protobuf.Type) checkMessage(resolved, reader.bytes())
  else if (type === 'string') UTF8.decode(reader.bytes())
  else reader.skip(WIRE_TYPES[type] ?? 0)
}

const wireTypeOf = (type: string, resolved: protobuf.ReflectionObject | null): number =>
  resolved instanceof protobuf.Type ? 2 : (WIRE_TYPES[type] ?? 0)

function checkEntry(field: protobuf.MapField, bytes: Buffer): void {
  const reader = new Strict(bytes)
  while (!reader.isDone) {
    const { number, wireType } = reader.tag()
    if (number === 1 && wireType === 2) UTF8.decode(reader.bytes())
    else if (number === 2 && wireType === wireTypeOf(field.type, field.resolvedType))
      checkValue(reader, field.type, field.resolvedType)
    else reader.skip(wireType)
  }
}

function checkMessage(type: protobuf.Type, bytes: Buffer): void {
  const reader = new Strict(bytes)
  while (!reader.isDone) {
    const { number, wireType } = reader.tag()
    const field = type.fieldsById[number]?.resolve()
    if (field instanceof protobuf.MapField && wireType === 2) checkEntry(field, reader.bytes())
    // Repeated enums come packed.
    else if (field?.repeated && wireType === 2 && field.type !== 'string') reader.bytes()
    else if (field && !field.map && wireType === wireTypeOf(field.type, field.resolvedType))
      checkValue(reader, field.type, field.resolvedType)
    else reader.skip(wireType)
  }
}

/** The one member of an answer. Unknown members may stand beside it, as they do in a point that came with them. */
function soleMember(body: Buffer): { kind: KindName; message: Buffer } {
  const reader = new Strict(body)
  let sole: { kind: KindName; message: Buffer } | undefined
  while (!reader.isDone) {
    const { number, wireType } = reader.tag()
    const field = ResponseType.fieldsById[number]
    if (!field || wireType !== 2) reader.skip(wireType)
    else if (sole) throw new Error(`an answer that is ${sole.kind} and ${field.name}`)
    else sole = { kind: field.name as KindName, message: reader.bytes() }
  }
  if (!sole) throw new Error('an answer with no known member')
  checkMessage(ResponseType.fields[sole.kind]!.resolve().resolvedType as protobuf.Type, sole.message)
  return sole
}

/** Every answer in some bytes. `cut`: the last one may be incomplete, since nobody waited for it. */
export function strictAnswers(bytes: Buffer, cut = false): Answer[] {
  const reader = new Strict(bytes)
  const answers: Answer[] = []
  const order = new Order()
  while (!reader.isDone) {
    const from = reader.at
    const body = wholeBody(reader, bytes.length, cut)
    if (!body) break
    const answer = { ...soleMember(body), frame: bytes.subarray(from, reader.at) }
    order.next(answer)
    answers.push(answer)
  }
  return answers
}

function wholeBody(reader: Strict, end: number, cut: boolean): Buffer | undefined {
  try {
    const from = reader.at
    const length = Number(reader.varint())
    const shortest = Math.max(1, Math.ceil(Math.log2(length + 1) / 7))
    if (length === 0) throw new Error('a frame of no bytes')
    if (reader.at - from !== shortest) throw new Error('a length that is not the shortest')
    if (cut && reader.at + length > end) return undefined
    return reader.take(length)
  } catch (error) {
    if (cut && (error as Error).message === 'cut short') return undefined
    throw error
  }
}

/** What may follow what. */
class Order {
  #inBatch = false
  #over = false

  next({ kind, message }: Answer): void {
    if (this.#over) throw new Error(`${kind} after an error or a refusal`)
    if (kind === 'error' || (kind === 'init' && !isSuccess(message))) this.#over = true
    if (kind === 'begin') this.#begin(message)
    if (kind === 'end' && !this.#inBatch) throw new Error('an End without a Begin')
    if (kind === 'end') this.#inBatch = false
  }

  #begin(message: Buffer): void {
    if (this.#inBatch) throw new Error('a Begin inside of a batch')
    this.#inBatch = true
    const size = BigInt.asIntN(64, lastVarint(message, 4) ?? 0n)
    if (size < 0n || size > LARGEST_BATCH) throw new Error(`a Begin of size ${size}`)
  }
}

const isSuccess = (message: Buffer): boolean => (lastVarint(message, 1) ?? 0n) !== 0n

/** The last value of an integer member, undefined without one. */
export function lastVarint(message: Buffer, wanted: number): bigint | undefined {
  const reader = new Strict(message)
  let value: bigint | undefined
  while (!reader.isDone) {
    const { number, wireType } = reader.tag()
    if (number === wanted && wireType === 0) value = reader.varint()
    else reader.skip(wireType)
  }
  return value
}
