// The messages of a conversation, through protobufjs: what Kapacitor asks and what is answered. Points are
// not decoded here (see point-view.ts): a frame says of what kind it is, and its body stays bytes.
import protobuf from 'protobufjs'
import { frame } from './frame.ts'
import { root } from './proto.ts'
import { skipMember } from './strict.ts'
import { WireError } from './wire-error.ts'

const Response = root.lookupType('agent.Response')

/** Numbers of the oneof in Request, by Kapacitor's udf protocol. */
export const RequestKind = {
  info: 1,
  init: 2,
  keepalive: 3,
  snapshot: 4,
  restore: 5,
  begin: 16,
  point: 17,
  end: 18,
} as const
export type RequestKind = (typeof RequestKind)[keyof typeof RequestKind]
/** Member of a Response only: in data that is handed back it would end the task. */
const ERROR = 6
const MEMBERS: ReadonlySet<number> = new Set([...Object.values(RequestKind), ERROR])

/** Where the message inside a frame's body lies. */
export interface Envelope {
  kind: RequestKind
  start: number
  end: number
}

/**
 * Looks into the oneof of a Request. Kapacitor sets one member; two would be another message to whoever gets the
 * frame back. Throws WireError.
 */
export function openEnvelope(bytes: Buffer, start: number, end: number): Envelope {
  const point = lonePoint(bytes, start, end)
  if (point > 0) return { kind: RequestKind.point, start: point, end }
  const reader = protobuf.Reader.create(bytes) as protobuf.Reader
  reader.pos = start
  reader.len = end
  let found: Envelope | undefined
  try {
    while (reader.pos < end) {
      const tag = reader.tag()
      if (!MEMBERS.has(tag >>> 3)) skipMember(reader, tag)
      else if (found || tag >>> 3 === ERROR) throw new RangeError('more than one message in a frame')
      else found = envelope(reader, tag)
    }
  } catch (cause) {
    throw new WireError('bad-message', 'a message from Kapacitor cannot be decoded', { cause })
  }
  if (!found) throw new WireError('bad-message', 'a message from Kapacitor holds nothing that is known here')
  return found
}

/** Where the point begins if the frame holds it and nothing else, as Kapacitor sends it; 0 if not. */
function lonePoint(bytes: Buffer, start: number, end: number): number {
  // The member's number and wire type, 138, as a varint; then a length of one byte or two.
  if (bytes[start] !== 0x8a || bytes[start + 1] !== 0x01) return 0
  const low = bytes[start + 2]!
  const high = bytes[start + 3]!
  if (low < 0x80) return start + 3 + low === end ? start + 3 : 0
  return high > 0 && high < 0x80 && start + 4 + (low & 0x7f) + (high << 7) === end ? start + 4 : 0
}

function envelope(reader: protobuf.Reader, tag: number): Envelope {
  if ((tag & 7) !== 2) throw new RangeError(`a message of wire type ${tag & 7}`)
  const length = reader.size()
  const start = reader.pos
  reader.skip(length)
  return { kind: (tag >>> 3) as RequestKind, start, end: start + length }
}

/** INT and DURATION are bigint, DOUBLE is number. */
export type OptionValue =
  | { readonly type: 'BOOL'; readonly value: boolean }
  | { readonly type: 'INT' | 'DURATION'; readonly value: bigint }
  | { readonly type: 'DOUBLE'; readonly value: number }
  | { readonly type: 'STRING'; readonly value: string }
export type ValueType = OptionValue['type']

/** One call of a property method: `.tag('team', 'core')`. */
export interface NodeOption {
  readonly name: string
  readonly values: readonly OptionValue[]
}

export interface InitRequest {
  readonly taskID: string
  readonly nodeID: string
  readonly options: readonly NodeOption[]
}

interface RawOptionValue {
  type: ValueType
  boolValue?: boolean
  intValue?: string
  doubleValue?: number
  stringValue?: string
  durationValue?: string
}

/** Throws WireError. */
export function decodeInit(bytes: Uint8Array): InitRequest {
  const raw = decodeObject('agent.InitRequest', bytes) as {
    taskID: string
    nodeID: string
    options: { name: string; values: RawOptionValue[] }[]
  }
  return {
    taskID: raw.taskID,
    nodeID: raw.nodeID,
    options: raw.options.map(option => ({ name: option.name, values: option.values.map(optionValue) })),
  }
}

function optionValue(raw: RawOptionValue): OptionValue {
  if (raw.type === 'BOOL') return { type: 'BOOL', value: raw.boolValue ?? false }
  if (raw.type === 'DOUBLE') return { type: 'DOUBLE', value: raw.doubleValue ?? 0 }
  if (raw.type === 'STRING') return { type: 'STRING', value: raw.stringValue ?? '' }
  const text = raw.type === 'INT' ? raw.intValue : raw.durationValue
  return { type: raw.type, value: BigInt(text ?? '0') }
}

/** The time of a KeepaliveRequest, nanoseconds since the epoch. Throws WireError. */
export const decodeKeepalive = (bytes: Uint8Array): bigint =>
  BigInt((decodeObject('agent.KeepaliveRequest', bytes) as { time: string }).time)

/** Defaults filled in, 64-bit integers as decimal text. Throws WireError. */
export function decodeObject(type: string, bytes: Uint8Array): unknown {
  const Type = root.lookupType(type)
  try {
    return Type.toObject(Type.decode(bytes), { longs: String, enums: String, defaults: true, oneofs: true })
  } catch (cause) {
    throw new WireError('bad-message', `a ${type.replace('agent.', '')} cannot be decoded`, { cause })
  }
}

export type EdgeType = 'STREAM' | 'BATCH'

/** What is written back, each a whole frame with exactly one member set: anything else kills Kapacitor. */
export const responses = {
  info: (edge: EdgeType, options: Readonly<Record<string, readonly ValueType[]>>): Buffer =>
    encode({
      info: {
        wants: edge,
        provides: edge,
        options: Object.fromEntries(
          Object.entries(options).map(([name, valueTypes]) => [name, { valueTypes }]),
        ),
      },
    }),
  /** @param note for the player of a replay; Kapacitor reads none. */
  initialised: (note = ''): Buffer => encode({ init: { success: true, error: note } }),
  /** The text reaches the script's author through `kapacitor show`. */
  refused: (error: string): Buffer => encode({ init: { success: false, error } }),
  /** @param time nanoseconds since the epoch. */
  keepalive: (time: bigint): Buffer => encode({ keepalive: { time: String(time) } }),
  /** Always empty: Kapacitor may hand back a stale one long after, with other options. */
  snapshot: (): Buffer => encode({ snapshot: {} }),
  restored: (): Buffer => encode({ restore: { success: true } }),
  error: (error: string): Buffer => encode({ error: { error } }),
}

const encode = (message: Record<string, unknown>): Buffer =>
  frame(Response.encode(Response.fromObject(message)).finish())
