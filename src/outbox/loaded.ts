// What the store's thread has read back, as the rest of the sidecar knows it.
import { decodeEvent } from '../incident/event.ts'
import type { OpenIncident } from '../incident/state-change.ts'
import { column, type Packed, unpack } from './packed.ts'
import type { PackedIncidents, PendingRow, StoredIncidents } from './requests.ts'

/**
 * The open incidents, in the order of their openings. Each is made when it is asked for: a hundred thousand at once would
 * be carried about until they are needed no more.
 */
export const incidentsOf = (packed: PackedIncidents): StoredIncidents => ({
  length: packed.incidents.length,
  [Symbol.iterator]: () => eachIncident(packed),
})

function* eachIncident({ incidents, contributors, told, held }: PackedIncidents): Generator<OpenIncident> {
  const [openings, endpoints, ids] = [
    ints(incidents, 'opening'),
    texts(incidents, 'endpoint'),
    texts(incidents, 'id'),
  ]
  const [times, mutedAt] = [texts(incidents, 'opened_time'), column(incidents, 'muted_at')]
  const [contributorsTo, toldOf] = [partsOf(contributors, contributorAt), partsOf(told, toldAt)]
  const resolves = heldOf(held)
  for (const [at, opening] of openings.entries()) {
    const resolve = resolves.get(opening)
    yield {
      opening,
      endpoint: endpoints[at]!,
      id: ids[at]!,
      openedTime: BigInt(times[at]!),
      contributors: contributorsTo(opening),
      told: toldOf(opening),
      ...(resolve && { held: resolve }),
      ...(mutedAt[at] !== null && { muted: true as const }),
    }
  }
}

/** Makes a part of an incident out of its row. */
type MakePart<Part> = (at: number) => Part

/**
 * Finds the parts of one incident after another. Both come in the order of openings, so that they are passed once, side
 * by side, and nothing has to be looked up.
 */
function partsOf<Part>(packed: Packed, reading: (packed: Packed) => MakePart<Part>): (of: number) => Part[] {
  const openings = ints(packed, 'opening')
  const make = reading(packed)
  let at = 0
  return opening => {
    while (at < openings.length && openings[at]! < opening) at++
    const from = at
    while (openings[at] === opening) at++
    // Mostly it is one, and a list that grows makes room for many more.
    return at === from + 1 ? [make(from)] : range(from, at).map(make)
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n)

function contributorAt(packed: Packed): MakePart<OpenIncident['contributors'][number]> {
  const [tasks, nodes, groups] = [texts(packed, 'task'), texts(packed, 'node'), texts(packed, 'group')]
  const levels = levelsOf(packed)
  const [afterMs, forMs, quietly] = ['silent_after', 'silent_for', 'quietly'].map(name =>
    column(packed, name),
  )
  const alertTimes = column(packed, 'alert_time') as readonly (string | null)[]
  return at => {
    const contributor = { task: tasks[at]!, node: nodes[at]!, group: groups[at]!, level: levels[at]! }
    const alertTime = alertTimes[at]!
    if (afterMs![at] === null && quietly![at] !== 1 && alertTime === null) return contributor
    return {
      ...contributor,
      ...(afterMs![at] !== null && {
        silence: { afterMs: afterMs![at] as number, forMs: (forMs![at] as number | null) ?? 0 },
      }),
      ...(quietly![at] === 1 && { quietly: true as const }),
      ...(alertTime !== null && { alertTime: BigInt(alertTime) }),
    }
  }
}

function toldAt(packed: Packed): MakePart<OpenIncident['told'][number]> {
  const [tasks, levels, moments] = [texts(packed, 'task'), levelsOf(packed), ints(packed, 'at')]
  return at => ({ task: tasks[at]!, level: levels[at]!, at: moments[at]! })
}

function heldOf(packed: Packed): Map<number, NonNullable<OpenIncident['held']>> {
  const [openings, dueAt, bodies] = [ints(packed, 'opening'), ints(packed, 'due_at'), texts(packed, 'body')]
  return new Map(
    unpack(packed, at => [openings[at]!, { dueAt: dueAt[at]!, event: decodeEvent(bodies[at]!) }] as const),
  )
}

/** Events that wait to be delivered, in the order in which they are packed. */
export function pendingOf(packed: Packed): PendingRow[] {
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
  return unpack(packed, at => {
    const event = {
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
    }
    const due = dueAt[at]!
    return due === null ? event : { ...event, dueAt: due }
  })
}

const ints = (packed: Packed, name: string): readonly number[] => column(packed, name) as readonly number[]
const texts = (packed: Packed, name: string): readonly string[] => column(packed, name) as readonly string[]
const levelsOf = (packed: Packed): readonly PendingRow['level'][] =>
  column(packed, 'level') as readonly PendingRow['level'][]
