// The partial decoder: one pass over a Point notes where everything lies, and makes no string and no object.
// Values are read when asked for. It holds one point at a time; the bytes must outlive its use.
import { BOOL, DOUBLE, ENTRY, INT, PointIndex, STRING, TAG } from './point-index.ts'
import { ShortTexts } from './short-texts.ts'
import { int64 } from './strict.ts'
import { WireError } from './wire-error.ts'

/** DOUBLE is number, INT is bigint. */
export type PointValue = number | bigint | string | boolean

/** By kind. Where a field exists in two types, Kapacitor keeps bool over double over int over string; 0: no field. */
const RANK = new Uint8Array(BOOL + 1)
for (const [rank, kind] of [STRING, INT, DOUBLE, BOOL].entries()) RANK[kind] = rank + 1

/** Names that are kept as keys: those of a script, not all that points bring. */
const KEPT_KEYS = 1000

/** A name to look up, as text and as the bytes it has on the wire. */
export class Key {
  readonly text: string
  readonly bytes: Buffer

  constructor(text: string) {
    this.text = text
    this.bytes = Buffer.from(text)
  }
}

export class PointView {
  readonly #keys = new Map<string, Key>()
  readonly #texts = new ShortTexts()
  readonly #index = new PointIndex()
  #bytes: Buffer = Buffer.alloc(0)
  #dimensions: readonly string[] = []
  #dimensionKeys: readonly Key[] = []

  /** Points this view at the Point in `bytes[start, end)`. Throws WireError. */
  read(bytes: Buffer, start: number, end: number): this {
    if (bytes !== this.#bytes) this.#bytes = bytes
    try {
      this.#index.scan(bytes, start, end)
    } catch (cause) {
      throw new WireError('bad-message', 'a point from Kapacitor cannot be decoded', { cause })
    }
    return this
  }

  /** Nanoseconds since the epoch. */
  get time(): bigint {
    return this.#index.timeAt < 0 ? 0n : int64(this.#bytes, this.#index.timeAt)
  }

  get name(): string {
    return this.#text(this.#index.name, this.#index.nameEnd)
  }

  get database(): string {
    return this.#text(this.#index.database, this.#index.databaseEnd)
  }

  get byName(): boolean {
    return this.#index.byName
  }

  /** Names of the tags that the point is grouped by, in Kapacitor's order. Empty inside a batch. */
  get dimensions(): readonly string[] {
    if (!this.#areLastDimensions()) {
      this.#dimensions = this.#readDimensions()
      this.#dimensionKeys = this.#dimensions.map(name => new Key(name))
    }
    return this.#dimensions
  }

  /** Points of one node are grouped by the same tags: the list need not be made anew. */
  #areLastDimensions(): boolean {
    const { dimensions, dimensionsUsed } = this.#index
    const keys = this.#dimensionKeys
    if (dimensionsUsed !== 2 * keys.length) return false
    for (let i = 0; i < keys.length; i++)
      if (!this.#isText(dimensions[2 * i]!, dimensions[2 * i + 1]!, keys[i]!.bytes)) return false
    return true
  }

  #readDimensions(): string[] {
    const { dimensions, dimensionsUsed } = this.#index
    const names: string[] = []
    for (let at = 0; at < dimensionsUsed; at += 2)
      names.push(this.#text(dimensions[at]!, dimensions[at + 1]!))
    return names
  }

  tag(name: string | Key): string | undefined {
    const at = this.#find(typeof name === 'string' ? this.#key(name) : name, true)
    return at < 0 ? undefined : (this.#value(at) as string)
  }

  field(name: string | Key): PointValue | undefined {
    const at = this.#find(typeof name === 'string' ? this.#key(name) : name, false)
    return at < 0 ? undefined : this.#value(at)
  }

  mixTag(name: string, from: number, mix: (number: number, byte: number) => number): number {
    const at = this.#find(this.#key(name), true)
    if (at < 0) return from
    const { entries } = this.#index
    const end = entries[at + 4]!
    let mixed = from
    for (let i = entries[at + 3]!; i < end; i++) mixed = mix(mixed, this.#bytes[i]!)
    return mixed
  }

  /** All tags; of a duplicated key the last counts. */
  tags(): Map<string, string> {
    const tags = new Map<string, string>()
    const { entries, used } = this.#index
    for (let at = 0; at < used; at += ENTRY)
      if (entries[at] === TAG) tags.set(this.#keyText(at), this.#value(at) as string)
    return tags
  }

  /** All fields, by Kapacitor's precedence where a name exists in two types. */
  fields(): Map<string, PointValue> {
    const ranks = new Map<string, number>()
    const fields = new Map<string, PointValue>()
    const { entries, used } = this.#index
    for (let at = 0; at < used; at += ENTRY) {
      const rank = RANK[entries[at]!]
      if (!rank) continue
      const name = this.#keyText(at)
      if (rank < (ranks.get(name) ?? 0)) continue
      ranks.set(name, rank)
      fields.set(name, this.#value(at))
    }
    return fields
  }

  #key(name: string): Key {
    const known = this.#keys.get(name)
    if (known) return known
    const key = new Key(name)
    if (this.#keys.size < KEPT_KEYS) this.#keys.set(name, key)
    return key
  }

  /** Offset of the entry that counts in the index, or -1. */
  #find(key: Key, tag: boolean): number {
    let found = -1
    let best = 0
    const wanted = key.bytes
    const { length } = wanted
    const { entries, used } = this.#index
    for (let at = 0; at < used; at += ENTRY) {
      // The length tells most names apart.
      if (entries[at + 2]! - entries[at + 1]! !== length) continue
      const kind = entries[at]!
      if ((kind === TAG) !== tag || !this.#isText(entries[at + 1]!, entries[at + 2]!, wanted)) continue
      const rank = RANK[kind] ?? 0
      if (rank < best) continue
      best = rank
      found = at
    }
    return found
  }

  #isText(start: number, end: number, wanted: Buffer): boolean {
    if (end - start !== wanted.length) return false
    const bytes = this.#bytes
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false
    return true
  }

  #value(at: number): PointValue {
    const { entries } = this.#index
    const kind = entries[at]!
    const start = entries[at + 3]!
    const end = entries[at + 4]!
    if (kind === TAG || kind === STRING) return this.#text(start, end)
    if (start === end) return kind === DOUBLE ? 0 : kind === INT ? 0n : false
    if (kind === DOUBLE) return this.#bytes.readDoubleLE(start)
    const whole = int64(this.#bytes, start)
    return kind === INT ? whole : whole !== 0n
  }

  #keyText(at: number): string {
    const { entries } = this.#index
    return this.#text(entries[at + 1]!, entries[at + 2]!)
  }

  #text(start: number, end: number): string {
    return start === end ? '' : this.#texts.read(this.#bytes, start, end)
  }
}
