// The contributors that are not OK, by node, so that a point finds its own with one look. Absent means OK:
// memory grows with what is open, never with the number of series.
import type { Incident } from './incident.ts'
import { Level } from './level.ts'
import { compareText } from './order.ts'
import type { Contribution } from './state-change.ts'

/** A contributor: one group of one node, and the incident that it contributes to. */
export interface Who {
  readonly endpoint: string
  readonly id: string
  readonly task: string
  readonly node: string
  readonly group: string
}

/** Who speaks by posts: Kapacitor does not say which task one is of, so those of an id are one contributor. */
export const POSTS = { task: '', node: 'post', group: '' } as const

export interface Contributor {
  readonly who: Who
  readonly incident: Incident
  level: Level
  quietly: boolean
  /** `stored`: how much of it the store knows of. `spoke`: it did since time was last counted. */
  silence: { readonly afterMs: number; forMs: number; stored: number; spoke: boolean } | undefined
}

/** What a contributor's node says of it, apart from its level. */
export interface NodeWishes {
  readonly noRecoveries: boolean
  /** Recover when no point came for this long, ms. */
  readonly silentAfterMs?: number
}

export class Contributors {
  readonly #byNode = new Map<string, Map<string, Contributor>>()
  /** Those that recover when they are silent. */
  readonly #watched = new Set<Contributor>()

  /** Whether any are of posts. */
  #hasPosts = false

  get hasPosts(): boolean {
    return this.#hasPosts
  }

  has(task: string, node: string): boolean {
    // A look at nothing need not make a key; most of the time nothing is open.
    if (this.#byNode.size === 0) return false
    return this.#byNode.has(nodeKey(task, node))
  }

  find(who: Who): Contributor | undefined {
    return this.#byNode.get(nodeKey(who.task, who.node))?.get(contributorKey(who))
  }

  *ofNode(task: string, node: string): IterableIterator<Contributor> {
    yield* this.#byNode.get(nodeKey(task, node))?.values() ?? []
  }

  /** Looks at all: for what a person asks, never for a point. */
  *ofIncident(incident: Incident): IterableIterator<Contributor> {
    for (const ofNode of this.#byNode.values())
      for (const contributor of ofNode.values()) if (contributor.incident === incident) yield contributor
  }

  *nodes(): IterableIterator<Pick<Who, 'task' | 'node'>> {
    for (const ofNode of this.#byNode.values())
      for (const { who } of ofNode.values()) {
        yield who
        break
      }
  }

  watched(): ReadonlySet<Contributor> {
    return this.#watched
  }

  /** Adds a contributor, or gives a known one its level and its options. */
  set(incident: Incident, { task, node, group, level, silence, quietly }: Contribution): Contributor {
    const who = { endpoint: incident.endpoint, id: incident.id, task, node, group }
    const contributor =
      this.find(who) ?? this.#add({ who, incident, level, quietly: false, silence: undefined })
    contributor.level = level
    contributor.quietly = quietly ?? false
    contributor.silence = silence && { ...silence, stored: silence.forMs, spoke: false }
    if (silence) this.#watched.add(contributor)
    else this.#watched.delete(contributor)
    return contributor
  }

  drop(who: Who): void {
    const key = nodeKey(who.task, who.node)
    const ofNode = this.#byNode.get(key)
    const contributor = ofNode?.get(contributorKey(who))
    if (!ofNode || !contributor) return
    ofNode.delete(contributorKey(who))
    this.#watched.delete(contributor)
    if (ofNode.size > 0) return
    this.#byNode.delete(key)
    if (who.task === POSTS.task) this.#hasPosts = false
  }

  #add(contributor: Contributor): Contributor {
    const { task, node } = contributor.who
    const key = nodeKey(task, node)
    const ofNode = this.#byNode.get(key) ?? new Map<string, Contributor>()
    ofNode.set(contributorKey(contributor.who), contributor)
    this.#byNode.set(key, ofNode)
    if (task === POSTS.task) this.#hasPosts = true
    return contributor
  }
}

// Ids may hold any character, NUL too: the length says where one ends.
const nodeKey = (task: string, node: string): string => `${task.length}\0${task}${node}`
const contributorKey = (who: Who): string => `${who.endpoint}\0${who.id.length}\0${who.id}${who.group}`

/** Level of a contributor that may be unknown. */
export const levelOf = (contributor: Contributor | undefined): Level => contributor?.level ?? Level.ok

/** What the store keeps of a contributor at a level; of one that recovered nothing but that. */
export function contributionOf({ task, node, group }: Who, level: Level, wishes: NodeWishes): Contribution {
  const contribution = { task, node, group, level }
  if (level === Level.ok) return contribution
  const { silentAfterMs: afterMs, noRecoveries } = wishes
  return {
    ...contribution,
    ...(afterMs !== undefined && { silence: { afterMs, forMs: 0 } }),
    ...(noRecoveries && { quietly: true }),
  }
}

/** Whether the script still wants of a contributor what it wanted when its level was noted. */
export const isAsWished = ({ silence, quietly }: Contributor, wishes: NodeWishes): boolean =>
  silence?.afterMs === wishes.silentAfterMs && quietly === wishes.noRecoveries

/** Highest level first, then by name: the same order after a restart. The first speaks for those that leave together. */
export const bySeverity = (a: Contributor, b: Contributor): number =>
  b.level - a.level || compareText(nameOf(a.who), nameOf(b.who))

const nameOf = (who: Who): string => `${who.task}\0${who.node}\0${who.group}`
