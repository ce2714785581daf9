// Notices that files have changed, by looking every ten seconds: a secret that is replaced, linked anew or mounted over
// is not seen by a watch on its name.
import { statSync } from 'node:fs'
import type { SystemClock } from './system-clock.ts'

const LOOK_EVERY_MS = 10_000

export class ChangedFiles {
  readonly #clock: Pick<SystemClock, 'after'>
  readonly #changed: () => void
  #paths: readonly string[] = []
  #seen = ''
  #cancel: (() => void) | undefined

  constructor(clock: Pick<SystemClock, 'after'>, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** From now on these; as they are now they count as known. */
  watch(paths: readonly string[]): void {
    this.#cancel?.()
    this.#paths = paths
    this.#seen = stampOf(paths)
    this.#look()
  }

  stop(): void {
    this.#cancel?.()
  }

  #look(): void {
    if (this.#paths.length === 0) return
    this.#cancel = this.#clock.after(LOOK_EVERY_MS, () => {
      this.#look()
      const stamp = stampOf(this.#paths)
      if (stamp === this.#seen) return
      this.#seen = stamp
      this.#changed()
    })
  }
}

const stampOf = (paths: readonly string[]): string =>
  paths
    .map(path => {
      try {
        const { dev, ino, size, mtimeNs } = statSync(path, { bigint: true })
        return `${dev}:${ino}:${size}:${mtimeNs}`
      } catch (error) {
        return String((error as NodeJS.ErrnoException).code)
      }
    })
    .join(' ')
