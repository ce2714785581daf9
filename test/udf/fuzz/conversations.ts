// What one hostile Kapacitor says on one connection, and what it may expect: legal but strange data, real
// traffic that was damaged on the way, or bytes of no meaning.

import { frame } from '../../../src/wire/frame.ts'
import type { EdgeType } from '../../../src/wire/messages.ts'
import { BATCH_TASKS, connections, frames, TASKS } from '../../fakes/recordings.ts'
import type { Chance } from './chance.ts'
import { framed, intMember, Kind, type KindName, member, tag, varint, WireType } from './encoding.ts'
import { malformedFrame } from './malformed-frames.ts'
import { beginFrame, endFrame, pointFrame } from './points.ts'
import { script } from './scripts.ts'

export interface Sent {
  readonly kind: KindName | 'malformed' | 'damaged'
  readonly frame: Buffer
}

export interface Plan {
  readonly edge: EdgeType
  readonly sent: readonly Sent[]
  /** Undefined: nobody can say. */
  readonly accepted: boolean | undefined
  readonly passThrough: boolean
  /** Whether an ErrorResponse must come at the end. Undefined: nobody can say. */
  readonly breaks: boolean | undefined
  /** end: as Kapacitor ends. vanish: without reading on. deaf: without having read at all. */
  readonly ending: 'end' | 'vanish' | 'deaf'
  readonly cuts: 'whole' | 'pieces' | 'bytes'
}

const CONTROLS = [
  () => framed('info', Buffer.alloc(0)),
  (chance: Chance) => framed('keepalive', intMember(1, chance.int64())),
  (chance: Chance) => framed('keepalive', intMember(1, chance.int64())),
  () => framed('snapshot', Buffer.alloc(0)),
  (chance: Chance) => framed('restore', member(1, chance.bytes(chance.below(40)))),
]
const CONTROL_KINDS = ['info', 'keepalive', 'keepalive', 'snapshot', 'restore'] as const

function control(chance: Chance): Sent {
  const which = chance.below(CONTROLS.length)
  return { kind: CONTROL_KINDS[which]!, frame: CONTROLS[which]!(chance) }
}

function stream(chance: Chance, length: number): Sent[] {
  return Array.from({ length }, () =>
    chance.oneIn(8) ? control(chance) : { kind: 'point', frame: pointFrame(chance) },
  )
}

/** Whole batches, and one that may be left open. */
function batches(chance: Chance, length: number): { sent: Sent[]; inside: boolean } {
  const sent: Sent[] = []
  let inside = false
  while (sent.length < length || (inside && !chance.oneIn(20))) {
    if (chance.oneIn(12)) sent.push(control(chance))
    else if (!inside) sent.push({ kind: 'begin', frame: beginFrame(chance) })
    else if (chance.oneIn(8)) sent.push({ kind: 'end', frame: endFrame(chance) })
    else sent.push({ kind: 'point', frame: pointFrame(chance) })
    const { kind } = sent.at(-1)!
    inside = kind === 'begin' || (inside && kind !== 'end')
  }
  return { sent, inside }
}

const MOST_MESSAGES = 160

function strange(chance: Chance, index: number): Plan {
  const edge = chance.pick(['STREAM', 'BATCH'] as const)
  const { frame: init, accepted, passThrough } = script(chance, edge, `fuzz${chance.oneIn(4) ? 0 : index}`)
  const length = chance.below(MOST_MESSAGES)
  const { sent, inside } =
    edge === 'STREAM' ? { sent: stream(chance, length), inside: false } : batches(chance, length)
  const breaks = chance.oneIn(4)
  const more: Sent[] = breaks ? [{ kind: 'malformed', frame: malformedFrame(chance, edge, inside) }] : []
  const before: Sent[] = chance.some(2, () => control(chance))
  return {
    edge,
    sent: [...before, { kind: 'init', frame: init }, ...sent, ...more, ...(breaks ? stream(chance, 3) : [])],
    accepted,
    passThrough,
    breaks: accepted ? breaks : undefined,
    ...manner(chance),
  }
}

const manner = (chance: Chance): Pick<Plan, 'ending' | 'cuts'> => ({
  ending: chance.pick(['end', 'end', 'end', 'end', 'end', 'vanish', 'deaf']),
  cuts: chance.pick(['whole', 'pieces', 'pieces', 'bytes']),
})

const RECORDED = TASKS.flatMap(task =>
  connections(task).map(bytes => ({
    edge: BATCH_TASKS.has(task) ? ('BATCH' as const) : ('STREAM' as const),
    frames: frames(bytes),
  })),
)

/** Kapacitor's own words from some place on, each with a chance to be damaged. */
function damagedRecording(chance: Chance): Plan {
  const { edge, frames: recorded } = chance.pick(RECORDED)
  const from = 1 + chance.below(Math.max(1, recorded.length - MOST_MESSAGES))
  const played = [recorded[0]!, ...recorded.slice(from, from + MOST_MESSAGES)]
  const sent = played.map(bytes => ({
    kind: 'damaged' as const,
    frame: chance.oneIn(60) ? damaged(chance, bytes, played) : bytes,
  }))
  return { edge, sent, accepted: undefined, passThrough: false, breaks: undefined, ...manner(chance) }
}

function damaged(chance: Chance, bytes: Buffer, others: readonly Buffer[]): Buffer {
  const copy = Buffer.from(bytes)
  const at = chance.below(copy.length)
  const other = chance.pick(others)
  return chance.pick([
    () => copy.fill(chance.below(256), at, at + 1),
    () => copy.fill(copy[at]! ^ (1 << chance.below(8)), at, at + 1),
    () => Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1)]),
    () => Buffer.concat([copy.subarray(0, at), chance.bytes(3), copy.subarray(at)]),
    () => frame(Buffer.concat([copy.subarray(1, at + 1), other.subarray(chance.below(other.length))])),
    () => Buffer.concat([copy, copy]),
  ])()
}

const KINDS = Object.values(Kind)

/** Frames of anything: of a known kind, of an unknown one, or not even frames. */
function noise(chance: Chance): Plan {
  const start = framed('init', Buffer.concat([member(2, 'noise'), member(3, 'squadcast2')]))
  const bytes = chance.bytes(1 + chance.below(60))
  const kind = chance.pick(KINDS)
  const noisy = chance.pick([
    () => bytes,
    () => frame(bytes),
    () => frame(member(kind, bytes)),
    () => frame(Buffer.concat([tag(kind, WireType.bytes), varint(chance.below(80)), bytes])),
    () => frame(member(Kind.point, member(1 + chance.below(13), bytes))),
  ])
  const sent = [start, ...chance.some(8, () => noisy())].slice(chance.oneIn(3) ? 1 : 0)
  return {
    edge: chance.pick(['STREAM', 'BATCH']),
    sent: sent.map(made => ({ kind: 'damaged', frame: made })),
    accepted: undefined,
    passThrough: false,
    breaks: undefined,
    ...manner(chance),
  }
}

/** `index` makes the task's name unique, most times. */
export function conversation(chance: Chance, index: number): Plan {
  if (chance.oneIn(8)) return noise(chance)
  return chance.oneIn(4) ? damagedRecording(chance) : strange(chance, index)
}
