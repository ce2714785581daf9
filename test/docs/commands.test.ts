// The commands of the program that README and docs name, run as they stand there, beside a running sidecar: each is one
// that the program has, with options that it takes. (docs/replay.md has a test of its own; what installs packages and
// units is run by test/packaging.)
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import test from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = [
  'README.md',
  ...readdirSync(`${root}/docs`)
    .filter(name => name.endsWith('.md') && name !== 'replay.md')
    .map(name => `docs/${name}`),
]

/** What a command may leave with where all is well here; 0 for those that are not named. */
const CODES: Readonly<Record<string, readonly number[]>> = {
  // The store has its sidecar already.
  run: [1],
  // No Kapacitor runs here; in its first minute a sidecar takes it for one that is still to start.
  check: [1],
  status: [0],
  tasks: [1],
  // There are none.
  'dead-letters': [0, 1],
}

/** Lines of fenced blocks, and what stands in backticks, that begin with the program or with curl. */
function commandsOf(page: string): string[] {
  const markdown = readFileSync(`${root}/${page}`, 'utf8')
  const fenced = [...markdown.matchAll(/^( *)```[^\n]*\n([\s\S]*?)^\1```/gm)].flatMap(([, , block]) =>
    block!.split('\n'),
  )
  const inline = [...markdown.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '').matchAll(/`([^`]+)`/g)].map(
    ([, code]) => code!.replaceAll('\n', ' '),
  )
  return [...fenced, ...inline]
    .map(line =>
      line
        .trim()
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, ''),
    )
    .map(line => line.replace(/^sudo (-u \S+ )?/, ''))
    .filter(line => /^(kapacitor-squadcast [a-z]|curl .*127\.0\.0\.1)/.test(line))
}

interface Scene extends Room {
  readonly port: number
  readonly env: Readonly<Record<string, string | undefined>>
}

async function scene(t: ExecutionContext): Promise<Scene> {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const made = room(t, receiver.url, {
    // Nobody listens there.
    http: 'bind-address = "127.0.0.1:0"',
    kapacitor: 'url = "http://127.0.0.1:9"',
  })
  const first = await Daemon.ready(made.config)
  const port = (await first.logged('http-listening'))[0]!.port as number
  await first.stop()
  // The commands have to know the port beforehand.
  writeFileSync(made.config, readFileSync(made.config, 'utf8').replace('127.0.0.1:0"', `127.0.0.1:${port}"`))
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  const peer = await Peer.task(made.stream, 'cpu', [option('crit', '"usage" > 90')])
  peer.send(point('a', { fieldsDouble: { usage: 95 } }))
  await daemon.logged('delivered')
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(made.folder, name), content)
  return { ...made, port, env: environment(made) }
}

const FILES = {
  'kapacitor.conf': readFileSync(`${root}/kapacitor.conf.example`, 'utf8'),
  'cpu.lp': 'cpu,host=a usage=95 1780000000000000000\n',
  'cpu.tick': readFileSync(`${root}/docs/install.md`, 'utf8').match(/```\n(stream\n[\s\S]*?)```/)![1]!,
}

/** `kapacitor-squadcast` on the PATH is the checkout's. */
function environment({ folder, config }: Room): Scene['env'] {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const program = join(bin, 'kapacitor-squadcast')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${root}/src/main.ts' "$@"\n`)
  chmodSync(program, 0o755)
  return { PATH: `${bin}:${process.env.PATH}`, KAPACITOR_SQUADCAST_CONFIG: config }
}

/** What stands for something else in it. */
const filled = (line: string, { port }: Scene): string =>
  line
    .replaceAll('127.0.0.1:9192', `127.0.0.1:${port}`)
    .replace(/\bID\b/, "'cpu:cpu:host=a'")
    .replace(/\bNUMBER\b/, '1')
    .replace('/etc/kapacitor/kapacitor.conf', 'kapacitor.conf')
    .replace(/--tickscripts \S+/, '--tickscripts .')
    .replace(/--config \S+/, '')

async function run(line: string, { folder, env }: Scene): Promise<{ code: number | null; said: string }> {
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = new Promise<number | null>(resolve => child.once('close', resolve))
  // What happens has no end of its own.
  const isEndless = line.startsWith('kapacitor-squadcast tail')
  if (isEndless) child.stdout.once('data', () => child.kill('SIGTERM'))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code: isEndless ? 0 : code, said: `${out}${err}` }
}

test('every command of README and docs is one that the program has, and does what it should', async t => {
  t.timeout(300_000)
  const on = await scene(t)
  const found = PAGES.flatMap(page => commandsOf(page).map(line => ({ page, line })))
  t.true(found.length > 40)
  const byLine = new Map(found.map(({ page, line }) => [filled(line, on), page]))
  const lines = [...byLine.keys()].filter(isRun)
  // What is resolved by hand is not open for those that come after it.
  const last = lines.filter(line => line.includes('resolve'))
  for (const some of [...chunks(lines.filter(line => !last.includes(line))), ...chunks(last)])
    await Promise.all(
      some.map(async line => {
        const { code, said } = await run(line, on)
        const allowed = line.startsWith('curl') ? [0] : (CODES[line.split(' ')[1]!] ?? [0])
        t.true(allowed.includes(code ?? -1), `${byLine.get(line)}: ${line}: ${code}\n${said}`)
      }),
    )
})

/** Not those that other tests run, and those that stand for a form. */
const isRun = (line: string): boolean =>
  !/^kapacitor-squadcast (demo|(replay|explain|incidents resolve|dead-letters \w+)$|replay FILE|replay cpu\.lp)/.test(
    line,
  ) &&
  (!line.startsWith('kapacitor-squadcast tail') || line.includes('--since'))

const AT_ONCE = 4
const chunks = (lines: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(lines.length / AT_ONCE) }, (_, n) =>
    lines.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
  )
