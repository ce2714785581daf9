// The open contributors of one node, by incident and group; and whether a group has any at all, which is asked at
// nearly every point.

interface Subject {
  readonly endpoint: string
  readonly id: string
  readonly group: string
}

export class OfNode<Contributor extends { readonly who: Subject }> {
  readonly #byKey = new Map<string, Contributor>()
  /** How many contributors each group has. */
  readonly #groups = new Map<string, number>()

  get size(): number {
    return this.#byKey.size
  }

  find(who: Subject): Contributor | undefined {
    return this.#byKey.get(keyOf(who))
  }

  hasGroup(group: string): boolean {
    return this.#groups.has(group)
  }

  all(): IterableIterator<Contributor> {
    return this.#byKey.values()
  }

  /** Of one that is not there yet. */
  add(contributor: Contributor): void {
    const { who } = contributor
    this.#byKey.set(keyOf(who), contributor)
    this.#groups.set(who.group, (this.#groups.get(who.group) ?? 0) + 1)
  }

  /** Of one that is there. */
  delete({ who }: Contributor): void {
    this.#byKey.delete(keyOf(who))
    const left = this.#groups.get(who.group)! - 1
    if (left === 0) this.#groups.delete(who.group)
    else this.#groups.set(who.group, left)
  }
}

// Ids may hold any character, NUL too: the length says where one ends.
const keyOf = (who: Subject): string => `${who.endpoint}\0${who.id.length}\0${who.id}${who.group}`
