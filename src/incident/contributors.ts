// The contributors that are not OK, by node, so that a point finds its own with one look. Absent means OK:
// memory grows with what is open, never with the number of series.
import type { Incident } from './incident.ts'
import { Level } from './level.ts'
import { OfNode } from './of-node.ts'
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
  /** Of posts alone. */
  posted: Posted | undefined
  /** Its points have no level, or had none once. */
  withoutLevel: WithoutLevel | undefined
}

/** Points of an open contributor that say nothing of its level. */
export interface WithoutLevel {
  /** In a row; 0: the last one had a level. */
  points: number
  /** The rest of a sentence that begins with "its points". */
  why: string
}

/** What is known of the posts of an occurrence. Times are nanoseconds by Kapacitor's clock. */
export interface Posted {
  /** Of the newest post. */
  newest: bigint
  /** Of the newest post that notified, or changed the level. */
  changed: bigint
  /** Measurement and tags of the newest; undefined after a restart. */
  source: string | undefined
}

/** What a contributor's node says of it, apart from its level. */
export interface NodeWishes {
  readonly noRecoveries: boolean
  /** Recover when no point came for this long, ms. */
  readonly silentAfterMs?: number
}

export class Contributors {
  /** By task, then by node: no key has to be made to look. */
  readonly #byTask = new Map<string, Map<string, OfNode<Contributor>>>()
  /** Those that recover when they are silent. */
  readonly #watched = new Set<Contributor>()

  /** Whether any are of posts. */
  #hasPosts = false

  get hasPosts(): boolean {
    return this.#hasPosts
  }

  has(task: string, node: string): boolean {
    return this.#of(task, node) !== undefined
  }

  /** Whether any of this group is open, whatever its id and endpoint. */
  hasGroup(task: string, node: string, group: string): boolean {
    return this.#of(task, node)?.hasGroup(group) ?? false
  }

  /** False: none is open whose group is of this slot. */
  mayHaveSlot(task: string, node: string, slot: number): boolean {
    return this.#of(task, node)?.mayHaveSlot(slot) ?? false
  }

  find(who: Who): Contributor | undefined {
    return this.#of(who.task, who.node)?.find(who)
  }

  *ofNode(task: string, node: string): IterableIterator<Contributor> {
    yield* this.#of(task, node)?.all() ?? []
  }

  /** Looks at all: for what a person asks, never for a point. */
  *ofIncident(incident: Incident): IterableIterator<Contributor> {
    for (const nodes of this.#byTask.values())
      for (const ofNode of nodes.values())
        for (const contributor of ofNode.all()) if (contributor.incident === incident) yield contributor
  }

  *nodes(): IterableIterator<Pick<Who, 'task' | 'node'>> {
    for (const [task, nodes] of this.#byTask) for (const node of nodes.keys()) yield { task, node }
  }

  watched(): ReadonlySet<Contributor> {
    return this.#watched
  }

  /** Adds a contributor, or gives a known one its level and its options. */
  set(incident: Incident, contribution: Contribution): Contributor {
    const { task, node, group, level, silence, quietly, alertTime } = contribution
    const who = { endpoint: incident.endpoint, id: incident.id, task, node, group }
    const ofNode = this.#of(task, node) ?? this.#open(task, node)
    const known = ofNode.find(who)
    const fresh = {
      who,
      incident,
      level,
      quietly: false,
      silence: undefined,
      posted: undefined,
      withoutLevel: undefined,
    }
    const contributor: Contributor = known ?? fresh
    if (!known) ofNode.add(contributor)
    contributor.level = level
    contributor.quietly = quietly ?? false
    contributor.silence = silence && { ...silence, stored: silence.forMs, spoke: false }
    if (task === POSTS.task) contributor.posted = postedAt(alertTime ?? incident.openedTime)
    if (silence) this.#watched.add(contributor)
    else if (known) this.#watched.delete(contributor)
    return contributor
  }

  drop(who: Who): void {
    const { task, node } = who
    const ofNode = this.#of(task, node)
    const contributor = ofNode?.find(who)
    if (!ofNode || !contributor) return
    ofNode.delete(contributor)
    this.#watched.delete(contributor)
    if (ofNode.isEmpty) this.#forget(task, node)
  }

  #of(task: string, node: string): OfNode<Contributor> | undefined {
    return this.#byTask.get(task)?.get(node)
  }

  #open(task: string, node: string): OfNode<Contributor> {
    const nodes = this.#byTask.get(task) ?? new Map<string, OfNode<Contributor>>()
    const ofNode = new OfNode<Contributor>()
    nodes.set(node, ofNode)
    this.#byTask.set(task, nodes)
    if (task === POSTS.task) this.#hasPosts = true
    return ofNode
  }

  #forget(task: string, node: string): void {
    const nodes = this.#byTask.get(task)!
    nodes.delete(node)
    if (nodes.size > 0) return
    this.#byTask.delete(task)
    if (task === POSTS.task) this.#hasPosts = false
  }
}

const postedAt = (time: bigint): Posted => ({ newest: time, changed: time, source: undefined })

/** Level of a contributor that may be unknown. */
export const levelOf = (contributor: Contributor | undefined): Level => contributor?.level ?? Level.ok

type Wishes = NodeWishes & { readonly alertTime?: bigint }

/** What the store keeps of a contributor at a level; of one that recovered nothing but that. */
export function contributionOf({ task, node, group }: Who, level: Level, wishes: Wishes): Contribution {
  const contribution = { task, node, group, level }
  if (level === Level.ok) return contribution
  const { silentAfterMs: afterMs, noRecoveries, alertTime } = wishes
  return {
    ...contribution,
    ...(afterMs !== undefined && { silence: { afterMs, forMs: 0 } }),
    ...(noRecoveries && { quietly: true }),
    ...(alertTime !== undefined && { alertTime }),
  }
}

/** Whether the script still wants of a contributor what it wanted when its level was noted. */
export const isAsWished = ({ silence, quietly }: Contributor, wishes: NodeWishes): boolean =>
  silence?.afterMs === wishes.silentAfterMs && quietly === wishes.noRecoveries

/** Highest level first, then by name: the same order after a restart. The first speaks for those that leave together. */
export const bySeverity = (a: Contributor, b: Contributor): number =>
  b.level - a.level || compareText(nameOf(a.who), nameOf(b.who))

const nameOf = (who: Who): string => `${who.task}\0${who.node}\0${who.group}`
