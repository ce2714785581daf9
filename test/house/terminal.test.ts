// Standard output and standard error are written to in a few places, each with a reason: a command cannot go past
// src/terminal/text.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const source = fileURLToPath(new URL('../../src/', import.meta.url))

const PLACES: Readonly<Record<string, string>> = {
  'main.ts': 'hands the streams to the program, which wraps them; writes what nobody caught',
  'cli/node-version.ts': 'before anything else is loaded, a sentence of our own',
  'app/check/as-user.ts': 'a process of its own, whose word is read by the one that started it',
  'telemetry/log.ts': 'the log, through terminal/visible.ts',
}
const DIRECT =
  /\bprocess\.(stdout|stderr)\b|\bconsole\.|\bwriteSync\((1|2),|'\/dev\/(stdout|stderr|tty)|\bpino(\.destination)?\(/

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  path => path.endsWith('.ts') && !path.startsWith('page/'),
)
const codeOf = (path: string): string => readFileSync(source + path, 'utf8').replace(/^\s*\/\/.*$/gm, '')

test('nothing writes to a terminal but where it is known to', t => {
  t.deepEqual(files.filter(path => DIRECT.test(codeOf(path))).sort(), Object.keys(PLACES).sort())
})

test('a command gets streams that take text for a terminal alone', t => {
  t.deepEqual(
    files.filter(path => /\bnew TerminalStream\(/.test(codeOf(path))),
    ['cli/program.ts'],
  )
  t.deepEqual(
    files
      .filter(path => /\bProcessStream\b|\bas (unknown|never|any) as TerminalText/.test(codeOf(path)))
      .sort(),
    ['cli/surroundings.ts', 'cli/terminal-stream.ts'],
  )
})
