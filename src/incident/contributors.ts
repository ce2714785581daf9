// The contributors that are not OK, by node, so that a point finds its own with one look. Absent means OK:
// memory grows with what is open, never with the number of series.
import type { Incident } from './incident.ts'
import { Level } from './level.ts'
import type { Silence } from './state-change.ts'

/** A contributor: one group of one node, and the incident that it contributes to. */
export interface Who {
  readonly endpoint: string
  readonly id: string
  readonly task: string
  readonly node: string
  readonly group: string
}

export interface Contributor {
  readonly who: Who
  readonly incident: Incident
  level: Level
  silence: { afterMs: number; forMs: number; quietly: boolean; stored: number } | undefined
}

export class Contributors {
  readonly #byNode = new Map<string, Map<string, Contributor>>()
  /** Those that recover when they are silent. */
  readonly #watched = new Set<Contributor>()

  has(task: string, node: string): boolean {
    return this.#byNode.has(nodeKey(task, node))
  }

  find(who: Who): Contributor | undefined {
    return this.#byNode.get(nodeKey(who.task, who.node))?.get(contributorKey(who))
  }

  *ofNode(task: string, node: string): IterableIterator<Contributor> {
    yield* this.#byNode.get(nodeKey(task, node))?.values() ?? []
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
  set(
    incident: Incident,
    { endpoint, id, task, node, group }: Who,
    level: Level,
    silence?: Silence,
  ): Contributor {
    const who = { endpoint, id, task, node, group }
    const contributor = this.find(who) ?? this.#add({ who, incident, level, silence: undefined })
    contributor.level = level
    contributor.silence = silence && { ...silence, stored: silence.forMs }
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
    if (ofNode.size === 0) this.#byNode.delete(key)
  }

  #add(contributor: Contributor): Contributor {
    const { task, node } = contributor.who
    const key = nodeKey(task, node)
    const ofNode = this.#byNode.get(key) ?? new Map<string, Contributor>()
    ofNode.set(contributorKey(contributor.who), contributor)
    this.#byNode.set(key, ofNode)
    return contributor
  }
}

const nodeKey = (task: string, node: string): string => `${task}\0${node}`
const contributorKey = (who: Who): string => `${who.endpoint}\0${who.id}\0${who.group}`

/** Level of a contributor that may be unknown. */
export const levelOf = (contributor: Contributor | undefined): Level => contributor?.level ?? Level.ok
