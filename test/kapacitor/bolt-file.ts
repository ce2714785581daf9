// Writes BoltDB files for tests: a tree of pages for each bucket, leaves of a few keys, overflow pages for long values.

export interface Tree {
  readonly values: Readonly<Record<string, string>>
  readonly buckets: Readonly<Record<string, Tree & { readonly isInline?: boolean }>>
}

interface Entry {
  readonly key: Buffer
  readonly value: Buffer
  readonly isBucket: boolean
}

const HEADER = 16
const KEYS_OF_A_LEAF = 7
const CHILDREN_OF_A_BRANCH = 5

export function boltFile(tree: Tree, pageSize: number): Buffer {
  const pages = new Pages(pageSize)
  const root = pages.tree(entriesOf(tree, pages))
  return pages.file(root)
}

function entriesOf(tree: Tree, pages: Pages): Entry[] {
  const values = Object.entries(tree.values).map(([key, value]) => ({
    ...{ key: Buffer.from(key), value: Buffer.from(value), isBucket: false },
  }))
  const buckets = Object.entries(tree.buckets).map(([key, sub]) => {
    const entries = entriesOf(sub, pages)
    const head = Buffer.alloc(16)
    if (sub.isInline)
      return { key: Buffer.from(key), value: Buffer.concat([head, leaf(0, entries)]), isBucket: true }
    head.writeBigUInt64LE(BigInt(pages.tree(entries)), 0)
    return { key: Buffer.from(key), value: head, isBucket: true }
  })
  return [...values, ...buckets].sort((a, b) => Buffer.compare(a.key, b.key))
}

class Pages {
  readonly #size: number
  /** By their number; the first two are the metas. */
  readonly #written = new Map<number, Buffer>()
  #next = 3

  constructor(size: number) {
    this.#size = size
  }

  /** Returns the number of the root page. */
  tree(entries: readonly Entry[]): number {
    const leaves = chunks(entries, KEYS_OF_A_LEAF).map(part => ({
      ...{ key: part[0]?.key ?? Buffer.alloc(0), page: this.#put(id => leaf(id, part)) },
    }))
    let level = leaves
    while (level.length > 1)
      level = chunks(level, CHILDREN_OF_A_BRANCH).map(part => ({
        ...{ key: part[0]!.key, page: this.#put(id => branch(id, part)) },
      }))
    return level[0]!.page
  }

  file(root: number): Buffer {
    const metas = [0, 1].map(number => this.#meta(number, root))
    const freelist = Buffer.alloc(this.#size)
    const file = Buffer.alloc(this.#next * this.#size)
    for (const [number, bytes] of [...metas.entries(), [2, freelist] as const, ...this.#written])
      bytes.copy(file, number * this.#size)
    return file
  }

  #put(make: (id: number) => Buffer): number {
    const id = this.#next
    const bytes = make(id)
    const count = Math.ceil(bytes.length / this.#size)
    bytes.writeUInt32LE(count - 1, 12)
    this.#written.set(id, bytes)
    this.#next += count
    return id
  }

  #meta(number: number, root: number): Buffer {
    const page = Buffer.alloc(HEADER + 64)
    page.writeUInt16LE(4, 8)
    page.writeUInt32LE(0xed0cdaed, HEADER)
    page.writeUInt32LE(2, HEADER + 4)
    page.writeUInt32LE(this.#size, HEADER + 8)
    page.writeBigUInt64LE(BigInt(root), HEADER + 16)
    page.writeBigUInt64LE(BigInt(number), HEADER + 48)
    let sum = 0xcbf29ce484222325n
    for (const byte of page.subarray(HEADER, HEADER + 56))
      sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n)
    page.writeBigUInt64LE(sum, HEADER + 56)
    return page
  }
}

function leaf(id: number, entries: readonly Entry[]): Buffer {
  return page(id, 2, entries, ({ key, value, isBucket }, element, position) => {
    element.writeUInt32LE(isBucket ? 1 : 0, 0)
    element.writeUInt32LE(position, 4)
    element.writeUInt32LE(key.length, 8)
    element.writeUInt32LE(value.length, 12)
    return Buffer.concat([key, value])
  })
}

function branch(id: number, children: readonly { key: Buffer; page: number }[]): Buffer {
  return page(id, 1, children, ({ key, page: child }, element, position) => {
    element.writeUInt32LE(position, 0)
    element.writeUInt32LE(key.length, 4)
    element.writeBigUInt64LE(BigInt(child), 8)
    return key
  })
}

/** @param write fills an element, and returns what stands at its position, counted from the element. */
function page<Item>(
  id: number,
  kind: number,
  items: readonly Item[],
  write: (item: Item, element: Buffer, position: number) => Buffer,
): Buffer {
  const head = Buffer.alloc(HEADER + 16 * items.length)
  head.writeBigUInt64LE(BigInt(id), 0)
  head.writeUInt16LE(kind, 8)
  head.writeUInt16LE(items.length, 10)
  const data: Buffer[] = []
  let at = head.length
  for (const [index, item] of items.entries()) {
    const start = HEADER + 16 * index
    const bytes = write(item, head.subarray(start, start + 16), at - start)
    data.push(bytes)
    at += bytes.length
  }
  return Buffer.concat([head, ...data])
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const all = Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  )
  return all.length > 0 ? all : [[]]
}
