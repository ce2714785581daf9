// One run of a command of the program, as a person or a script sees it: what it says, where, and its exit code.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { BARE_ENVIRONMENT } from './bare-environment.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `config` is the path of the configuration; nothing but PATH is in the environment. */
export async function command(config: string, ...words: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [MAIN, ...words, '--config', config], {
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, stdout, stderr }
}

/** With --json: the objects on stdout. */
export async function jsonOf<Item>(config: string, ...words: readonly string[]): Promise<Item[]> {
  const { stdout } = await command(config, ...words, '--json')
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Item)
}
