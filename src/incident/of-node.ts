// The open contributors of one node, by group; and whether a group has any at all, which is asked at nearly every
// point. A group mostly contributes to one incident, and then takes a place in one map and no key of its own.
import { GroupSieve } from './group-sieve.ts'

interface Subject {
  readonly endpoint: string
  readonly id: string
  readonly group: string
}

/** The one contributor of a group, or those to several incidents by the keys of these. */
type OfGroup<Contributor> = Contributor | Map<string, Contributor>

export class OfNode<Contributor extends { readonly who: Subject }> {
  readonly #groups = new Map<string, OfGroup<Contributor>>()
  readonly #sieve = new GroupSieve()

  get isEmpty(): boolean {
    return this.#groups.size === 0
  }

  find(who: Subject): Contributor | undefined {
    const ofGroup = this.#groups.get(who.group)
    if (ofGroup instanceof Map) return ofGroup.get(keyOf(who))
    return ofGroup && isSame(ofGroup.who, who) ? ofGroup : undefined
  }

  /** False: no group of the slot is open. */
  mayHaveSlot(slot: number): boolean {
    return this.#sieve.mayHave(slot)
  }

  hasGroup(group: string): boolean {
    return this.#groups.has(group)
  }

  *all(): IterableIterator<Contributor> {
    for (const ofGroup of this.#groups.values())
      if (ofGroup instanceof Map) yield* ofGroup.values()
      else yield ofGroup
  }

  /** Of one that is not there yet. */
  add(contributor: Contributor): void {
    const { who } = contributor
    const others = this.#groups.get(who.group)
    if (others === undefined) this.#sieve.add(who.group)
    if (others instanceof Map) others.set(keyOf(who), contributor)
    else this.#groups.set(who.group, others ? byKey(others, contributor) : contributor)
  }

  /** Of one that is there. */
  delete({ who }: Contributor): void {
    const ofGroup = this.#groups.get(who.group)
    if (ofGroup instanceof Map && ofGroup.size > 1) ofGroup.delete(keyOf(who))
    else if (this.#groups.delete(who.group)) this.#sieve.delete(who.group)
  }
}

const byKey = <Contributor extends { readonly who: Subject }>(
  ...contributors: Contributor[]
): Map<string, Contributor> => new Map(contributors.map(contributor => [keyOf(contributor.who), contributor]))

const isSame = (a: Subject, b: Subject): boolean => a.id === b.id && a.endpoint === b.endpoint

const keyOf = ({ endpoint, id }: Subject): string => `${endpoint}\0${id}`
