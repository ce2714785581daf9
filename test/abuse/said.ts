// One command in this process, as a person at a terminal or a script meets it.
import { EventEmitter, once } from 'node:events'
import { program } from '../../src/cli/program.ts'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const PATIENCE_MS = 30_000

/** @param until ends it as Ctrl-C does once standard output or standard error has said so. */
export async function said(
  words: readonly string[],
  { isTTY = false, until }: { readonly isTTY?: boolean; readonly until?: RegExp } = {},
): Promise<Said> {
  const all = { stdout: '', stderr: '' }
  const writes = new EventEmitter()
  const stops: (() => void)[] = []
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns: 80,
    write: (text: string) => {
      all[name] += text
      writes.emit('write')
    },
  })
  const code = program({
    argv: words,
    env: {},
    ...{ stdout: stream('stdout'), stderr: stream('stderr') },
    onSignal: (_names, handle) => stops.push(() => handle('SIGINT')),
    exit: () => {
      throw new Error('left')
    },
  })
  if (until !== undefined) {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    while (!until.test(all.stdout + all.stderr)) await once(writes, 'write', { signal })
    for (const stop of stops) stop()
  }
  return { code: await code, ...all }
}
