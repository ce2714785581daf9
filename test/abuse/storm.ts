// A storm in virtual time against the dispatcher: what happens when, and how long each incident waited to be notified.
import type { Answer, Destination } from '../../src/delivery/destination.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { WINDOW_MS } from '../../src/delivery/pacing.ts'
import { FRESH_MS, TURNS } from '../../src/delivery/turns.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { Level } from '../../src/incident/level.ts'
import { pending } from '../delivery/pending.ts'
import { accepted } from '../delivery/scripted-destination.ts'
import { endpoint, stage } from '../delivery/stage.ts'

export type What = 'critical' | 'info' | 'resolve'

/** At `at` (ms) the incident changes; `sort` is what its waits are counted under. */
export interface Happening {
  readonly at: number
  readonly incident: string
  readonly what: What
  readonly sort: string
}

export interface StormOptions {
  readonly rate: number
  readonly happenings: readonly Happening[]
  /** How long to look on (ms). */
  readonly until: number
  readonly coalesce?: boolean
  readonly answer?: (event: IncidentEvent) => Answer
}

interface Waiting {
  readonly at: number
  readonly sort: string
  /** Events that waited before it. */
  readonly ahead: number
}

/** Waits (ms) by sort; those that have not ended count as they stand at the end. */
export class Waits {
  readonly #of = new Map<string, number[]>()
  /** By how much (ms) any wait was longer than promised, or less than 0. */
  overdue = Number.NEGATIVE_INFINITY

  add({ at, sort, ahead }: Waiting, until: number, rate: number): void {
    const ms = until - at
    this.overdue = Math.max(this.overdue, ms - promisedMs(ahead, rate))
    const known = this.#of.get(sort)
    if (known) known.push(ms)
    else this.#of.set(sort, [ms])
  }

  worst(...sorts: string[]): number {
    return this.quantile(1, ...sorts)
  }

  quantile(share: number, ...sorts: string[]): number {
    const all = (sorts.length > 0 ? sorts : [...this.#of.keys()]).flatMap(sort => this.#of.get(sort) ?? [])
    all.sort((a, b) => a - b)
    return all[Math.max(0, Math.ceil(share * all.length) - 1)] ?? 0
  }

  count(sort: string): number {
    return this.#of.get(sort)?.length ?? 0
  }

  sorts(): string[] {
    return [...this.#of.keys()]
  }
}

/** While it is fresh it may wait; from then on one turn in TURNS takes away one of those ahead, or itself. */
const promisedMs = (ahead: number, rate: number): number =>
  FRESH_MS + WINDOW_MS * Math.ceil((TURNS * (ahead + 1)) / rate)

/** An incident waits from when it has something to be sent until it is sent; what gives way meanwhile ends no wait. */
export async function storm({ rate, happenings, until, coalesce = true, answer }: StormOptions) {
  const waits = new Waits()
  const since = new Map<string, Waiting>()
  const sentAt: number[] = []
  const destination: Destination = {
    async send(event) {
      const said = answer?.(event) ?? accepted
      sentAt.push(here.clock.monotonicMs())
      const waited = since.get(event.incident)
      const now = here.clock.monotonicMs()
      if (said.verdict.kind === 'delivered' && waited) {
        waits.add(waited, now, rate)
        since.set(event.incident, { ...waited, at: now, ahead: waiting() })
      }
      return said
    },
    async close() {},
  }
  const here = stage([endpoint(destination, { coalesce })], { rate })
  const waiting = () => here.dispatcher.status().endpoints[0]?.pending ?? 0
  const openings = new Map<string, { opening: number; received: boolean }>()
  let seq = 0
  for (const { at, incident, what, sort } of happenings) {
    if (at > here.clock.monotonicMs()) await here.clock.advance(at - here.clock.monotonicMs())
    seq += 1
    const known = openings.get(incident) ?? { opening: seq, received: false }
    if (what === 'resolve') openings.delete(incident)
    else openings.set(incident, known)
    if (here.dispatcher.waiting('default', incident) === undefined)
      since.set(incident, { at, sort, ahead: waiting() })
    await here.offer(eventOf({ at, incident, what, sort }, seq, known.opening))
    if (here.dispatcher.waiting('default', incident) === undefined) since.delete(incident)
  }
  await here.clock.advance(until - here.clock.monotonicMs())
  for (const [incident, one] of since)
    if (here.dispatcher.waiting('default', incident)) waits.add(one, until, rate)
  return { waits, sentAt, left: here.ledger.left().length }
}

const eventOf = ({ at, incident, what }: Happening, seq: number, opening: number): PendingEvent =>
  pending({
    seq,
    incident,
    opening,
    createdAt: Date.UTC(2026, 0, 1) + at,
    ...(what === 'info' && { level: Level.info }),
    ...(what === 'resolve' && { kind: 'resolve' as const }),
  })

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Each of `ids` incidents turns from CRITICAL to OK and back, at random, once in `everyMs` on average. */
export function flappingFleet(ids: number, everyMs: number, until: number): Happening[] {
  const random = dice(7)
  const happenings: Happening[] = []
  for (let id = 0; id < ids; id += 1) {
    let isOpen = false
    for (let at = random() * everyMs; at < until; at += (0.5 + random()) * everyMs) {
      isOpen = !isOpen
      happenings.push({
        at: Math.floor(at),
        incident: `flapping ${id}`,
        what: isOpen ? 'critical' : 'resolve',
        sort: 'flapping',
      })
    }
  }
  return happenings
}

/** One new incident each `everyMs`. */
export function stream(sort: string, what: What, everyMs: number, until: number, from = 0): Happening[] {
  const count = Math.ceil((until - from) / everyMs)
  return Array.from({ length: count }, (_, n) => ({
    at: from + n * everyMs,
    incident: `${sort} ${n}`,
    what,
    sort,
  }))
}

export const inOrder = (...all: readonly Happening[][]): Happening[] => all.flat().sort((a, b) => a.at - b.at)
