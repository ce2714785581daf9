// Stands in for systemd-notify and for who listens to it: every word that is told is a line of a file.
import { chmodSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PATIENCE_MS = 60_000

export class HeardByManager {
  readonly #heard: string

  /** @param folder where it puts its files. */
  constructor(folder: string) {
    this.#heard = join(folder, 'heard')
    writeFileSync(this.#heard, '')
    const program = join(folder, 'systemd-notify')
    writeFileSync(program, '#!/bin/sh\necho "$*" >> "$NOTIFY_SOCKET"\n')
    chmodSync(program, 0o755)
    this.env = { NOTIFY_SOCKET: this.#heard, PATH: `${folder}:${process.env.PATH}`, STATE_DIRECTORY: folder }
  }

  /** For the process that tells. */
  readonly env: Readonly<Record<string, string>>

  get lines(): string[] {
    return readFileSync(this.#heard, 'utf8').split('\n').slice(0, -1)
  }

  /** Resolves with the first line that is as wanted. */
  hears(wanted: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const watcher = watch(this.#heard, () => look())
      const tooLate = setTimeout(() => {
        watcher.close()
        reject(new Error(`never heard ${wanted}: ${this.lines.join(' | ')}`))
      }, PATIENCE_MS)
      const look = (): void => {
        const found = this.lines.find(line => wanted.test(line))
        if (found === undefined) return
        watcher.close()
        clearTimeout(tooLate)
        resolve(found)
      }
      look()
    })
  }
}
