// Begin and End of a batch, decoded whole through protobufjs: there is one of each around many points.
import { decodeObject } from './messages.ts'

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
  byName: boolean
  tmax: string
}

/** Throws WireError. */
export function decodeBegin(bytes: Uint8Array): BeginBatch {
  const raw = decodeObject('agent.BeginBatch', bytes) as RawEdge
  return { name: raw.name, group: raw.group, tags: new Map(Object.entries(raw.tags)), byName: raw.byName }
}

/** Throws WireError. */
export function decodeEnd(bytes: Uint8Array): EndBatch {
  const raw = decodeObject('agent.EndBatch', bytes) as RawEdge
  return { name: raw.name, tmax: BigInt(raw.tmax), tags: new Map(Object.entries(raw.tags)) }
}
