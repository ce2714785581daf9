// The command `replay` in this process, as a person or a script meets it: with or without a terminal, with something to
// read, and with a hand on Ctrl-C.
import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { program } from '../../src/cli/program.ts'
import type { SummaryView } from '../../src/replay/views.ts'

export interface Terminal {
  /** Both outputs and the input are a terminal. */
  readonly isTTY?: boolean
  readonly columns?: number
  /** What is typed, or comes by a pipe. */
  readonly input?: string | Buffer
}

const PATIENCE_MS = 60_000

export class Replaying {
  readonly said = { stdout: '', stderr: '' }
  /** Each write to the messages. */
  readonly messages: string[] = []
  readonly code: Promise<number>
  readonly stdin: PassThrough
  readonly #writes = new EventEmitter()
  readonly #handlers: (() => void)[] = []

  constructor(words: readonly string[], { isTTY = false, columns, input }: Terminal = {}) {
    const stream = (name: 'stdout' | 'stderr') => ({
      isTTY,
      ...(columns !== undefined && { columns }),
      write: (text: string) => {
        this.said[name] += text
        if (name === 'stderr') this.messages.push(text)
        this.#writes.emit('write')
      },
    })
    const stdin = Object.assign(new PassThrough(), { isTTY })
    this.stdin = stdin
    if (input !== undefined) stdin.end(input)
    this.code = program({
      argv: ['replay', ...words],
      env: { NO_COLOR: '1' },
      stdin,
      ...{ stdout: stream('stdout'), stderr: stream('stderr') },
      onSignal: (_names, handle) => this.#handlers.push(() => handle('SIGINT')),
      exit: () => {
        throw new Error('left')
      },
    })
  }

  /** Resolves once it has said so. */
  async until(name: 'stdout' | 'stderr', words: RegExp): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    while (!words.test(this.said[name])) await once(this.#writes, 'write', { signal })
  }

  interrupt(): void {
    for (const handle of this.#handlers) handle()
  }

  /** With --json. */
  get objects(): Record<string, unknown>[] {
    return this.said.stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Record<string, unknown>)
  }
}

export async function replayed(words: readonly string[], terminal?: Terminal) {
  const replaying = new Replaying(words, terminal)
  return { code: await replaying.code, ...replaying.said }
}

/** The sum, and how the command ended. */
export async function summed(words: readonly string[], terminal?: Terminal) {
  const replaying = new Replaying([...words, '--json'], terminal)
  const code = await replaying.code
  const objects = replaying.objects
  return {
    code,
    stderr: replaying.said.stderr,
    events: objects.slice(0, -1),
    sum: objects.at(-1) as unknown as SummaryView,
  }
}
