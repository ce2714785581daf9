// `status` beside a daemon and without one: what it says, and the exit code that monitoring goes by.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { StatusView } from '../../src/app/status-view.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { Peer, point } from '../fakes/peer.ts'
import { httpServer } from '../squadcast/servers.ts'
import { watched } from './watched.ts'

const cpu = (level: string) => point('a', { fieldsString: { level } })

test('fine ends in 0, critical in 2; the JSON is that of the sidecar itself', async t => {
  const { config, start, stream } = await watched(t)
  const daemon = await start()
  const fine = await command(config, 'status')
  t.is(fine.code, 0, fine.stderr)
  t.regex(fine.stdout, /^FINE\nReady, and no task of Kapacitor is connected\.\n\nendpoint {3}default: up\n/)
  const peer = await Peer.task(stream, 'cpu')
  peer.send(point('a', { fieldsDouble: { usage: 1 } }))
  await daemon.logged('without-levels')
  const critical = await command(config, 'status', '--plugin')
  t.is(critical.code, 2)
  t.regex(
    critical.stdout,
    /^kapacitor-squadcast CRITICAL: Task cpu sends points without a level.* \| open=0;/,
  )
  const [view] = await jsonOf<StatusView>(config, 'status')
  t.like(view, { state: 'critical', delivering: true, connections: 1 })
  t.is(view!.problems[0]!.code, 'task-without-levels')
})

test('what wants to be looked at ends in 1', async t => {
  const { port } = await httpServer(t, (_, response) => void response.writeHead(404).end())
  const { config, start } = await watched(t, { kapacitor: `url = "http://127.0.0.1:${port}"` })
  const daemon = await start()
  await daemon.logged('kapacitor-unreachable')
  const said = await command(config, 'status')
  t.is(said.code, 1)
  t.regex(said.stdout, /^WARNING\nKapacitor's HTTP API does not answer/)
})

test('without a sidecar: 2, what to do, and what its store still knows', async t => {
  const { config, start, stream, receiver } = await watched(t)
  const early = await command(config, 'status')
  t.is(early.code, 2)
  t.regex(
    early.stdout,
    /^CRITICAL\nNo sidecar runs; nothing answers at 127\.0\.0\.1:\d+ \(connection\s+refused\)\.\n/,
  )
  t.regex(early.stdout, /to do: Start it/)
  const daemon = await start()
  receiver.hang()
  const peer = await Peer.task(stream, 'cpu')
  peer.send(cpu('CRITICAL'))
  await receiver.received(({ level }) => level === 'CRITICAL')
  await daemon.kill()
  const [view] = await jsonOf<{ state: string; pending: number; incidents: object }>(config, 'status')
  t.like(view, { state: 'critical', pending: 1, incidents: { open: 1 } })
})

test('a listener that is off, and a token that is wrong, are 3: it may well be fine', async t => {
  const off = await watched(t, { http: 'bind-address = ""' })
  const daemon = await off.start()
  const said = await command(off.config, 'status')
  t.is(said.code, 3)
  t.regex(said.stdout, /^UNKNOWN\nA sidecar runs; the listener is off/)
  await daemon.kill()
  t.is((await command(off.config, 'status')).code, 2)

  const guarded = await watched(t, { token: 'right' })
  await guarded.start()
  t.is((await command(guarded.config, 'status')).code, 0)
  // The sidecar takes a token that changes; these are configurations of somebody else.
  const configured = readFileSync(guarded.config, 'utf8')
  const other = join(guarded.folder, 'other.toml')
  writeFileSync(join(guarded.folder, 'other-token'), 'wrong')
  writeFileSync(other, configured.replace('"token"', '"other-token"'))
  const wrong = await command(other, 'status')
  t.is(wrong.code, 3)
  t.regex(wrong.stdout, /wants another token\..*token-file/s)
  writeFileSync(other, configured.replace('"token"', '"not-to-be-read"'))
  const without = await command(other, 'status')
  t.is(without.code, 3)
  t.false(`${wrong.stdout}${without.stdout}${without.stderr}`.includes('right'))
})

test('a configuration that is not there ends in 78, and for a plugin in 3 with a line', async t => {
  t.is((await command('/nonexistent', 'status')).code, 78)
  const said = await command('/nonexistent', 'status', '--plugin')
  t.is(said.code, 3)
  t.regex(said.stdout, /^kapacitor-squadcast UNKNOWN: \/nonexistent cannot be used/)
  t.is((await command('/nonexistent', 'status', '--plugin', '--json')).code, 2)
})
