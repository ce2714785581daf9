// A command that goes on until it is told to stop: what it says, line by line, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import { BARE_ENVIRONMENT } from './bare-environment.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const PATIENCE_MS = 60_000

export class LongCommand {
  readonly stdout: string[] = []
  readonly stderr: string[] = []
  readonly exited: Promise<number | null>
  readonly #process: ChildProcess
  readonly #lines = new EventEmitter()

  /** Ended with the test. `config` is the path of the configuration; times are in UTC. */
  constructor(t: ExecutionContext, config: string, ...words: readonly string[]) {
    this.#process = spawn(process.execPath, [MAIN, ...words, '--config', config], {
      env: { ...BARE_ENVIRONMENT, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exited = new Promise(resolve => this.#process.once('close', code => resolve(code)))
    this.#read(this.#process.stdout!, this.stdout)
    this.#read(this.#process.stderr!, this.stderr)
    t.teardown(() => this.#process.kill('SIGKILL'))
  }

  /** Resolves with the first such line of stdout, or of stderr. */
  async says(words: string | RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const found = (): string | undefined =>
      this[where].find(line => (typeof words === 'string' ? line.includes(words) : words.test(line)))
    const signal = AbortSignal.timeout(PATIENCE_MS)
    try {
      if (found() === undefined) for await (const _ of on(this.#lines, 'line', { signal })) if (found()) break
    } catch (cause) {
      throw new Error(`waited for ${words}\n${[...this.stdout, ...this.stderr].join('\n')}`, { cause })
    }
    return found()!
  }

  /** As Ctrl-C does. */
  interrupt(): Promise<number | null> {
    this.#process.kill('SIGINT')
    return this.exited
  }

  /** As `| head` does when it has enough. */
  closePipe(): void {
    this.#process.stdout!.destroy()
  }

  #read(stream: Readable, lines: string[]): void {
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      this.#lines.emit('line')
    })
  }
}
