// Begin and End of a batch, decoded whole through protobufjs: there is one of each around many points.
import protobuf from 'protobufjs'
import { decodeObject } from './messages.ts'
import { skipMember } from './strict.ts'
import { WireError } from './wire-error.ts'

export interface BeginBatch {
  readonly name: string
  readonly group: string
  readonly tags: ReadonlyMap<string, string>
  readonly byName: boolean
}

export interface EndBatch {
  readonly name: string
  /** Nanoseconds since the epoch. */
  readonly tmax: bigint
  readonly tags: ReadonlyMap<string, string>
}

interface RawEdge {
  name: string
  group: string
  tags: Record<string, string>
  size: string
  byName: boolean
  tmax: string
}

// Numbers of the maps of tags.
const TAGS_OF_BEGIN = 3
const TAGS_OF_END = 4

/** Kapacitor makes room for as many points as a Begin says: for a negative or a huge number it dies. */
const MAX_SIZE = 100_000_000n

/** Throws WireError. */
export function decodeBegin(bytes: Buffer): BeginBatch {
  checkMembers(bytes, TAGS_OF_BEGIN)
  const raw = decodeObject('agent.BeginBatch', bytes) as RawEdge
  const size = BigInt(raw.size)
  if (size < 0n || size > MAX_SIZE) throw new WireError('bad-message', `a batch of ${size} points`)
  return { name: raw.name, group: raw.group, tags: new Map(Object.entries(raw.tags)), byName: raw.byName }
}

/** Throws WireError. */
export function decodeEnd(bytes: Buffer): EndBatch {
  checkMembers(bytes, TAGS_OF_END)
  const raw = decodeObject('agent.EndBatch', bytes) as RawEdge
  return { name: raw.name, tmax: BigInt(raw.tmax), tags: new Map(Object.entries(raw.tags)) }
}

/** Refuses what protobufjs would let pass; texts it checks itself. Throws WireError. */
function checkMembers(bytes: Buffer, tags: number | undefined): void {
  const reader = protobuf.Reader.create(bytes) as protobuf.Reader
  try {
    while (reader.pos < reader.len) {
      const tag = reader.tag()
      if (tags !== undefined && tag === ((tags << 3) | 2)) checkMembers(reader.bytes() as Buffer, undefined)
      else skipMember(reader, tag)
    }
  } catch (cause) {
    throw new WireError('bad-message', 'an edge of a batch cannot be decoded', { cause })
  }
}
