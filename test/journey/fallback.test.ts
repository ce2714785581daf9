// The fallback, from outside: a webhook that takes nothing, and a command or a URL that is told instead, once.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { type StandIn, startStandIn } from '../../src/demo/stand-in.ts'
import type { FallbackReport } from '../../src/watch/fallback-report.ts'
import { command } from '../fakes/command.ts'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'

const WRONG_URL = { kind: 'answer', status: 404, body: 'no such integration' } as const
const LEVELS = [option('crit', '"usage" > 90'), option('warn', '"usage" > 70')]
const high = (host: string, usage = 99) => point(host, { fieldsDouble: { usage } })
const A = 'cpu:cpu:host=a'

interface Stage {
  readonly made: Room
  readonly squadcast: StandIn
  start(): Promise<Daemon>
}

/** A webhook that is wrong, and [fallback] as given. */
async function stage(t: ExecutionContext, more: (folder: string) => string): Promise<Stage> {
  const squadcast = await startStandIn({ clock: systemClock, tokens: ['W3BH00K'] })
  t.teardown(() => squadcast.close())
  squadcast.faults.whenever(() => WRONG_URL)
  const made = room(t, squadcast.url('kapacitor'))
  writeFileSync(made.config, `${readFileSync(made.config, 'utf8')}\n${more(made.folder)}`)
  return {
    ...{ made, squadcast },
    async start() {
      const daemon = await Daemon.ready(made.config)
      t.teardown(() => daemon.kill())
      return daemon
    },
  }
}

function script(folder: string, text: string): string {
  const path = join(folder, 'page')
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

const byCommand =
  (text: string, args = '') =>
  (folder: string): string =>
    `[fallback]\nafter = "1s"\ncommand = ["${script(folder, text)}", "${folder}"${args}]`

/** What the command was told, one report a line. */
function reports({ folder }: Room): FallbackReport[] {
  const file = join(folder, 'told')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as FallbackReport)
}

const KEEP = 'cat >> "$1/told"'

test('a CRITICAL incident that is not taken goes to the command: once, over a kill and a restart too', async t => {
  const { made, start } = await stage(t, byCommand(KEEP))
  const daemon = await start()
  const peer = await Peer.task(made.stream, 'cpu', LEVELS)
  peer.send(high('w', 80), high('a'))
  await daemon.logged('fallback-told')
  const [report] = reports(made)
  t.like(report, { kind: 'incident', level: 'CRITICAL', message: `${A} is CRITICAL`, count: 1 })
  t.like(report?.incidents[0], { id: A, endpoint: 'default', task: 'cpu', tags: { host: 'a' } })
  t.regex(
    report?.why ?? '',
    /^endpoint default is blocked; the last answer was: 404 Not Found: no such integration$/,
  )
  await daemon.kill()

  const next = await start()
  const again = await Peer.task(made.stream, 'cpu', LEVELS)
  again.send(high('a'), high('b'))
  await next.logged('fallback-told')
  t.deepEqual(
    reports(made).map(({ incidents }) => incidents.map(({ id }) => id)),
    [[A], ['cpu:cpu:host=b']],
  )
  t.regex((await command(made.config, 'explain', A)).stdout, /told by the fallback/)
})

test('a URL is told the same; repaired, Squadcast is told all of it, and a new opening is news', async t => {
  const pager = await Receiver.listen()
  t.teardown(() => pager.close())
  const { made, squadcast, start } = await stage(t, () => `[fallback]\nafter = "1s"\nurl = "${pager.url}"`)
  const daemon = await start()
  const peer = await Peer.task(made.stream, 'cpu', LEVELS)
  peer.send(high('a'))
  await daemon.logged('fallback-told')
  t.like(pager.bodies[0], { kind: 'incident', message: `${A} is CRITICAL` })

  squadcast.faults.repair()
  // Which tries everything at once.
  daemon.reload()
  await daemon.logged('delivered', { incident: A, kind: 'trigger' })
  peer.send(high('a', 5))
  await daemon.logged('delivered', { incident: A, kind: 'resolve' })
  squadcast.faults.whenever(() => WRONG_URL)
  peer.send(high('a'))
  await daemon.logged('fallback-told', {}, 2)
  t.is(pager.bodies.length, 2)
  const said = JSON.stringify([...daemon.log, daemon.complaints])
  for (const secret of ['W3BH00K', 'SECRET']) t.false(said.includes(secret))
})

test('a command that fails is told loudly with its end; a reload with a better one is used at once', async t => {
  const failing = byCommand('echo "no route to $2" >&2; exit 3', ', "https://page.test/S3CR3T"')
  const { made, start } = await stage(t, failing)
  const daemon = await start()
  const peer = await Peer.task(made.stream, 'cpu', LEVELS)
  peer.send(high('a'))
  const [line] = await daemon.logged('fallback-failed')
  t.like(line, { reason: 'left with 3', output: 'no route to (hidden)', incidents: [A], inMs: 10_000 })
  script(made.folder, KEEP)
  const text = readFileSync(made.config, 'utf8')
  writeFileSync(made.config, text.replace('"https://page.test/S3CR3T"', '"--again"'))
  daemon.reload()
  await daemon.logged('fallback-told')
  t.is(reports(made).length, 1)
  t.like(daemon.lines('reloaded')[0], { swapped: ['fallback.command or url'] })
  t.false(JSON.stringify([...daemon.log, daemon.complaints]).includes('S3CR3T'))
})

test('refused for good is not taken: the fallback is told, with the words of the receiver', async t => {
  const { made, squadcast, start } = await stage(t, byCommand(KEEP))
  squadcast.faults.whenever(() => ({ kind: 'answer', status: 400, body: 'not like this' }))
  const daemon = await start()
  const peer = await Peer.task(made.stream, 'cpu', LEVELS)
  peer.send(high('a'))
  await daemon.logged('fallback-told')
  t.regex(
    reports(made)[0]?.why ?? '',
    /^it was refused for good; the last answer was: 400 Bad Request: not like this$/,
  )
})

test('a storm is some programs and a summary', async t => {
  const { made, start } = await stage(t, byCommand(KEEP))
  const daemon = await start()
  const peer = await Peer.task(made.stream, 'cpu', LEVELS)
  const count = 500
  peer.send(...Array.from({ length: count }, (_, n) => high(`h${n}`)))
  await daemon.until(
    () => daemon.lines('fallback-told').reduce((sum, line) => sum + Number(line.count), 0) === count,
  )
  const told = reports(made)
  t.is(told.length, 11)
  t.like(told[10], { kind: 'summary', count: count - 10 })
  t.is(told[10]?.incidents.length, 20)
})
