// A binary heap that can also give back any item, so that a lane can be taken out wherever it waits. Every
// change costs O(log n). The order of an item must not change while it is inside.

/** An item carries its own place, so that a hundred thousand of them need no map. It is in one heap at a time. */
export interface Placed {
  /** The heap's own. Anything while it is in none. */
  heapIndex: number
}

export class Heap<T extends Placed> {
  readonly #compare: (a: T, b: T) => number
  readonly #items: T[] = []

  /** `compare` is negative when `a` comes out before `b`. */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  /** The first that is not `passed`; `passed` only if it is alone. */
  peekOther(passed: T | undefined): T | undefined {
    const first = this.#items[0]
    if (first === undefined || first !== passed || this.size === 1) return first
    return this.#items[this.#smallerChild(0) as number]
  }

  /** In no particular order. */
  items(): readonly T[] {
    return this.#items
  }

  push(item: T): void {
    this.#put(item, this.#items.length)
    this.#rise(this.#items.length - 1)
  }

  /** False when it was not inside. */
  remove(item: T): boolean {
    const position = item.heapIndex
    if (this.#items[position] !== item) return false
    const last = this.#items.pop() as T
    if (last !== item) {
      this.#put(last, position)
      this.#sink(position)
      this.#rise(position)
    }
    return true
  }

  #put(item: T, position: number): void {
    this.#items[position] = item
    item.heapIndex = position
  }

  #rise(from: number): void {
    const item = this.#items[from] as T
    let position = from
    while (position > 0) {
      const above = (position - 1) >> 1
      const parent = this.#items[above] as T
      if (this.#compare(parent, item) <= 0) break
      this.#put(parent, position)
      position = above
    }
    if (position !== from) this.#put(item, position)
  }

  #sink(from: number): void {
    const item = this.#items[from] as T
    let position = from
    for (;;) {
      const below = this.#smallerChild(position)
      if (below === undefined) break
      const child = this.#items[below] as T
      if (this.#compare(item, child) <= 0) break
      this.#put(child, position)
      position = below
    }
    if (position !== from) this.#put(item, position)
  }

  #smallerChild(position: number): number | undefined {
    const left = 2 * position + 1
    if (left >= this.#items.length) return undefined
    const right = left + 1
    if (right >= this.#items.length) return left
    return this.#compare(this.#items[right] as T, this.#items[left] as T) < 0 ? right : left
  }
}
