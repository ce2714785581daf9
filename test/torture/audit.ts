// Compares what was promised with what the receiver accepted and what the store says. Pure.

export interface Said {
  readonly incident: string
  readonly kind: 'trigger' | 'resolve'
}

/** One acceptance at the receiver: it acted on the request, whatever answer came through. */
export interface Accepted extends Said {
  /** Number of the point that made the event; in one incident they rise. */
  readonly number: number
  /** It was told so; the answer may have come too late all the same. */
  readonly isAnswered: boolean
}

/** An event of the store. */
export interface Stored {
  readonly number: number
  readonly state: string
}

export interface Evidence {
  /** By the number of the point. */
  readonly said: ReadonlyMap<number, Said>
  /** Numbers of the points that came back. */
  readonly promised: ReadonlySet<number>
  /** In the order of acceptance. */
  readonly accepted: readonly Accepted[]
  readonly stored: readonly Stored[]
  /** Whether each incident is open in truth. */
  readonly isOpen: ReadonlyMap<string, boolean>
}

export interface Audit {
  readonly promised: number
  readonly accepted: number
  /** Accepted more than once. */
  readonly duplicated: number
  /** Of these, those that came again although each acceptance was answered: the sender had gone, or was too slow. */
  readonly duplicatedByCrash: number
  readonly coalesced: number
  /** Promised, and neither accepted nor coalesced. */
  readonly lost: readonly number[]
  /** Accepted after a later one of the same incident. */
  readonly outOfOrder: readonly number[]
  /** Accepted although nobody said it so. */
  readonly invented: readonly number[]
  /** Gave way although the receiver had it. */
  readonly wronglyCoalesced: readonly number[]
  /** Neither delivered nor coalesced at the end. */
  readonly unsettled: readonly number[]
  /** Incidents that are open at the receiver and not in truth, or the other way round. */
  readonly untrue: readonly string[]
}

export function audit({ said, promised, accepted, stored, isOpen }: Evidence): Audit {
  const times = Map.groupBy(accepted, ({ number }) => number)
  const duplicated = [...times.values()].filter(({ length }) => length > 1)
  const coalesced = numbersIn(stored, 'coalesced')
  const done = new Set([...coalesced, ...numbersIn(stored, 'delivered')])
  return {
    promised: promised.size,
    accepted: times.size,
    duplicated: duplicated.length,
    duplicatedByCrash: duplicated.filter(all => all.every(({ isAnswered }) => isAnswered)).length,
    coalesced: coalesced.length,
    lost: [...promised].filter(number => !times.has(number) && !coalesced.includes(number)),
    outOfOrder: outOfOrder(accepted),
    invented: accepted.filter(one => !isAsSaid(one, said.get(one.number))).map(({ number }) => number),
    wronglyCoalesced: coalesced.filter(number => times.has(number)),
    unsettled: stored.filter(({ number }) => !done.has(number)).map(({ number }) => number),
    untrue: untrue(accepted, isOpen),
  }
}

const isAsSaid = ({ incident, kind }: Accepted, said: Said | undefined): boolean =>
  said?.incident === incident && said.kind === kind

const numbersIn = (stored: readonly Stored[], state: string): number[] =>
  stored.filter(event => event.state === state).map(({ number }) => number)

/** An event that is accepted again right after itself is late for nobody; after a later one it is. */
function outOfOrder(accepted: readonly Accepted[]): number[] {
  const last = new Map<string, number>()
  return accepted.flatMap(({ incident, number }) => {
    const before = last.get(incident) ?? 0
    last.set(incident, Math.max(before, number))
    return number < before ? [number] : []
  })
}

function untrue(accepted: readonly Accepted[], isOpen: ReadonlyMap<string, boolean>): string[] {
  const standing = new Map(accepted.map(({ incident, kind }) => [incident, kind === 'trigger']))
  return [...isOpen].filter(([id, open]) => (standing.get(id) ?? false) !== open).map(([id]) => id)
}

/** What must not be: each kind of wrong with what it is about. Empty when all is as promised. */
export const wrongs = (result: Audit): string[] =>
  (['lost', 'outOfOrder', 'invented', 'wronglyCoalesced', 'unsettled', 'untrue'] as const)
    .filter(kind => result[kind].length > 0)
    .map(kind => `${kind}: ${result[kind].slice(0, 20).join(', ')}`)
