// A first-in, first-out queue that can also give back any item. It keeps the links in the items themselves, so that
// every change costs O(1). The first item is the one that has waited longest.

/** An item is in one queue at a time. */
export interface Queued<T> {
  /** The queue's own. */
  before: T | undefined
  after: T | undefined
}

export class Queue<T extends Queued<T>> {
  #first: T | undefined
  #last: T | undefined

  get first(): T | undefined {
    return this.#first
  }

  append(item: T): void {
    item.before = this.#last
    item.after = undefined
    if (this.#last) this.#last.after = item
    else this.#first = item
    this.#last = item
  }

  /** Before all others: for an item whose turn did not take place. */
  prepend(item: T): void {
    item.before = undefined
    item.after = this.#first
    if (this.#first) this.#first.before = item
    else this.#last = item
    this.#first = item
  }

  /** Only of an item that is inside. */
  remove(item: T): void {
    if (item.before) item.before.after = item.after
    else this.#first = item.after
    if (item.after) item.after.before = item.before
    else this.#last = item.before
    item.before = undefined
    item.after = undefined
  }
}
