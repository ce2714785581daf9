// Reads a BoltDB file (version 2 of its format), which is what Kapacitor's backup is: buckets of keys in trees of pages.
// Takes bytes and trusts none: whatever they hold, reading ends, and throws a BoltError at worst. Pure.

export class BoltError extends Error {
  override readonly name = 'BoltError'
}

const MAGIC = 0xed0cdaed
const VERSION = 2
const META_BYTES = 64
const PAGE_HEADER = 16
const ELEMENT = 16
const BUCKET_HEADER = 16
const BRANCH = 0x01
const LEAF = 0x02
const IS_BUCKET = 0x01
/** A tree of four levels holds millions of keys. */
const MAX_DEPTH = 32
const MIN_PAGE = 512
const MAX_PAGE = 1024 * 1024

interface Page {
  readonly kind: number
  readonly count: number
  /** With its overflow pages. */
  readonly bytes: Buffer
}

interface Element {
  readonly key: Buffer
  readonly value: Buffer
  readonly isBucket: boolean
}

/** @param bytes the whole file. Throws BoltError where it is none. */
export function openBolt(bytes: Buffer): BoltBucket {
  const metas = [metaAt(bytes, 0), ...pageSizes(bytes).map(size => metaAt(bytes, size))]
  const newest = metas.filter(meta => meta !== undefined).sort((a, b) => (a.txid < b.txid ? 1 : -1))[0]
  if (!newest) throw new BoltError('it is no BoltDB file')
  const file = new BoltFile(bytes, newest.pageSize)
  return new BoltBucket(file, file.page(newest.root))
}

/** Where the second meta page may begin: at the size of a page, which the first one tells unless it is damaged. */
function pageSizes(bytes: Buffer): number[] {
  const told = bytes.length >= PAGE_HEADER + META_BYTES ? bytes.readUInt32LE(PAGE_HEADER + 8) : 0
  return [...new Set([told, 4096, 16_384, 65_536])].filter(size => size >= MIN_PAGE && size <= MAX_PAGE)
}

function metaAt(bytes: Buffer, at: number) {
  const start = at + PAGE_HEADER
  if (start + META_BYTES > bytes.length) return undefined
  const meta = bytes.subarray(start, start + META_BYTES)
  const pageSize = meta.readUInt32LE(8)
  const isRight = meta.readUInt32LE(0) === MAGIC && meta.readUInt32LE(4) === VERSION
  const isWhole = meta.readBigUInt64LE(56) === fnv64a(meta.subarray(0, 56))
  if (!isRight || !isWhole || pageSize < MIN_PAGE || pageSize > MAX_PAGE) return undefined
  return { pageSize, root: meta.readBigUInt64LE(16), txid: meta.readBigUInt64LE(48) }
}

function fnv64a(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}

class BoltFile {
  readonly #bytes: Buffer
  readonly #pageSize: number
  /** Of a file without loops no page is needed twice for one look; this many are more than enough for all. */
  #left: number

  constructor(bytes: Buffer, pageSize: number) {
    this.#bytes = bytes
    this.#pageSize = pageSize
    this.#left = 4 * Math.ceil(bytes.length / pageSize) + 1024
  }

