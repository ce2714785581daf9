// Keeps the children of an element equal to a list: each item has a key and one child, which stays the same as long as
// the item is there, so that focus and selection stay too.

export interface Row<Item> {
  readonly root: HTMLElement
  update(item: Item): void
}

export class Rows<Item> {
  readonly #parent: HTMLElement
  readonly #keyOf: (item: Item) => string
  readonly #make: (item: Item) => Row<Item>
  #rows = new Map<string, Row<Item>>()

  constructor(parent: HTMLElement, keyOf: (item: Item) => string, make: (item: Item) => Row<Item>) {
    this.#parent = parent
    this.#keyOf = keyOf
    this.#make = make
  }

  show(items: readonly Item[]): void {
    const rows = new Map<string, Row<Item>>()
    for (const item of items) {
      const key = this.#keyOf(item)
      rows.set(key, this.#rows.get(key) ?? this.#make(item))
    }
    for (const [key, { root }] of this.#rows) if (!rows.has(key)) root.remove()
    let next = this.#parent.firstElementChild
    for (const [index, { root, update }] of [...rows.values()].map((row, at) => [at, row] as const)) {
      update(items[index]!)
      if (root === next) next = next.nextElementSibling
      else this.#parent.insertBefore(root, next)
    }
    this.#rows = rows
  }
}
