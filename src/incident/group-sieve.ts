// Tells of nearly every point that no contributor of its group is open, and makes no text for it: the bytes of the
// group are mixed into the number of a slot, and in the sieve of the node that slot is empty. Where it is not, or
// the number cannot be had, somebody has to look; it never says that nobody is there when somebody is.
import type { Point } from './point.ts'

const SLOTS = 4096
/** Longer groups may have been cut: their slot says nothing. */
const LONGEST = 300

// FNV-1a, a byte at a time.
const SEED = 0x811c9dc5 | 0
const mix = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193)
const slotIn = (hash: number): number => (hash ^ (hash >>> 16)) & (SLOTS - 1)

function mixAll(from: number, bytes: Uint8Array): number {
  let hash = from
  for (let i = 0; i < bytes.length; i++) hash = mix(hash, bytes[i]!)
  return hash
}

/** The slot of a group by its text. */
function slotOf(group: string): number {
  let hash = SEED
  for (let i = 0; i < group.length; i++) {
    const code = group.charCodeAt(i)
    if (code > 0x7f) return slotIn(mixAll(SEED, Buffer.from(group)))
    hash = mix(hash, code)
  }
  return slotIn(hash)
}

/** The groups of one node that are open. */
export class GroupSieve {
  readonly #open = new Uint32Array(SLOTS)
  #long = 0

  add(group: string): void {
    this.#count(group, 1)
  }

  /** Of one that was added. */
  delete(group: string): void {
    this.#count(group, -1)
  }

  mayHave(slot: number): boolean {
    return this.#long > 0 || this.#open[slot]! > 0
  }

  #count(group: string, change: 1 | -1): void {
    if (group.length > LONGEST) this.#long += change
    else this.#open[slotOf(group)]! += change
  }
}

/** Finds the slots of one node's points. */
export class SlotFinder {
  readonly #mayBeConsumed: ReadonlySet<string>
  #dimensions: readonly string[] | undefined
  /** What stands before the value of each: `host=`, and a comma between two. Undefined: only the whole reading can tell. */
  #before: readonly Uint8Array[] | undefined

  /** @param mayBeConsumed tags that may be no part of the group. */
  constructor(mayBeConsumed: ReadonlySet<string>) {
    this.#mayBeConsumed = mayBeConsumed
  }

  /** Undefined where only the whole reading can tell. */
  find(point: Point): number | undefined {
    const { dimensions } = point
    if (dimensions !== this.#dimensions) this.#learn(dimensions)
    const before = this.#before
    if (before === undefined || point.byName) return undefined
    let hash = SEED
    for (let i = 0; i < before.length; i++) hash = point.mixTag(dimensions[i]!, mixAll(hash, before[i]!), mix)
    return slotIn(hash)
  }

  #learn(dimensions: readonly string[]): void {
    this.#dimensions = dimensions
    const isPlain = dimensions.length > 0 && !dimensions.some(name => this.#mayBeConsumed.has(name))
    this.#before = isPlain
      ? dimensions.map((name, i) => Buffer.from(`${i === 0 ? '' : ','}${name}=`))
      : undefined
  }
}
