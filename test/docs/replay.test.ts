// The page on replays: its files are played by its commands, and they say what stands below them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { replayed } from '../cli/replaying.ts'

const page = readFileSync(new URL('../../docs/replay.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
  kind,
  text: text!,
}))

/** Words of a shell's line; only single quotes are used. */
const words = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)

/** How long it took is the machine's. */
const timeless = (text: string): string => text.replace(/, in [\s\S]*?(?=\ntold)/, ', in a moment').trim()

test('each command of the page says what stands below it', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'night.lp'), blocks[0]!.text)
  writeFileSync(join(folder, 'cpu.tick'), blocks.find(({ kind }) => kind === 'js')!.text)
  let played = 0
  for (const [at, { kind, text }] of blocks.entries()) {
    if (kind !== 'sh') continue
    const [program, command, ...rest] = words(text)
    t.deepEqual([program, command], ['kapacitor-squadcast', 'replay'])
    const named = rest.map(word => (/^(night\.lp|cpu\.tick)$/.test(word) ? join(folder, word) : word))
    const { code, stdout, stderr } = await replayed(named)
    t.is(code, 0, stderr)
    const below = blocks[at + 1]
    if (below?.kind === 'text') t.is(timeless(stdout), timeless(below.text))
    played++
  }
  t.is(played, 3)
})
