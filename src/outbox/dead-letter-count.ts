// How many dead letters stand in the store: counted anew when it may have changed, since a number that is carried along
// drifts away from the file, over a rollback, a damaged file or what memory holds. It tells, and changes nothing.
import type { DatabaseSync } from 'node:sqlite'
import type { Numbered, StoreRequest } from './requests.ts'

export interface DeadLetterCountParts {
  /** What can be read of the disk now. */
  readonly disk: () => DatabaseSync | undefined
  /** A number that was not told last. */
  readonly tell: (count: number) => void
  /** Calls once after some milliseconds. */
  readonly later: (ms: number, fire: () => void) => void
}

/** A million of them take 30 ms to count. */
const REST_MS = 1000

const COUNT = `SELECT count(*) AS n FROM event WHERE state = 'dead'`

export class DeadLetterCount {
  readonly #parts: DeadLetterCountParts
  /** While the disk takes nothing. */
  #memory: DatabaseSync | undefined
  #onDisk = 0
  #told: number | undefined
  #isResting = false
  #isDue = false
  #isStopped = false

  constructor(parts: DeadLetterCountParts) {
    this.#parts = parts
  }

  /** After each transaction. @param memory where it went, if not to the disk. */
  written(requests: readonly Numbered[], memory: DatabaseSync | undefined): void {
    const isMoved = memory !== this.#memory
    this.#memory = memory
    if (isMoved || requests.some(({ request }) => mayChange(request))) this.changed()
  }

  /** Something else than a request may have changed it. */
  changed(): void {
    this.#isDue = true
    if (this.#isResting) return
    this.#isDue = false
    this.#isResting = true
    this.#tell()
    this.#parts.later(REST_MS, () => {
      this.#isResting = false
      if (this.#isDue) this.changed()
    })
  }

  /** The files are closed, and are not to be opened again for this. */
  stop(): void {
    this.#isStopped = true
  }

  #tell(): void {
    if (this.#isStopped) return
    try {
      const count = this.#countOnDisk() + this.#countInMemory()
      if (count === this.#told) return
      this.#told = count
      this.#parts.tell(count)
    } catch {
      // What cannot be read is told and repaired elsewhere; what was told last holds until then.
    }
  }

  #countOnDisk(): number {
    const disk = this.#parts.disk()
    if (disk) this.#onDisk = countIn(disk)
    return this.#onDisk
  }

  /** Those that died since the disk takes nothing: of the disk's newest event memory has a copy. */
  #countInMemory(): number {
    if (!this.#memory) return 0
    const isDead = this.#parts.disk()?.prepare(`SELECT 1 FROM event WHERE seq = ? AND state = 'dead'`)
    const letters = this.#memory.prepare(`SELECT seq FROM event WHERE state = 'dead'`).all() as {
      seq: number
    }[]
    return letters.filter(({ seq }) => !isDead?.get(seq)).length
  }
}

const countIn = (db: DatabaseSync): number => (db.prepare(COUNT).get() as { n: number }).n

function mayChange(request: StoreRequest): boolean {
  if (request.op === 'redeliver') return true
  return (
    request.op === 'settle' &&
    request.settlements.some(row => row.kind === 'attempted' && row.outcome === 'dead')
  )
}
