// Runs a program to its end; what it printed, or an error that carries what it said.
import { spawnSync } from 'node:child_process'

/** Throws when it ends with anything but 0. */
export function output(
  program: string,
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ${words[0]} failed:\n${stdout}${stderr}`)
  return stdout
}
