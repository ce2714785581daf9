// What the store's thread has read back, as the rest of the sidecar knows it.
import { decodeEvent } from '../incident/event.ts'
import type { OpenIncident } from '../incident/state-change.ts'
import { column, type Packed, unpack } from './packed.ts'
import type { Loaded, PackedLoad, PendingRow } from './requests.ts'

export function loadedFrom(packed: PackedLoad): Loaded {
  const { incidents, contributors, told, held, pending, ...rest } = packed
  const parts = { contributors: contributorsOf(contributors), told: toldOf(told), held: heldOf(held) }
  return { ...rest, incidents: incidentsOf(incidents, parts), pending: pendingOf(pending) }
}

/** By opening. */
interface Parts {
  readonly contributors: ReadonlyMap<number, OpenIncident['contributors']>
  readonly told: ReadonlyMap<number, OpenIncident['told']>
  readonly held: ReadonlyMap<number, NonNullable<OpenIncident['held']>>
}

const NOBODY: readonly never[] = []

function incidentsOf(packed: Packed, { contributors, told, held }: Parts): OpenIncident[] {
  const [openings, endpoints, ids] = [ints(packed, 'opening'), texts(packed, 'endpoint'), texts(packed, 'id')]
  const [times, mutedAt] = [texts(packed, 'opened_time'), column(packed, 'muted_at')]
  return unpack(packed, at => {
    const opening = openings[at]!
    const resolve = held.get(opening)
    return {
      opening,
      endpoint: endpoints[at]!,
      id: ids[at]!,
      openedTime: BigInt(times[at]!),
      contributors: contributors.get(opening) ?? NOBODY,
      told: told.get(opening) ?? NOBODY,
      ...(resolve && { held: resolve }),
      ...(mutedAt[at] !== null && { muted: true as const }),
    }
  })
}

function contributorsOf(packed: Packed): Map<number, OpenIncident['contributors']> {
  const [tasks, nodes, groups] = [texts(packed, 'task'), texts(packed, 'node'), texts(packed, 'group')]
  const levels = levelsOf(packed)
  const [afterMs, forMs, quietly] = ['silent_after', 'silent_for', 'quietly'].map(name =>
    column(packed, name),
  )
  return byOpening(packed, at => ({
    task: tasks[at]!,
    node: nodes[at]!,
    group: groups[at]!,
    level: levels[at]!,
    ...(afterMs![at] !== null && {
      silence: { afterMs: afterMs![at] as number, forMs: (forMs![at] as number | null) ?? 0 },
    }),
    ...(quietly![at] === 1 && { quietly: true as const }),
  }))
}

function toldOf(packed: Packed): Map<number, OpenIncident['told']> {
  const [tasks, levels, moments] = [texts(packed, 'task'), levelsOf(packed), ints(packed, 'at')]
  return byOpening(packed, at => ({ task: tasks[at]!, level: levels[at]!, at: moments[at]! }))
}

function heldOf(packed: Packed): Map<number, NonNullable<OpenIncident['held']>> {
  const [openings, dueAt, bodies] = [ints(packed, 'opening'), ints(packed, 'due_at'), texts(packed, 'body')]
  return new Map(
    unpack(packed, at => [openings[at]!, { dueAt: dueAt[at]!, event: decodeEvent(bodies[at]!) }] as const),
  )
}

function pendingOf(packed: Packed): PendingRow[] {
  const [seqs, openings, createdAt] = [
    ints(packed, 'seq'),
    ints(packed, 'opening'),
    ints(packed, 'created_at'),
  ]
  const [endpoints, incidents, tasks] = [
    texts(packed, 'endpoint'),
    texts(packed, 'incident'),
    texts(packed, 'task'),
  ]
  const [attempts, unsure, bare] = [ints(packed, 'attempts'), ints(packed, 'unsure'), ints(packed, 'bare')]
  const [kinds, levels, received] = [texts(packed, 'kind'), levelsOf(packed), ints(packed, 'received')]
  const dueAt = column(packed, 'due_at') as readonly (number | null)[]
  return unpack(packed, at => ({
    seq: seqs[at]!,
    endpoint: endpoints[at]!,
    incident: incidents[at]!,
    task: tasks[at]!,
    opening: openings[at]!,
    kind: kinds[at] as PendingRow['kind'],
    level: levels[at]!,
    createdAt: createdAt[at]!,
    attempts: attempts[at]!,
    certain: unsure[at] === 0,
    bare: bare[at] === 1,
    openingReceived: received[at] === 1,
    ...(dueAt[at] !== null && { dueAt: dueAt[at]! }),
  }))
}

/** One of them, read by itself. */
export const pendingRow = (packed: Packed): PendingRow | undefined => pendingOf(packed)[0]

function byOpening<Part>(packed: Packed, make: (at: number) => Part): Map<number, Part[]> {
  const openings = ints(packed, 'opening')
  const grouped = new Map<number, Part[]>()
  for (let at = 0; at < packed.length; at++) {
    const known = grouped.get(openings[at]!)
    if (known) known.push(make(at))
    else grouped.set(openings[at]!, [make(at)])
  }
  return grouped
}

const ints = (packed: Packed, name: string): readonly number[] => column(packed, name) as readonly number[]
const texts = (packed: Packed, name: string): readonly string[] => column(packed, name) as readonly string[]
const levelsOf = (packed: Packed): readonly PendingRow['level'][] =>
  column(packed, 'level') as readonly PendingRow['level'][]