  page(id: bigint): Page {
    if (this.#left-- <= 0) throw new BoltError('its pages lead in a circle')
    const start = Number(id) * this.#pageSize
    if (id < 2n || !(start + PAGE_HEADER <= this.#bytes.length)) throw new BoltError(`it has no page ${id}`)
    const overflow = this.#bytes.readUInt32LE(start + 12)
    const end = start + (overflow + 1) * this.#pageSize
    if (end > this.#bytes.length) throw new BoltError(`page ${id} is not whole`)
    return pageOf(this.#bytes.subarray(start, end))
  }
}

function pageOf(bytes: Buffer): Page {
  if (bytes.length < PAGE_HEADER) throw new BoltError('a page is not whole')
  const [kind, count] = [bytes.readUInt16LE(8), bytes.readUInt16LE(10)]
  if (kind !== BRANCH && kind !== LEAF) throw new BoltError('a page is of another kind than its place')
  if (PAGE_HEADER + count * ELEMENT > bytes.length) throw new BoltError('a page counts more than it holds')
  return { kind, count, bytes }
}

/** Keys in the order of their bytes, with values or buckets. */
export class BoltBucket {
  readonly #file: BoltFile
  readonly #root: Page

  constructor(file: BoltFile, root: Page) {
    this.#file = file
    this.#root = root
  }

  /** Undefined: there is no such bucket in it. */
  bucket(name: string): BoltBucket | undefined {
    const found = this.#find(Buffer.from(name))
    if (!found?.isBucket) return undefined
    const { value } = found
    if (value.length < BUCKET_HEADER) throw new BoltError('a bucket is not whole')
    const root = value.readBigUInt64LE(0)
    // A small one stands where it is named.
    const page = root === 0n ? pageOf(value.subarray(BUCKET_HEADER)) : this.#file.page(root)
    return new BoltBucket(this.#file, page)
  }

  /** Undefined: there is no such key, or it is a bucket. */
  get(key: string): Buffer | undefined {
    const found = this.#find(Buffer.from(key))
    return found && !found.isBucket ? found.value : undefined
  }

  /** All keys with values, in order; not its buckets. */
  *entries(): IterableIterator<readonly [key: string, value: Buffer]> {
    for (const { key, value, isBucket } of this.#all(this.#root, 0))
      if (!isBucket) yield [key.toString(), value]
  }

  #find(wanted: Buffer): Element | undefined {
    let page = this.#root
    for (let depth = 0; page.kind === BRANCH; depth++) {
      if (depth === MAX_DEPTH) throw new BoltError('its tree is too deep')
      if (page.count === 0) return undefined
      page = this.#file.page(childOf(page, Math.max(0, lastNotAbove(page, wanted))))
    }
    const at = lastNotAbove(page, wanted)
    const element = at < 0 ? undefined : elementOf(page, at)
    return element?.key.equals(wanted) ? element : undefined
  }

  *#all(page: Page, depth: number): IterableIterator<Element> {
    if (depth === MAX_DEPTH) throw new BoltError('its tree is too deep')
    for (let at = 0; at < page.count; at++)
      if (page.kind === LEAF) yield elementOf(page, at)
      else yield* this.#all(this.#file.page(childOf(page, at)), depth + 1)
  }
}

/** The last element whose key is not above the wanted one; -1: there is none. */
function lastNotAbove(page: Page, wanted: Buffer): number {
  let [low, high] = [0, page.count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Buffer.compare(keyOf(page, middle), wanted) <= 0) low = middle + 1
    else high = middle
  }
  return low - 1
}

const startOf = (at: number): number => PAGE_HEADER + at * ELEMENT

/** Of a branch: position, size of the key, page. Of a leaf: flags, position, size of the key, size of the value. */
function keyOf({ kind, bytes }: Page, at: number): Buffer {
  const start = startOf(at)
  const field = kind === BRANCH ? start : start + 4
  return part(bytes, start + bytes.readUInt32LE(field), bytes.readUInt32LE(field + 4))
}

const childOf = ({ bytes }: Page, at: number): bigint => bytes.readBigUInt64LE(startOf(at) + 8)

function elementOf(page: Page, at: number): Element {
  const { bytes } = page
  const start = startOf(at)
  const key = keyOf(page, at)
  const valueStart = start + bytes.readUInt32LE(start + 4) + key.length
  const isBucket = (bytes.readUInt32LE(start) & IS_BUCKET) !== 0
  return { key, value: part(bytes, valueStart, bytes.readUInt32LE(start + 12)), isBucket }
}

function part(bytes: Buffer, start: number, length: number): Buffer {
  if (start + length > bytes.length) throw new BoltError('a key or a value is not whole')
  return bytes.subarray(start, start + length)
}
